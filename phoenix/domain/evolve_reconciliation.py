"""How the record of comparisons follows from beads: what is suspected, what drifts, what a human made of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from immutables import Map

from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import AlertPayload, DriftPayload, ReconciliationRunPayload, ResolutionPayload
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.change import replace
from phoenix.domain.numbers import ZERO
from phoenix.domain.reconciliation.compare import PROFIT_KEY, name_of_order_key
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.reconciliation.record import ReconciliationRecord
from phoenix.domain.state import OpenDrift, State, TimerKey, TimerKind
from phoenix.domain.vocabulary import AlertEvent, ReconciliationVerdict, Resolution, Severity

DRIFT_UNRESOLVED = "DRIFT_UNRESOLVED"
"""The kind of the alert that tells an old drift again; its key names the drift bead."""


def with_run(state: State, payload: ReconciliationRunPayload, bead: Bead) -> State:
    """After a comparison. One that is UNKNOWN says nothing of the books: what was in question stays so."""
    record = replace(state.reconciliation, verdict=payload.verdict, looked_at=bead.timestamp, detail=payload.detail)
    if payload.verdict is ReconciliationVerdict.UNKNOWN:
        return replace(state, reconciliation=record)
    standing = {mismatch.key: mismatch for mismatch in payload.mismatches}
    drifts = _as_they_stand(state, standing, bead)
    drifting = {drift.key: drift.mismatch for drift in drifts.values() if drift.key}
    suspects = {key: mismatch for key, mismatch in standing.items() if not _is_known(drifting.get(key), mismatch)}
    kept = {key: known for key, known in record.acknowledged.items() if key in payload.silenced}
    is_apart = any(key != PROFIT_KEY for key in (*standing, *payload.silenced))
    record = replace(
        record, books_as_of=payload.books_as_of, suspects=Map(suspects), acknowledged=Map(kept),
        baseline=None if is_apart else payload.baseline or record.baseline,
    )  # fmt: skip
    return replace(state, reconciliation=record, drifts=drifts)


def _is_known(drifting: Mismatch | None, mismatch: Mismatch) -> bool:
    """Whether a difference that stands is the open drift of its key. A run repeats that drift with its own `since`."""
    return drifting is not None and drifting.since == mismatch.since


def _as_they_stand(state: State, standing: Mapping[str, Mismatch], bead: Bead) -> Map[str, OpenDrift]:
    drifts = state.drifts
    for drift_bead_id, drift in state.drifts.items():
        if drift.key and (drift.key in standing) == (drift.agrees_since is not None):
            agrees_since = None if drift.key in standing else bead.timestamp
            drifts = drifts.set(drift_bead_id, replace(drift, agrees_since=agrees_since))
    return drifts


def with_drift(state: State, payload: DriftPayload, bead: Bead) -> State:
    """With a drift, in place of the one it supersedes. Only a CRITICAL one is told again when it grows old."""
    mismatch = Mismatch(
        payload.key, payload.drift_type, payload.pair, payload.phoenix_state, payload.broker_state, payload.origin,
        payload.severity, payload.since or bead.timestamp, payload.position_id,
    )  # fmt: skip
    drift = OpenDrift(
        bead.bead_id, payload.pair, payload.position_id, payload.drift_type.value, mismatch, bead.timestamp
    )
    state = _without_drift(state, payload.supersedes or "")
    timers = state.timers
    if payload.severity is Severity.CRITICAL:
        timers = timers.set(TimerKey(TimerKind.DRIFT_ESCALATION, bead.bead_id), bead.timestamp)
    record = _without_suspect(state.reconciliation, payload.key)
    return replace(state, drifts=state.drifts.set(bead.bead_id, drift), timers=timers, reconciliation=record)


def with_resolution(state: State, payload: ResolutionPayload, bead: Bead) -> State:
    """Without the drift that a human resolved. An acknowledged difference is remembered, to be silent about it."""
    if payload.set_aside is not None:
        return _with_set_aside(state, payload.set_aside, bead)
    drift = state.drifts.get(payload.drift_bead_id)
    if drift is None:
        return state
    record = _without_suspect(state.reconciliation, drift.key)
    if drift.key == PROFIT_KEY:
        record = replace(record, baseline=None)
    elif drift.key and payload.resolution is Resolution.ACKNOWLEDGED:
        record = replace(record, acknowledged=record.acknowledged.set(drift.key, drift.mismatch))
    if payload.unattributed and payload.pair is not None:
        record = _adjusted(record, payload.pair, payload.unattributed)
    state = _without_drift(replace(state, reconciliation=record), payload.drift_bead_id)
    name = name_of_order_key(drift.key)
    if payload.resolution is Resolution.ACKNOWLEDGED and name is not None and name in state.external_orders:
        return _with_set_aside(state, name, bead)
    return state


def _with_set_aside(state: State, name: str, bead: Bead) -> State:
    """With an order or an execution of nobody's that a human does not want to see any more."""
    if name in state.parked:
        return replace(state, parked=state.parked.delete(name))
    return replace(state, set_aside=state.set_aside.set(name, bead.timestamp))


def with_escalation(state: State, payload: AlertPayload, _: Bead) -> State:
    """A drift that was told again is not told a third time."""
    if payload.kind != DRIFT_UNRESOLVED or payload.event is not AlertEvent.RAISED:
        return state
    key = TimerKey(TimerKind.DRIFT_ESCALATION, payload.dedupe_key.partition(":")[2])
    return replace(state, timers=state.timers.delete(key)) if key in state.timers else state


def with_execution(state: State, payload: ExecutionPayload, bead: Bead) -> State:
    """Remember when something last executed in an instrument: what is told of its holdings may lag behind that."""
    record = state.reconciliation
    executed_at = record.executed_at.set(payload.pair, bead.timestamp)
    return replace(state, reconciliation=replace(record, executed_at=executed_at))


def with_realised(state: State, change: Decimal) -> State:
    record = state.reconciliation
    return replace(state, reconciliation=replace(record, realised=record.realised + change))


def _without_drift(state: State, drift_bead_id: str) -> State:
    if drift_bead_id not in state.drifts:
        return state
    key = TimerKey(TimerKind.DRIFT_ESCALATION, drift_bead_id)
    timers = state.timers.delete(key) if key in state.timers else state.timers
    return replace(state, drifts=state.drifts.delete(drift_bead_id), timers=timers)


def _without_suspect(record: ReconciliationRecord, key: str) -> ReconciliationRecord:
    if key not in record.suspects:
        return record
    return replace(record, suspects=record.suspects.delete(key))


def _adjusted(record: ReconciliationRecord, pair: str, quantity: Decimal) -> ReconciliationRecord:
    total = record.adjustments.get(pair, ZERO) + quantity
    adjustments = record.adjustments.set(pair, total)
    return replace(record, adjustments=adjustments if total else adjustments.delete(pair))
