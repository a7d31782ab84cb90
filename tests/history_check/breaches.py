"""Where breaches are gathered: a name of an invariant, and a history that breaks it and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from tests.history_check.histories import History
from tests.history_check.trades import Trade, beats, opened

Breach = Callable[[], History]
BREACHES: list[tuple[str, Breach]] = []


def breaks(invariant: str) -> Callable[[Breach], Breach]:
    """Register a history that breaks exactly this invariant."""

    def register(breach: Breach) -> Breach:
        BREACHES.append((invariant, breach))
        return breach

    return register


def trade(step: str, until: float = 2000) -> tuple[History, Trade]:
    """A history with one trade brought to a step, in which the executor then lives on."""
    history = opened()
    made = Trade(history, at=10)
    getattr(made, step)()
    beats(history, until)
    return history, made
