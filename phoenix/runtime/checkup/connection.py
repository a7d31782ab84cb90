"""Whether the broker can be had: as the executor at work has it, or else by a session that is opened for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.locks import FileLock, this_process
from phoenix.domain.beads.envelope import BeadType, SealedBead
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.instants import instant_text
from phoenix.domain.state import SessionState
from phoenix.domain.vocabulary import SessionEvent
from phoenix.ports.broker import Broker, SimulatedBroker
from phoenix.ports.errors import ExecutorRunning
from phoenix.ports.lock import Holder
from phoenix.ports.store import BeadStore
from phoenix.runtime.checkup import adapter
from phoenix.runtime.checkup.asking import POINTS, ask_everything
from phoenix.runtime.checkup.finding import Finding, failed, not_checked, ok, warning
from phoenix.runtime.home import Home
from phoenix.runtime.status.glance import SERVING

CHECK = "broker connection"
RUNBOOK = "docs/runbooks/RB-001-connection-loss.md"
_NAME = "doctor"
"""How a checkup names itself in the executor's lock."""
_OPENED = (SessionEvent.CONNECTED, SessionEvent.RECONNECTED)


def connection(
    home: Home, store: BeadStore[Any] | None, session: SessionState | None, *, connects: bool
) -> Iterator[Finding]:
    """What the executor at work says of its session; without one, and if `connects`, what the broker answers itself.

    `store` and `session` are None where the store is not open. Nothing is ever sent, cancelled or recorded.
    """
    broker = adapter.built(home, Path(), lambda _: None, adapter.without_book(home))
    if isinstance(broker, SimulatedBroker):
        yield ok(CHECK, f"{broker.name} is a simulator within Phoenix: there is nothing to connect to")
        return
    holder = FileLock(home.lock).holder() if home.lock.exists() else None
    if holder is not None and holder.command == SERVING:
        yield _as_served(holder, store, session)
    elif connects:
        yield from _under_the_lock(home, broker)
    else:
        yield not_checked(
            CHECK,
            f"{broker.name} was not connected; phoenix doctor --connect opens a session and asks what a start asks",
        )


def _as_served(holder: Holder, store: BeadStore[Any] | None, session: SessionState | None) -> Finding:
    """The session of the executor, whose client id is taken as long as it lives."""
    if store is None or session is None:
        return not_checked(CHECK, "the store is not open")
    beads = list(store.read_of((BeadType.BROKER_SESSION,)))
    refused = _last(beads, (SessionEvent.REFUSED,))
    if not session.is_connected:
        since = "" if session.lost_at is None else f" since {instant_text(session.lost_at)}"
        return warning(CHECK, f"{holder} has no session{since}: {session.detail}", f"phoenix broker status; {RUNBOOK}")
    opened = _last(beads, _OPENED)
    since = "" if opened is None else f" since {instant_text(opened.bead.timestamp)}"
    return ok(CHECK, f"{holder} is connected{since}, so nothing was opened here{_refusal(refused)}")


def _last(beads: list[SealedBead], events: tuple[SessionEvent, ...]) -> SealedBead | None:
    return next((item for item in reversed(beads) if _payload(item).event in events), None)


def _payload(item: SealedBead) -> SessionPayload:
    payload = item.bead.payload
    assert isinstance(payload, SessionPayload)
    return payload


def _refusal(refused: SealedBead | None) -> str:
    if refused is None:
        return "; it was never refused"
    return f"; it was last refused {instant_text(refused.bead.timestamp)}: {_payload(refused).detail}"


def _under_the_lock(home: Home, broker: Broker) -> Iterator[Finding]:
    """Nobody starts meanwhile: the client id would be in use."""
    lock, clock = FileLock(home.lock), SystemClock()
    try:
        lock.take(this_process(_NAME, clock.now()))
    except ExecutorRunning as error:
        yield failed(CHECK, f"{error}; nothing was connected", "phoenix doctor --connect, when it has finished")
        yield from (not_checked(point, "there is no connection") for point in POINTS)
        return
    try:
        yield from ask_everything(CHECK, broker, home.settings.policy(), clock)
    finally:
        lock.release()
