"""Runs a replay: each signal at its own time, reviewed, approved, sent and followed to the end of the data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from phoenix.adapters.approvers.simulated import SimulatedApprover
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import SYSTEM
from phoenix.domain.beads.setup import EvidencePayload, IntentPayload
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import decimal_text
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal
from phoenix.history_check import HistoryBead, HistoryReport, Status, check_history
from phoenix.ports.answers import Unknown
from phoenix.ports.approver import Approver, Review
from phoenix.replay.pipeline import Pipeline, build_pipeline
from phoenix.replay.record import trades_of
from phoenix.replay.request import ReplayRequest
from phoenix.replay.result import MarketSpan, Proof, RefusedSignal, ReplayResult
from phoenix.replay.signal_files import SignalFile

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with how many signals are done, and of how many."""

_JUST_BEFORE = timedelta(microseconds=1)
_ONE_MINUTE = timedelta(minutes=1)


def run_replay(request: ReplayRequest, on_progress: OnProgress) -> ReplayResult:
    """Carry every signal through the whole pipeline over the bars. The same request gives the same result."""
    pipeline = build_pipeline(request, _first_instant(request))
    approver = SimulatedApprover()
    run_now(pipeline.executor.start(_settings(request)))
    _register_strategies(pipeline, request)
    refused = []
    for done, file in enumerate(request.signals, start=1):
        refusal = _carry(pipeline, approver, file)
        if refusal is not None:
            refused.append(_refused(file, refusal))
        on_progress(done, len(request.signals))
    pipeline.simulation.advance(max(pipeline.clock.now(), request.bars.minutes[-1].start + _ONE_MINUTE))
    proof = _prove(pipeline)
    run_now(pipeline.executor.stop())
    return ReplayResult(
        market=_span(request), currency=request.currency, starting_equity=request.equity,
        risk_profile=request.risk_profile, trades=tuple(trades_of(sealed.bead for sealed in pipeline.store.read())),
        refused=tuple(refused), proof=proof,
    )  # fmt: skip


def _carry(pipeline: Pipeline, approver: Approver, file: SignalFile) -> Refused | None:
    """Bring one signal to its order, at its own time; or say what it was refused with.

    A minute that starts at the signal's time is not known yet when the signal comes, so the world stops just before.
    """
    if file.time is not None and file.time > pipeline.clock.now():
        pipeline.simulation.advance(file.time - _JUST_BEFORE)
        pipeline.clock.advance_to(file.time)
        run_now(pipeline.executor.on_time())
    outcome = run_now(pipeline.executor.ingest(file.document))
    if outcome.refusal is not None or outcome.is_repeat or outcome.position_id is None:
        return outcome.refusal
    try:
        _review(pipeline, approver, outcome.position_id)
    except Refused as refusal:
        return refusal
    return None


def _review(pipeline: Pipeline, approver: Approver, position_id: str) -> None:
    """Put the frozen evidence before the approver, and carry out the verdict. Raises Refused."""
    review = _pending_review(pipeline, position_id)
    verdict = approver.review(review)
    if verdict is None:
        return
    decision = DecisionPayload(
        decision_id=pipeline.ids.new_id(), kind=verdict.kind, subject_id=review.intent_id,
        evidence_hash=review.bundle_hash, reason=verdict.reason, detail={}, proof=verdict.proof,
    )  # fmt: skip
    run_now(pipeline.executor.decide(decision, verdict.signer, submit=True))


def _pending_review(pipeline: Pipeline, position_id: str) -> Review:
    payloads = [bead.payload for bead in pipeline.store.view().lookup.story(position_id)]
    intent = next(payload for payload in payloads if isinstance(payload, IntentPayload))
    evidence = next(payload for payload in reversed(payloads) if isinstance(payload, EvidencePayload))
    return Review(intent.intent_id, intent.kind.value, position_id, evidence.bundle, evidence.bundle_hash)


def _register_strategies(pipeline: Pipeline, request: ReplayRequest) -> None:
    """A replay knows every strategy that its signals name."""
    names = {file.reading.strategy_id for file in request.signals if isinstance(file.reading, Signal)}
    for name in sorted(names):
        run_now(pipeline.executor.register_strategy(name, "named by a replayed signal", SYSTEM))


def _prove(pipeline: Pipeline) -> Proof:
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


def _refused(file: SignalFile, refusal: Refused) -> RefusedSignal:
    return RefusedSignal(file.signal_id, file.name, refusal.reason, refusal.field, refusal.detail, refusal.remedy)


def _first_instant(request: ReplayRequest) -> datetime:
    times = [file.time for file in request.signals if file.time is not None]
    return min([request.bars.minutes[0].start, *times])


def _settings(request: ReplayRequest) -> Json:
    """What the beads say about how this replay was set up."""
    return {
        "mode": "replay",
        "pair": request.instrument.pair,
        "currency": request.currency,
        "equity": decimal_text(request.equity),
        "latency_s": str(int(request.latency.total_seconds())),
        "risk_profile": request.risk_profile,
    }


def _span(request: ReplayRequest) -> MarketSpan:
    minutes = request.bars.minutes
    return MarketSpan(request.instrument.pair, minutes[0].start, minutes[-1].start, len(minutes), request.bars.crossed)
