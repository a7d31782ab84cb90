"""Executions of one position, keyed by the broker's execution id (SPEC 3.6).

Repeats change nothing, a correction replaces, a bust reverses, and no report is ever lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from phoenix.domain.change import replace
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import LegRole


class Novelty(StrEnum):
    """What an execution report is, against those already booked."""

    NEW = "NEW"
    REPEAT = "REPEAT"
    CORRECTION = "CORRECTION"
    OUTDATED = "OUTDATED"


@dataclass(frozen=True, slots=True)
class Fill:
    """One booked execution. `price` is per unit, in the instrument's currency."""

    execution_id: str
    stem: str
    revision: int
    role: LegRole
    reference: str
    quantity: Decimal
    price: Decimal
    executed_at: datetime


def split_execution_id(execution_id: str) -> tuple[str, int]:
    """The stem and revision of an execution id: `0001.ab.02` is revision 2 of `0001.ab`; without a suffix it is 0."""
    stem, dot, suffix = execution_id.rpartition(".")
    if dot and suffix.isascii() and suffix.isdigit():
        return stem, int(suffix)
    return execution_id, 0


@dataclass(frozen=True, slots=True)
class FillBook:
    """The booked executions of a position, in the order they were booked, and the ids that were busted."""

    fills: tuple[Fill, ...] = ()
    busted: frozenset[str] = frozenset()

    def judge(self, execution_id: str) -> Novelty:
        stem, revision = split_execution_id(execution_id)
        if stem in self.busted:
            return Novelty.OUTDATED
        booked = next((fill for fill in self.fills if fill.stem == stem), None)
        if booked is None:
            return Novelty.NEW
        if revision == booked.revision:
            return Novelty.REPEAT
        return Novelty.CORRECTION if revision > booked.revision else Novelty.OUTDATED

    def holds(self, stem: str) -> bool:
        """Whether an execution of this stem is booked."""
        return any(fill.stem == stem for fill in self.fills)

    def booked(self, fill: Fill) -> FillBook:
        """With a new fill, or with the one of the same stem replaced."""
        if any(known.stem == fill.stem for known in self.fills):
            return replace(self, fills=tuple(fill if known.stem == fill.stem else known for known in self.fills))
        return replace(self, fills=(*self.fills, fill))

    def without(self, stem: str) -> FillBook:
        """With a bust applied; the stem stays known, so that a repeat of the busted report books nothing."""
        return FillBook(tuple(fill for fill in self.fills if fill.stem != stem), self.busted | {stem})

    @property
    def entry_quantity(self) -> Decimal:
        return sum((fill.quantity for fill in self.fills if fill.role is LegRole.ENTRY), ZERO)

    @property
    def exit_quantity(self) -> Decimal:
        return sum((fill.quantity for fill in self.fills if fill.role is not LegRole.ENTRY), ZERO)

    @property
    def open_quantity(self) -> Decimal:
        """Entries less exits; negative when exits went beyond what was open."""
        return self.entry_quantity - self.exit_quantity if self.fills else ZERO

    @property
    def average_entry_price(self) -> Decimal | None:
        return _average([fill for fill in self.fills if fill.role is LegRole.ENTRY])

    @property
    def average_exit_price(self) -> Decimal | None:
        return _average([fill for fill in self.fills if fill.role is not LegRole.ENTRY])

    def executed_for(self, reference: str) -> Decimal:
        """The quantity executed on one of our orders."""
        return sum((fill.quantity for fill in self.fills if fill.reference == reference), ZERO)

    @property
    def last_exit(self) -> Fill | None:
        return next((fill for fill in reversed(self.fills) if fill.role is not LegRole.ENTRY), None)


def _average(fills: list[Fill]) -> Decimal | None:
    quantity = sum((fill.quantity for fill in fills), ZERO)
    if quantity == ZERO:
        return None
    if len(fills) == 1:
        return fills[0].price
    return sum((fill.quantity * fill.price for fill in fills), ZERO) / quantity
