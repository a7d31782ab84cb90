"""What a comparison comes to: agreement, a difference that may be a lag, drift, or nothing that can be said.

Pure: it sees the state and the broker's reports, and answers with a judgement that it leaves to others to record.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from phoenix.application.reconciliation.broker_book import Books, books_of
from phoenix.application.reconciliation.profit import difference_since, new_baseline, profits_of
from phoenix.application.reconciliation.reports import Reports
from phoenix.domain.change import replace
from phoenix.domain.encoding import Json
from phoenix.domain.policy import Policy
from phoenix.domain.reconciliation.compare import Difference, NetDifference, OrderDifference, compare
from phoenix.domain.reconciliation.mismatch import Mismatch, ProfitBaseline, with_unheard
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import PositionState, ReconciliationVerdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """One comparison. `mismatches` stand and are not silenced; `drifts` are those of them that are drift from now on.

    `unknown` says what the broker left unanswered; nothing else is then said.
    """

    verdict: ReconciliationVerdict
    unknown: tuple[str, ...] = ()
    as_of: datetime | None = None
    compared: int = 0
    stalled: tuple[str, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    drifts: tuple[Mismatch, ...] = ()
    silenced: tuple[str, ...] = ()
    baseline: ProfitBaseline | None = None

    def is_news(self, state: State) -> bool:
        """Whether it differs from what is on record already."""
        record = state.reconciliation
        if self.verdict is not record.verdict or self.drifts or self.baseline is not None:
            return True
        if self.verdict is ReconciliationVerdict.UNKNOWN:
            return False
        drifting = (drift.mismatch for drift in state.drifts.values() if drift.key and drift.agrees_since is None)
        known = {(mismatch.key, mismatch.since) for mismatch in (*record.suspects.values(), *drifting)}
        standing = {(mismatch.key, mismatch.since) for mismatch in self.mismatches}
        return standing != known or set(self.silenced) != set(record.acknowledged)


def judge(state: State, policy: Policy, reports: Reports, now: datetime, session_date: date | None = None) -> Judgement:
    """Compare the books. Without a `session_date`, profit is left out."""
    as_of, stalled = reports.as_of(), stalled_positions(state)
    if as_of is None:
        return Judgement(ReconciliationVerdict.UNKNOWN, unknown=tuple(reports.unknown()), stalled=stalled)
    books = books_of(state, policy.account.account, reports, as_of)
    differences = compare(books.ours, books.theirs)
    baseline = state.reconciliation.baseline
    is_comparable = not differences and books.is_all_heard and session_date is not None
    profits = profits_of(state, reports) if is_comparable else None
    if profits is not None and session_date is not None:
        differences += difference_since(baseline, profits, session_date, policy.reconciliation)
    weighing = _Weighing(state, policy.reconciliation, books, now)
    for difference in sorted(differences, key=lambda difference: difference.key):
        weighing.add(difference)
    return Judgement(
        verdict=weighing.verdict(is_any_stalled=bool(stalled)), as_of=as_of, compared=_size(books), stalled=stalled,
        mismatches=tuple(weighing.standing), drifts=tuple(weighing.drifts), silenced=tuple(weighing.silenced),
        baseline=new_baseline(baseline, profits, session_date),
    )  # fmt: skip


def stalled_positions(state: State) -> tuple[str, ...]:
    """The positions of which nobody knows what the broker made of them, longest first."""
    stalled = [(p.since, p.position_id) for p in in_order(state.positions) if p.state is PositionState.STALLED]
    return tuple(position_id for _, position_id in sorted(stalled))


def _size(books: Books) -> int:
    return len(books.ours.nets.keys() | books.theirs.nets.keys()) + len(books.ours.orders.keys() | books.theirs.orders)


@dataclass(slots=True)
class _Weighing:
    """Holds each difference against what is on record of it."""

    state: State
    policy: ReconciliationPolicy
    books: Books
    now: datetime
    standing: list[Mismatch] = field(default_factory=list)
    drifts: list[Mismatch] = field(default_factory=list)
    silenced: list[str] = field(default_factory=list)
    is_drifting: bool = False

    def add(self, difference: Difference) -> None:
        """Silenced as long as it is the acknowledged one; else known already, or seen before, or new."""
        mismatch = self._mismatch(difference)
        known = self.state.drift_of(mismatch.key)
        if self._is_same(mismatch, self.state.reconciliation.acknowledged.get(mismatch.key)):
            self.silenced.append(mismatch.key)
        elif known is not None and self._is_same(mismatch, known.mismatch):
            self.standing.append(known.mismatch)
            self.is_drifting = True
        else:
            self._suspect(mismatch, difference)

    def verdict(self, *, is_any_stalled: bool) -> ReconciliationVerdict:
        """A position that is STALLED is unknown: with one of those the books are never called healthy."""
        if self.is_drifting:
            return ReconciliationVerdict.DRIFT
        unsettled = self.standing or is_any_stalled
        return ReconciliationVerdict.SETTLING if unsettled else ReconciliationVerdict.HEALTHY

    def _suspect(self, mismatch: Mismatch, difference: Difference) -> None:
        """A drift once a second read shows it and nothing can lag any more; at once where nothing can.

        One that is another in every read is a drift too, once that has gone on for as long as a drift may be left.
        """
        record = self.state.reconciliation
        suspect = record.suspects.get(mismatch.key)
        is_second = suspect is not None and self._is_same(mismatch, suspect)
        if suspect is not None:
            restless_since = suspect.restless_since or suspect.since
            mismatch = suspect if is_second else replace(mismatch, restless_since=restless_since)
        self.standing.append(mismatch)
        has_settled = is_second and self.now >= record.confirmable_at(mismatch, self.policy.settling_s)
        has_settled = has_settled or record.is_restless(mismatch, self.now, self.policy)
        if has_settled or (isinstance(difference, OrderDifference) and not difference.may_lag):
            self.drifts.append(mismatch)
            self.is_drifting = True

    def _is_same(self, mismatch: Mismatch, known: Mismatch | None) -> bool:
        return known is not None and mismatch.is_same_as(known, self.policy.pnl_tolerance)

    def _mismatch(self, difference: Difference) -> Mismatch:
        return Mismatch(
            key=difference.key, drift_type=difference.drift_type, pair=difference.pair,
            phoenix_state=self._with_unheard(difference), broker_state=difference.broker_state,
            origin=difference.origin, severity=difference.severity, since=self.now,
            position_id=self._position_of(difference),
        )  # fmt: skip

    def _with_unheard(self, difference: Difference) -> Json:
        """Phoenix's state, with what its net counts in although Phoenix has not been told of it."""
        unheard = self.books.unheard.get(difference.pair) if isinstance(difference, NetDifference) else None
        return difference.phoenix_state if unheard is None else with_unheard(difference.phoenix_state, unheard)

    def _position_of(self, difference: Difference) -> str | None:
        """The position that a difference is about, where it can only be that one."""
        if isinstance(difference, OrderDifference):
            return self.books.owners.get(difference.name)
        if not isinstance(difference, NetDifference):
            return None
        positions = self.state.positions.values()
        held = [p.position_id for p in positions if p.terms.pair == difference.pair and p.open_quantity]
        return held[0] if len(held) == 1 else None
