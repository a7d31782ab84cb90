"""What falls due by itself, derived from the state: nothing is scheduled, so nothing can be forgotten in a crash."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from phoenix.domain.policy import Policy
from phoenix.domain.position import ActionIntent, ActionStage, Position
from phoenix.domain.state import State, TimerKey, TimerKind
from phoenix.domain.vocabulary import PositionState


def timers_of(position: Position) -> Iterator[tuple[TimerKey, datetime]]:
    """The timers of one position, each with the instant from which its period counts."""
    key = position.position_id
    if position.state is PositionState.PROPOSED and position.lapses_at is not None:
        yield TimerKey(TimerKind.PROPOSAL_LAPSE, key), position.lapses_at
    if (
        position.state is PositionState.SUBMITTED
        and position.prepared_at is not None
        and not _is_acknowledged(position)
    ):
        yield TimerKey(TimerKind.ENTRY_SILENCE, key), position.prepared_at
    if position.state is PositionState.STALLED and not position.stall_escalated and position.since is not None:
        yield TimerKey(TimerKind.STALL_ESCALATION, key), position.since
    if position.unprotected_since is not None and not position.unprotected_alerted:
        yield TimerKey(TimerKind.UNPROTECTED, key), position.unprotected_since
    if position.unborne_since is not None and not position.unborne_alerted:
        yield TimerKey(TimerKind.UNBORNE_FILL, key), position.unborne_since
    action = position.unsettled_action
    if action is not None and not action.is_silent:
        yield from _timers_of_action(position, action)


def _is_acknowledged(position: Position) -> bool:
    entry = position.entry_leg
    return entry is None or entry.is_acknowledged


def _timers_of_action(position: Position, action: ActionIntent) -> Iterator[tuple[TimerKey, datetime]]:
    if action.stage is ActionStage.CANCELLING and action.cancelling_since is not None:
        yield TimerKey(TimerKind.CANCEL_SILENCE, position.position_id), action.cancelling_since
    if action.stage is ActionStage.SENT and action.sent_at is not None:
        legs = [leg for leg in position.legs if leg.order_group_id == action.order_group_id]
        if any(not leg.is_acknowledged for leg in legs):
            yield TimerKey(TimerKind.ACTION_SILENCE, position.position_id), action.sent_at


def period_s(kind: TimerKind, state: State, policy: Policy) -> int:
    """How long after its base instant a timer of this kind falls due, in seconds."""
    match kind:
        case TimerKind.ENTRY_SILENCE:
            return policy.acknowledgement_limit_s
        case TimerKind.STALL_ESCALATION:
            return policy.stall_escalation_s
        case TimerKind.UNPROTECTED | TimerKind.UNBORNE_FILL:
            return policy.protection_grace_s
        case TimerKind.CANCEL_SILENCE | TimerKind.ACTION_SILENCE:
            return policy.exit_silence_s
        case TimerKind.DRIFT_ESCALATION:
            return policy.reconciliation.escalation_s
        case TimerKind.ALERT_ESCALATION:
            return policy.alerts.escalation_s
        case TimerKind.RECONNECT:
            return policy.reconnect_delays_s[state.session.reconnects]
        case _:
            return 0


def due_timers(state: State, policy: Policy, now: datetime) -> list[tuple[datetime, TimerKey]]:
    """The timers that are due at `now`, earliest first, each with the instant at which it fell due."""
    return sorted(item for item in _schedule(state, policy) if item[0] <= now)


def next_due(state: State, policy: Policy) -> datetime | None:
    """The earliest instant at which a timer falls due."""
    return min((due for due, _ in _schedule(state, policy)), default=None)


def next_due_by_kind(state: State, policy: Policy) -> dict[TimerKind, datetime]:
    """The earliest instant at which a timer of each kind falls due; kinds without one are left out."""
    earliest: dict[TimerKind, datetime] = {}
    for due, key in _schedule(state, policy):
        earliest[key.kind] = min(due, earliest.get(key.kind, due))
    return earliest


def _schedule(state: State, policy: Policy) -> Iterator[tuple[datetime, TimerKey]]:
    for key, base in state.timers.items():
        if key.kind is TimerKind.RECONNECT and state.session.reconnects >= len(policy.reconnect_delays_s):
            continue
        yield base + timedelta(seconds=period_s(key.kind, state, policy)), key
