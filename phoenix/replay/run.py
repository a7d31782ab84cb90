"""Runs a replay: each signal at its own time, reviewed, approved, sent and followed to the end of the data."""

from __future__ import annotations

from collections.abc import Callable
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
from phoenix.ports.approver import Approver, Review
from phoenix.replay.pipeline import Pipeline, build_pipeline
from phoenix.replay.proof import prove
from phoenix.replay.record import trades_of
from phoenix.replay.request import ReplayRequest
from phoenix.replay.result import MarketSpan, RefusedSignal, ReplayResult
from phoenix.replay.signal_files import SignalFile

OnProgress: TypeAlias = Callable[[int, int], None]
"""Called with how many signals are done, and of how many."""

_JUST_BEFORE = timedelta(microseconds=1)
_ONE_MINUTE = timedelta(minutes=1)
_MARGIN = timedelta(days=7)
"""How far the world reaches beyond the bars. A signal from further away meets a clock that is not its own: it comes
from the future, or its context is stale."""


def run_replay(request: ReplayRequest, on_progress: OnProgress) -> ReplayResult:
    """Carry every signal through the whole pipeline over the bars. The same request gives the same result."""
    starts_at, ends_at = _life(request)
    pipeline = build_pipeline(request, starts_at)
    try:
        return _replay(pipeline, request, starts_at, ends_at, on_progress)
    finally:
        pipeline.close()


def _replay(
    pipeline: Pipeline, request: ReplayRequest, starts_at: datetime, ends_at: datetime, on_progress: OnProgress
) -> ReplayResult:
    approver = SimulatedApprover()
    run_now(pipeline.executor.start(_settings(request)))
    _register_strategies(pipeline, request)
    refused = []
    for done, file in enumerate(request.signals, start=1):
        refusal = _carry(pipeline, approver, file, min(file.time or starts_at, ends_at))
        if refusal is not None:
            refused.append(_refused(file, refusal))
        on_progress(done, len(request.signals))
    pipeline.simulation.advance(max(pipeline.clock.now(), request.bars.minutes[-1].start + _ONE_MINUTE))
    proof = prove(pipeline)
    run_now(pipeline.executor.stop())
    return ReplayResult(
        market=_span(request), currency=request.currency, starting_equity=request.equity,
        risk_profile=request.risk_profile, trades=tuple(trades_of(sealed.bead for sealed in pipeline.store.read())),
        refused=tuple(refused), proof=proof,
    )  # fmt: skip


def _carry(pipeline: Pipeline, approver: Approver, file: SignalFile, at: datetime) -> Refused | None:
    """Bring one signal to its order, at its instant; or say what it was refused with.

    A minute that starts at the signal's time is not known yet when the signal comes, so the world stops just before.
    """
    if at > pipeline.clock.now():
        pipeline.simulation.advance(at - _JUST_BEFORE)
        pipeline.clock.advance_to(at)
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


def _refused(file: SignalFile, refusal: Refused) -> RefusedSignal:
    return RefusedSignal(file.signal_id, file.name, refusal.reason, refusal.field, refusal.detail, refusal.remedy)


def _life(request: ReplayRequest) -> tuple[datetime, datetime]:
    """When the world begins, and the last instant at which it takes in a signal."""
    minutes = request.bars.minutes
    first = minutes[0].start
    earliest = min([first, *(file.time for file in request.signals if file.time is not None)])
    return max(earliest, first - _MARGIN), minutes[-1].start + _MARGIN


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
