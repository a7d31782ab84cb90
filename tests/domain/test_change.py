"""Changing fields of frozen values: the same as the standard library's way."""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError, dataclass
from decimal import Decimal

import pytest

from phoenix.domain.change import replace
from phoenix.domain.day_book import DayBook
from phoenix.domain.numbers import ZERO
from phoenix.domain.state import State


@dataclass(frozen=True, slots=True)
class Checked:
    quantity: int

    def __post_init__(self) -> None:
        if self.quantity < 0:
            raise ValueError("below zero")


def test_a_changed_value_equals_the_one_that_the_standard_library_makes() -> None:
    book, profit = DayBook(realised_pnl=ZERO), Decimal(5)
    assert replace(book, realised_pnl=profit) == dataclasses.replace(book, realised_pnl=profit)
    state = State()
    assert replace(state, day=book, next_session_order_id=7) == dataclasses.replace(
        state, day=book, next_session_order_id=7
    )
    assert replace(state) == state


def test_the_original_stays_as_it_was_and_the_copy_is_frozen() -> None:
    book = DayBook()
    changed = replace(book, realised_pnl=Decimal(5))
    assert book.realised_pnl == ZERO
    with pytest.raises(FrozenInstanceError):
        changed.realised_pnl = ZERO  # type: ignore[misc]


def test_a_field_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError, match="profit"):
        replace(DayBook(), profit=ZERO)  # type: ignore[call-arg]


def test_a_class_that_checks_itself_is_refused() -> None:
    with pytest.raises(TypeError, match="Checked checks itself"):
        replace(Checked(1), quantity=-1)
