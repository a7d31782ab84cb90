"""What came of reading something that may be garbage."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from phoenix.adapters.gateway.wire.requests import Undecodable

Result = TypeVar("Result")


def outcome(read: Callable[[], Result]) -> Result | Undecodable:
    """What was read, or the refusal; every other error is let through."""
    try:
        return read()
    except Undecodable as refused:
        return refused
