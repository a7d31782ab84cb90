"""An autopsy of somebody else's making, run in a thread of its own: however slow or broken, nothing waits for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.ports.autopsy import Autopsist, Examination, ExaminationFailed, Examined

Examine: TypeAlias = Callable[[AutopsyInput], AutopsyPayload]
"""Examines one closed position. `phoenix.domain.autopsy.perform` is one, and a good beginning of another."""

_FIXED = ("position_id", "signal_id", "strategy_id", "shadow", "pnl", "evidence_hash")
"""What an autopsy may not say otherwise than the position does."""


class Beside(Autopsist):
    """Runs a function for each closed position, one after another, in a daemon thread."""

    def __init__(self, examine: Examine) -> None:
        self._examine = examine
        self._waiting: SimpleQueue[AutopsyInput] = SimpleQueue()
        self._done: SimpleQueue[Examination] = SimpleQueue()
        self._under_way: set[str] = set()
        self._thread: Thread | None = None

    def begin(self, closed: AutopsyInput) -> None:
        if closed.position_id in self._under_way:
            return
        self._under_way.add(closed.position_id)
        self._waiting.put(closed)
        if self._thread is None:
            self._thread = Thread(target=self._work, name="autopsies", daemon=True)
            self._thread.start()

    def finished(self) -> Sequence[Examination]:
        done: list[Examination] = []
        while not self._done.empty():
            done.append(self._done.get())
            self._under_way.discard(done[-1].closed.position_id)
        return done

    def _work(self) -> None:
        while True:
            closed = self._waiting.get()
            self._done.put(self._examined(closed))

    def _examined(self, closed: AutopsyInput) -> Examination:
        try:
            autopsy = self._examine(closed)
        except Exception as error:  # noqa: BLE001 - whatever the code of others raises ends in its report
            return ExaminationFailed(closed, f"{type(error).__name__}: {error}")
        if not isinstance(autopsy, AutopsyPayload):
            return ExaminationFailed(closed, f"it answered a {type(autopsy).__name__} instead of an AutopsyPayload")
        wrong = [name for name in _FIXED if getattr(autopsy, name) != getattr(closed, name)]
        if wrong:
            return ExaminationFailed(closed, f"its {wrong[0]} is not the position's")
        return Examined(closed, autopsy)
