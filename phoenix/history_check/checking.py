"""The history check: one walk along the beads, then the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from phoenix.history_check import fold
from phoenix.history_check.catalogue import CHAIN, DETERMINISM, ELSEWHERE, RULES, STATEMENTS
from phoenix.history_check.chain import Chain, first_difference
from phoenix.history_check.facts import Facts
from phoenix.history_check.ledger import read_ledger
from phoenix.history_check.promises import Made, Promises
from phoenix.history_check.records import Bead, HistoryBead
from phoenix.history_check.report import Finding, HistoryReport, InvariantVerdict, Status
from phoenix.history_check.rules import Context, Handler, Limits, Rule

_Table = Mapping[str, tuple[tuple[str, Handler], ...]]


def check_history(
    beads: Iterable[HistoryBead],
    ledger: Iterable[Mapping[str, Any]] | None,
    *,
    settled: bool = True,
    ack_limit_s: int = 60,
    protection_grace_s: int = 10,
    tolerance_s: float = 5.0,
    stale_threshold_s: int = 900,
    settling_s: int = 30,
    ended_at: datetime | None = None,
    runbooks: Iterable[str] | None = None,
    twin: Iterable[HistoryBead] | None = None,
    wakings: Iterable[datetime] = (),
) -> HistoryReport:
    """Verify every invariant from a whole chain, genesis first, and the broker's ledger.

    `ledger` is None where it is not known; what needs it is then NOT_CHECKED. `settled` says that everything in flight
    has been delivered. `ended_at` is the instant up to which the executor lived, where that is later than its last
    bead. `runbooks` are the names that exist; `twin` is a second history of the same seed and inputs.
    `wakings` are the instants at which an executor whose process was suspended, or whose clock leapt, went on. Raises
    LedgerUnreadable for a ledger with a record that does not read.
    """
    limits = Limits(
        ack_limit_s=ack_limit_s,
        protection_grace_s=protection_grace_s,
        tolerance_s=tolerance_s,
        stale_threshold_s=stale_threshold_s,
        settling_s=settling_s,
    )
    context = Context(
        facts=Facts(),
        ledger=None if ledger is None else read_ledger(ledger),
        limits=limits,
        settled=settled,
        runbooks=None if runbooks is None else frozenset(runbooks),
    )
    check = _Check(context, Promises(limits.tolerance, frozenset(wakings)))
    if twin is not None:
        kept = tuple(beads)
        check.compare(kept, twin)
        beads = kept
    check.walk(beads)
    check.conclude(ended_at)
    return check.report()


@dataclass(slots=True)
class _Check:
    context: Context
    promises: Promises
    chain: Chain = field(default_factory=Chain)
    count: int = 0
    last_at: datetime | None = None
    findings: list[Finding] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    compared: bool = False

    def walk(self, beads: Iterable[HistoryBead]) -> None:
        before, after = _table(rule.before for rule in RULES), _table(rule.after for rule in RULES)
        for bead in self.chain.walk(beads):
            self.count += 1
            self.touched.add(bead.kind)
            self.touched.add(f"{bead.kind}:{bead.event}")
            for made in self.promises.before(bead):
                self._broken(made)
            self._ask(before, bead)
            fold.apply(self.context.facts, bead)
            self._ask(after, bead)
            if self.last_at is None or bead.timestamp > self.last_at:
                self.last_at = bead.timestamp

    def _ask(self, table: _Table, bead: Bead) -> None:
        for key in (bead.kind, f"{bead.kind}:{bead.event}"):
            for invariant, handler in table.get(key, ()):
                for said in handler(self.context, bead):
                    if isinstance(said, str):
                        self.findings.append(Finding(invariant, bead.seq, said))
                    else:
                        self.promises.make(Made(invariant, bead.seq, bead.timestamp, said))

    def _broken(self, made: Made) -> None:
        self.findings.append(Finding(made.invariant, made.seq, made.promise.otherwise))

    def conclude(self, ended_at: datetime | None) -> None:
        """What only the end can tell: open promises, and the ledger."""
        context, ledger = self.context, self.context.ledger
        ends = [at for at in (self.last_at, ended_at, ledger.last_at if ledger and context.settled else None) if at]
        if ends:
            for made in self.promises.at_end(max(ends)):
                self._broken(made)
        for rule in RULES:
            if rule.at_end is not None:
                self.findings += [Finding(rule.invariant, *said) for said in rule.at_end(context)]
            if rule.books is not None and ledger is not None:
                self.findings += [Finding(rule.invariant, *said) for said in rule.books(context, ledger)]
        self.findings += [Finding(CHAIN, seq, problem) for seq, problem in self.chain.problems]

    def compare(self, beads: Iterable[HistoryBead], twin: Iterable[HistoryBead]) -> None:
        self.compared = True
        difference = first_difference(beads, twin)
        if difference is not None:
            self.findings.append(Finding(DETERMINISM, difference.seq, "the two histories part here"))

    def report(self) -> HistoryReport:
        violated = {finding.invariant for finding in self.findings}
        rules = {rule.invariant: rule for rule in RULES}
        verdicts = {}
        for invariant, statement in STATEMENTS.items():
            status, why = self._status(invariant, rules.get(invariant), violated)
            verdicts[invariant] = InvariantVerdict(invariant, statement, status, why)
        return HistoryReport(
            beads=self.count,
            ledger_known=self.context.ledger is not None,
            verdicts=verdicts,
            findings=tuple(self.findings),
        )

    def _status(self, invariant: str, rule: Rule | None, violated: set[str]) -> tuple[Status, str | None]:
        if invariant in violated:
            return Status.VIOLATED, None
        if rule is None:
            return self._status_without_rule(invariant)
        if rule.books is not None and self.context.ledger is None:
            return Status.NOT_CHECKED, "the broker's ledger is not known; the beads alone show no breach"
        if not self.touched.intersection(rule.touches):
            return Status.NOT_EXERCISED, "nothing in this history touches it"
        return Status.OK, None

    def _status_without_rule(self, invariant: str) -> tuple[Status, str | None]:
        if invariant == CHAIN:
            return (Status.OK, None) if self.count else (Status.NOT_EXERCISED, "there is no bead")
        if invariant == DETERMINISM and self.compared:
            return Status.OK, None
        return Status.NOT_CHECKED, ELSEWHERE[invariant]


def _table(maps: Iterable[Mapping[str, Handler]]) -> _Table:
    table: dict[str, list[tuple[str, Handler]]] = defaultdict(list)
    for rule, handlers in zip(RULES, maps, strict=True):
        for key, handler in handlers.items():
            table[key].append((rule.invariant, handler))
    return {key: tuple(handlers) for key, handlers in table.items()}
