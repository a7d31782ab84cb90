"""Lines that a process says about what is going on, apart from what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Say: TypeAlias = Callable[[str], None]
"""Says a line to whoever watches this process. Must not raise."""


def silently(_: str) -> None:
    """Says nothing."""
