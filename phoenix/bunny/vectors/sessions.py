"""Wave 7, what becomes of the session by itself: the broker's nightly reset."""

from __future__ import annotations

from datetime import timedelta

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.reset_windows import read_reset_window
from phoenix.adapters.simulation.faults import SocketDrop
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Stage
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.vocabulary import AlertEvent, PositionState, RefusalReason, SessionEvent, Severity
from phoenix.rehearsal.signals import MONDAY

_BEGINS, _ENDS = MONDAY + timedelta(minutes=20), MONDAY + timedelta(minutes=50)


@vector("CV_NIGHTLY_RESET")
def nightly_reset(stage: Stage) -> None:
    hours = f"{_BEGINS:%H:%M}-{_ENDS:%H:%M} UTC"
    world = stage.open(calendar=AlwaysOpen([read_reset_window(hours)]))
    held = stage.held()
    world.wait((_BEGINS - world.now).total_seconds())
    stage.entry_refused(RefusalReason.CONNECTION, "reset_windows")
    stage.bead(RefusalPayload, reason=RefusalReason.CONNECTION, field="reset_windows")
    lost_after_s, away_s = stage.luck.seconds(10, 600), stage.luck.seconds(300, 1150)
    world.inject(SocketDrop(world.now + timedelta(seconds=lost_after_s), away_s))
    world.wait((_ENDS - world.now).total_seconds())
    stage.remark(f"lost {lost_after_s} s into the reset of {hours}, out of reach for {away_s} s")
    stage.bead(SessionPayload, event=SessionEvent.DISCONNECTED, reset_until=_ENDS, count=1)
    stage.no_bead(SessionPayload, event=SessionEvent.RECONNECTING)
    stage.bead(AlertPayload, event=AlertEvent.RAISED, kind="SESSION_RESET", severity=Severity.WARNING, count=1)
    stage.no_bead(AlertPayload, kind="CONNECTION_LOST")
    world.wait(60)
    stage.bead(SessionPayload, event=SessionEvent.RECONNECTED, count=1)
    stage.bead(SessionPayload, event=SessionEvent.RECONCILED)
    stage.require_state(held, PositionState.MANAGED)
    stage.require_state(stage.sent(), PositionState.MANAGED)
    stage.require_orders(2)
