"""How far the record of a replay can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from phoenix.application.simulation import run_now
from phoenix.domain.numbers import decimal_text
from phoenix.history_check import HistoryBead, HistoryReport, Status, check_history
from phoenix.ports.answers import Unknown
from phoenix.replay.pipeline import Pipeline
from phoenix.replay.result import Proof


def prove(pipeline: Pipeline) -> Proof:
    """Verify the chain, check the history against the broker's ledger, and compare the books."""
    verification = pipeline.store.verify()
    ledger = [record.as_json() for record in pipeline.broker.engine.ledger.records]
    history = check_history(
        _history(pipeline), ledger, ack_limit_s=pipeline.policy.acknowledgement_limit_s,
        protection_grace_s=pipeline.policy.protection_grace_s, ended_at=pipeline.clock.now(),
    )  # fmt: skip
    return Proof(
        beads=verification.checked,
        chain_ok=verification.ok,
        chain_problem=verification.problem,
        history_problems=tuple(finding.text() for finding in history.findings),
        history_scope=_scope(history),
        drift=tuple(_drift(pipeline)),
    )


def _scope(history: HistoryReport) -> str:
    counts = Counter(verdict.status for verdict in history.verdicts.values())
    words = {Status.OK: "hold", Status.NOT_EXERCISED: "untouched by this history", Status.NOT_CHECKED: "not checked"}
    return ", ".join(f"{counts[status]} {word}" for status, word in words.items() if counts[status])


def _history(pipeline: Pipeline) -> Iterator[HistoryBead]:
    for sealed in pipeline.store.read():
        yield HistoryBead(sealed.seq, sealed.prev_hash, sealed.bead_hash, sealed.body)


def _drift(pipeline: Pipeline) -> list[str]:
    """Unresolved drift, and every instrument in which Phoenix and the broker hold different nets."""
    state = pipeline.executor.state
    answer = run_now(pipeline.broker.holdings())
    if isinstance(answer, Unknown):
        return [f"the broker's holdings are not known: {answer.reason}"]
    theirs = {holding.pair: holding.quantity for holding in answer.value}
    found = [drift.detail for drift in state.drifts.values()]
    for pair in sorted({*pipeline.policy.instruments, *theirs}):
        ours, held = state.net_quantity(pair), theirs.get(pair, 0)
        if ours != held:
            found.append(f"{pair}: Phoenix holds {decimal_text(ours)}, the broker {held}")
    return found
