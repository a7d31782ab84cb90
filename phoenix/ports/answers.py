"""What a query may answer: the complete truth, or that it is not known. There is no third, bare empty answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Complete(Generic[T]):
    """The whole answer, as the other side gave it at `as_of`. An empty collection in here really is empty."""

    value: T
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer, a partial one, or one that cannot be trusted. Never to be read as empty, flat or zero.

    `remedy` is a sentence on what to do about it, where that is known.
    """

    reason: str
    remedy: str | None = None


Answer: TypeAlias = Complete[T] | Unknown
