"""Wave 7, what becomes of the session by itself: the broker's nightly reset, and a silence on an open line."""

from __future__ import annotations

from datetime import timedelta

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.reset_windows import read_reset_window
from phoenix.adapters.simulation.faults import Query, QueryUnanswered, SocketDrop
from phoenix.application.simulation import run_now
from phoenix.application.watch.heart import Heart
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Stage
from phoenix.domain.beads.operations import HeartbeatPayload, SessionPayload
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.heartbeat import Verdict, verdict_of
from phoenix.domain.vocabulary import AlertEvent, PositionState, RefusalReason, SessionEvent, Severity
from phoenix.ports.answers import Complete
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


@vector("CV_SILENT_SOCKET")
def silent_socket(stage: Stage) -> None:
    world = stage.open()
    held, waiting = stage.held(), stage.propose()
    heart = Heart(world.executor, world.broker, AlwaysOpen(), world.policy, world.ids)
    _beat(stage, heart, 2)
    stage.bead(HeartbeatPayload, verdict=Verdict.HEALTHY.value, count=1)
    silence_s = stage.luck.seconds(80, 240)
    until = world.now + timedelta(seconds=silence_s)
    world.inject(QueryUnanswered(begins_at=world.now, until=until, query=Query.SERVER_TIME))
    stage.refused(RefusalReason.RISK_LIMIT, lambda: stage.approve(waiting), "clock_skew")
    for query in sorted(set(Query) - {Query.SERVER_TIME}):
        world.inject(QueryUnanswered(begins_at=world.now, until=until, query=query))
    _beat(stage, heart, 2)
    stage.remark(f"{silence_s} s of silence")
    stage.require(isinstance(world.broker.session(), Complete), "the session is closed")
    stage.bead(HeartbeatPayload, verdict=Verdict.DEGRADED.value, count=1)
    stage.bead(AlertPayload, event=AlertEvent.RAISED, kind="HEARTBEAT_DEGRADED", severity=Severity.WARNING, count=1)
    stage.signal_refused(RefusalReason.SIZING)
    stage.refused(RefusalReason.RISK_LIMIT, lambda: stage.approve(waiting))
    world.wait((until - world.now).total_seconds())
    run_now(world.executor.read_books())
    stage.compare()
    _beat(stage, heart, 1)
    stage.require(verdict_of(heart.checks) is Verdict.HEALTHY, f"the heart is not well again: {heart.checks}")
    stage.require_state(held, PositionState.MANAGED)
    stage.require_state(stage.approve(waiting), PositionState.MANAGED)


def _beat(stage: Stage, heart: Heart, times: int) -> None:
    """The executor lives on until its heart has beaten so often."""
    world = stage.world
    for _ in range(times):
        if heart.next_due is not None:
            world.wait((heart.next_due - world.now).total_seconds())
        run_now(heart.beat_if_due(world.now))
