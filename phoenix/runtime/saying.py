"""Lines that a process says about what is going on, apart from what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]
"""Says a line to whoever watches this process. Must not raise."""


def silently(_: str) -> None:
    """Says nothing."""


class Trouble:
    """Says what is wrong when it begins or changes, and not again each time that it is met."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._said: str | None = None

    def say_once(self, line: str) -> None:
        if line != self._said:
            self._said = line
            self._say(line)

    def is_over(self) -> None:
        """What comes next is said, be it the same again."""
        self._said = None
