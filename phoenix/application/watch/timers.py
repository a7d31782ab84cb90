"""What happens when nothing happens: tokens run out, proposals lapse, silence is noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from phoenix.application.alerting.acknowledging import tell_again
from phoenix.application.alerts import AlertKind
from phoenix.application.effects import ReadBooks
from phoenix.application.gate.tokens import expire
from phoenix.application.promotion.ending import lapse_promotion
from phoenix.application.trading.exits import on_action_silence
from phoenix.application.trading.positions import move
from phoenix.application.watch.safety import expire_kill_flag
from phoenix.application.watch.session import on_reconnect_due, on_reset_over
from phoenix.application.work import Work
from phoenix.domain.numbers import decimal_text
from phoenix.domain.position import Position
from phoenix.domain.state import OpenDrift, TimerKind
from phoenix.domain.timers import due_timers
from phoenix.domain.vocabulary import Trigger


def on_time(work: Work, reset_until: datetime | None = None) -> None:
    """Handle every timer that is due, earliest first. Each leaves a bead that disarms it.

    `reset_until` is the end of the broker's nightly reset; None outside of it.
    """
    while due := due_timers(work.state, work.policy, work.now):
        _, key = due[0]
        if key.kind is TimerKind.FLAG_EXPIRY:
            expire_kill_flag(work, work.state.flags[key.subject])
        elif key.kind is TimerKind.TOKEN_EXPIRY:
            expire(work, work.state.tokens[key.subject])
        elif key.kind is TimerKind.PROMOTION_LAPSE:
            lapse_promotion(work, key.subject)
        elif key.kind is TimerKind.DRIFT_ESCALATION:
            _on_drift_unresolved(work, work.state.drifts[key.subject])
        elif key.kind is TimerKind.ALERT_ESCALATION:
            tell_again(work, work.state.alerts.open[key.subject])
        elif key.kind is TimerKind.RECONNECT:
            on_reconnect_due(work, reset_until)
        elif key.kind is TimerKind.RESET_OVER:
            on_reset_over(work)
        else:
            _OF_POSITION[key.kind](work, work.require_position(key.subject))


def _on_drift_unresolved(work: Work, drift: OpenDrift) -> None:
    """Told again, once. Exits stay possible; entries in the instrument stay closed until a human resolves it."""
    work.alert(
        AlertKind.DRIFT_UNRESOLVED,
        f"{drift.detail} drift {drift.drift_bead_id} in {drift.pair} has been unresolved for "
        f"{work.policy.reconciliation.escalation_s} s; a human has to resolve it",
        key=drift.drift_bead_id, position_id=drift.position_id,
    )  # fmt: skip


def _on_lapse(work: Work, position: Position) -> None:
    move(work, position, Trigger.SESSION_ENDED, detail="the trading session ended without a decision")


def _on_entry_silence(work: Work, position: Position) -> None:
    """SUBMITTED without a word from the broker: the outcome is unknown. Never sent again, never taken for rejected."""
    limit_s = work.policy.acknowledgement_limit_s
    detail = f"no acknowledgement within {limit_s} s"
    move(work, position, Trigger.SILENCE, detail=detail)
    work.alert(
        AlertKind.POSITION_STALLED, f"the entry of position {position.position_id} in {position.terms.pair}: {detail}",
        key=position.position_id, position_id=position.position_id, intent_id=position.intent_id,
    )  # fmt: skip


def _on_stalled_long(work: Work, position: Position) -> None:
    work.alert(
        AlertKind.POSITION_STALLED_LONG,
        f"position {position.position_id} in {position.terms.pair} has been STALLED for "
        f"{work.policy.stall_escalation_s} s; settle it at the broker",
        key=position.position_id, position_id=position.position_id, intent_id=position.intent_id,
    )  # fmt: skip


def _on_unprotected(work: Work, position: Position) -> None:
    work.alert(
        AlertKind.POSITION_UNPROTECTED,
        f"{decimal_text(position.open_quantity)} {position.terms.pair} of position {position.position_id} is open with "
        f"protection {position.protection.value} for more than {work.policy.protection_grace_s} s",
        key=f"{position.position_id}:{position.protection.value}", position_id=position.position_id,
    )  # fmt: skip


def _on_unborne_fill(work: Work, position: Position) -> None:
    """The broker says filled and its executions do not come: a human is told, and the books are read."""
    legs = [leg for leg in position.legs if leg.is_unborne]
    stated = ", ".join(f"{leg.leg.reference} {decimal_text(leg.filled_reported)}" for leg in legs)
    work.alert(
        AlertKind.FILL_WITHOUT_EXECUTION,
        f"the broker states as filled what no execution bears out in position {position.position_id}: {stated}",
        key=position.position_id, position_id=position.position_id,
    )  # fmt: skip
    work.then(ReadBooks())


_OF_POSITION: dict[TimerKind, Callable[[Work, Position], None]] = {
    TimerKind.PROPOSAL_LAPSE: _on_lapse,
    TimerKind.ENTRY_SILENCE: _on_entry_silence,
    TimerKind.STALL_ESCALATION: _on_stalled_long,
    TimerKind.UNPROTECTED: _on_unprotected,
    TimerKind.UNBORNE_FILL: _on_unborne_fill,
    TimerKind.CANCEL_SILENCE: on_action_silence,
    TimerKind.ACTION_SILENCE: on_action_silence,
}
