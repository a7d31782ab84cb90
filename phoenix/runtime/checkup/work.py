"""What the state and the status say about the work: executor, session, positions, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from phoenix.domain.instants import instant_text
from phoenix.domain.position import Position
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import OrderStatus, PositionState
from phoenix.runtime.checkup.finding import Finding, ok, warning
from phoenix.runtime.status.glance import Glance, Health, glance
from phoenix.runtime.words.ids import short

EXECUTOR, SESSION, ENTRIES = "executor", "broker session", "entries"
STALLED, UNPROTECTED, UNKNOWN = "stalled positions", "protection", "unknown outcomes"
DECISIONS, DRIFT = "decisions", "drift"


def executor_and_entries(directory: Path, state: State, now: datetime) -> Iterator[Finding]:
    """Who is at work, whether there is a broker session, and whether entries pass."""
    seen = glance(directory)
    yield _executor(seen, now)
    yield _session(state, seen)
    yield _entries(seen, now)


def _executor(seen: Glance, now: datetime) -> Finding:
    if seen.executor is None:
        return warning(EXECUTOR, "none is at work, so timers and orders are followed by nobody", "phoenix serve")
    if not seen.is_served or seen.is_current(now):
        return ok(EXECUTOR, f"{seen.executor} is at work")
    return warning(EXECUTOR, f"{seen.executor} holds the lock, but its status is old",
                   f"look at its output; if it hangs, kill {seen.executor.pid} and phoenix serve")  # fmt: skip


def _session(state: State, seen: Glance) -> Finding:
    if not seen.is_served:
        return ok(SESSION, f"none is open while no executor is at work: {state.session.detail}")
    if not state.session.is_connected:
        return warning(SESSION, f"not connected: {state.session.detail}", "phoenix status --watch; RB-001")
    books = state.session.books_read_at
    return ok(SESSION, f"connected, books read {'never' if books is None else instant_text(books)}")


def _entries(seen: Glance, now: datetime) -> Finding:
    health, reason = seen.health(now)
    if health is Health.HALTED:
        return warning(ENTRIES, f"HALTED: {reason}", "phoenix kill list, then phoenix kill lift FLAG --reason WHY")
    if health is Health.ACTIVE:
        return ok(ENTRIES, "open")
    if not seen.is_served:
        return ok(ENTRIES, "no executor is at work; a command that approves opens them for its moment")
    return warning(ENTRIES, f"closed: {reason}", "phoenix status")


def positions(state: State) -> Iterator[Finding]:
    """What needs a human: stalled, unprotected, of unknown outcome."""
    living = in_order(state.positions)
    stalled = [position for position in living if position.state is PositionState.STALLED]
    yield _about(STALLED, stalled, "is stalled: whether its order lives at the broker is not known",
                 "phoenix positions settle {}")  # fmt: skip
    unprotected = [position for position in living if position.unprotected_since is not None]
    yield _about(UNPROTECTED, unprotected, "is open without a stop of its size", "phoenix positions protect {}")
    unknown = [position for position in living if _is_unknown(position)]
    yield _about(UNKNOWN, unknown, "has an order that the broker no longer shows", "phoenix positions show {}")


def decisions(state: State) -> Finding:
    """What was put on record and nobody has acted on."""
    waiting = len(state.decisions) + len(state.inbox)
    if not waiting:
        return ok(DECISIONS, "every decision and signal on record was acted on")
    return warning(DECISIONS, f"{waiting} decisions or signals wait for an executor",
                   "phoenix serve; decisions older than a minute lapse")  # fmt: skip


def drift(state: State) -> Finding:
    """Whether the books differ from the broker's in a way that waits for a human."""
    counts = {"drifts": len(state.drifts), "strays": len(state.strays), "executions of nobody's": len(state.parked)}
    found = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    if not found:
        return ok(DRIFT, "nothing that the broker has is without a position here")
    return warning(DRIFT, found, "phoenix drift list; phoenix positions list, then phoenix positions adopt")


def _about(check: str, concerned: list[Position], what: str, remedy: str) -> Finding:
    if not concerned:
        return ok(check, "no position needs it" if check == UNPROTECTED else "none")
    first = short(concerned[0].position_id)
    more = f", and {len(concerned) - 1} more" if len(concerned) > 1 else ""
    return warning(check, f"{concerned[0].terms.pair} {first} {what}{more}", remedy.format(first))


def _is_unknown(position: Position) -> bool:
    return any(leg.status is OrderStatus.UNKNOWN for leg in position.alive_legs) or any(
        action.is_silent and action.is_unsettled for action in position.actions
    )
