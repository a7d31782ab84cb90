"""Named points at which a process can be made to die, for tests of sudden death.

Inert unless the environment names a point: PHOENIX_FAULT_POINT="commit.before.T2_TOKEN.USED" kills the process, as if
by kill -9, when it reaches that point for the first time, and "…:3" at the third. "any:40" counts all points together.
The points stand in wrappers around the store, the broker, the alerts, the checkpoints, the snapshots and the inbox;
nothing inside them knows.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.vocabulary import (
    AlertEvent,
    DecisionKind,
    ExecutionEvent,
    IntentKind,
    KillEvent,
    OrderEvent,
    PositionState,
    SessionEvent,
    TokenEvent,
)
from phoenix.ports.errors import ConfigurationError

VARIABLE = "PHOENIX_FAULT_POINT"
ANY = "any"

_WORDS: Mapping[BeadType, tuple[str, ...]] = {
    BeadType.T2_TOKEN: tuple(TokenEvent),
    BeadType.ORDER: tuple(OrderEvent),
    BeadType.EXECUTION: tuple(ExecutionEvent),
    BeadType.POSITION: tuple(PositionState),
    BeadType.KILL_FLAG: tuple(KillEvent),
    BeadType.DECISION: tuple(DecisionKind),
    BeadType.INTENT: tuple(IntentKind),
    BeadType.ALERT: tuple(AlertEvent),
    BeadType.BROKER_SESSION: tuple(SessionEvent),
}
_CALLS = ("connect", "disconnect", "submit", "cancel", "open_orders", "completed_orders", "executions", "holdings",
          "advance")  # fmt: skip
_OTHERS = ("alert", "checkpoint", "snapshot", "inbox.pick_up", "inbox.ingest", "inbox.answer", "inbox.put_away")


def bead_name(payload: Payload) -> str:
    """What a bead is called in the names of points: its type, and the word that tells its kinds apart."""
    kind = payload.bead_type
    word = next((getattr(payload, name) for name in ("event", "state", "kind") if hasattr(payload, name)), None)
    return f"{kind.value}.{word}" if kind in _WORDS and word is not None else kind.value


def names() -> Iterator[str]:
    """Every point there is."""
    for moment in ("before", "after"):
        for kind in BeadType:
            words = _WORDS.get(kind)
            yield from (
                [f"commit.{moment}.{kind.value}"]
                if words is None
                else [f"commit.{moment}.{kind.value}.{word}" for word in words]
            )
        yield from (f"broker.{call}.{moment}" for call in _CALLS)
        yield from (f"{other}.{moment}" for other in _OTHERS)


class FaultPoints:
    """Counts the passes of every point, and dies at the one that was asked for."""

    def __init__(self, name: str | None = None, at_pass: int = 1) -> None:
        self._name = name
        self._at_pass = at_pass
        self._passes: Counter[str] = Counter()

    @classmethod
    def from_environment(cls) -> FaultPoints:
        """The point that the environment names, or none. Raises ConfigurationError for one that does not exist."""
        text = os.environ.get(VARIABLE)
        if not text:
            return cls()
        name, _, number = text.partition(":")
        if name != ANY and name not in set(names()):
            raise ConfigurationError(f"{VARIABLE}: there is no fault point {name!r}. Unset it, or correct the name")
        if number and not (number.isdigit() and int(number)):
            raise ConfigurationError(f"{VARIABLE}: {number!r} is no count of passes. Write {name}:1 or more")
        return cls(name, int(number or 1))

    @property
    def is_inert(self) -> bool:
        return self._name is None

    def reach(self, *points: str) -> None:
        """Pass points, in this order; the process ends at once where one of them is the one asked for."""
        for point in points:
            for name in (point, ANY):
                self._passes[name] += 1
                if name == self._name and self._passes[name] == self._at_pass:
                    os.kill(os.getpid(), signal.SIGKILL)
