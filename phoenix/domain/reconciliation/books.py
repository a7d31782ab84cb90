"""A book in words that both sides share: signed nets, where each order stands, and what has been earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

ABSENT = "ABSENT"
"""The broker's complete books do not show the order, or Phoenix was told that the broker never had it."""

ENDED = "ENDED"
"""The order ended so long ago that no more is remembered of it."""


class Standing(NamedTuple):
    """Where an order stands: an order status, ABSENT or ENDED, and how much of it has been executed."""

    pair: str
    status: str
    filled: Decimal


@dataclass(frozen=True, slots=True)
class Book:
    """One side's book of one account. Flat nets are left out; `profit` is None where it is not known.

    `unborne` names the orders of which more is stated as filled than that side's own executions bear out.
    """

    nets: Mapping[str, Decimal]
    orders: Mapping[str, Standing]
    profit: Decimal | None = None
    unborne: frozenset[str] = field(default_factory=frozenset)
