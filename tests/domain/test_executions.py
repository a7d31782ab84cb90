"""Executions of one position: whatever comes, how often and in which order, the last word on each counts once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.executions import Fill, FillBook, Novelty, split_execution_id
from phoenix.domain.vocabulary import LegRole
from phoenix.rehearsal.signals import MONDAY

QUANTITIES = st.integers(1, 9).map(lambda thousands: Decimal(thousands) * 1000)
PRICES = st.integers(125_000, 127_000).map(lambda ticks: Decimal(ticks) / 100_000)


def fill(
    stem: str, revision: int = 0, role: LegRole = LegRole.ENTRY, quantity: str | Decimal = "1000",
    price: str | Decimal = "1.26",
) -> Fill:  # fmt: skip
    at = MONDAY + timedelta(seconds=revision)
    execution_id = f"{stem}.{revision:02}"
    return Fill(execution_id, stem, revision, role, f"PX-{role.value}", Decimal(quantity), Decimal(price), at)


@st.composite
def reports(draw: st.DrawFn) -> tuple[list[Fill], set[str]]:
    """Reports of a few executions with their corrections, repeated and in any order; and the stems that get busted."""
    said: list[Fill] = []
    for number in range(draw(st.integers(1, 5))):
        role = draw(st.sampled_from([LegRole.ENTRY, LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.EXIT]))
        said += [
            fill(f"e{number}", revision, role, draw(QUANTITIES), draw(PRICES))
            for revision in range(1, draw(st.integers(1, 3)) + 1)
        ]
    repeated = said + draw(st.lists(st.sampled_from(said), max_size=4))
    return draw(st.permutations(repeated)), draw(st.sets(st.sampled_from([report.stem for report in said])))


def take_in(book: FillBook, report: Fill) -> FillBook:
    """What the core does with a report: book what is new or corrects, ignore the rest."""
    is_news = book.judge(report.execution_id) in (Novelty.NEW, Novelty.CORRECTION)
    return book.booked(report) if is_news else book


def final_words(said: Sequence[Fill], busted: set[str]) -> dict[str, Fill]:
    """The naive model: of each stem the highest revision, unless it was taken back."""
    words: dict[str, Fill] = {}
    for report in sorted(said, key=lambda report: report.revision):
        words[report.stem] = report
    return {stem: word for stem, word in words.items() if stem not in busted}


@given(reports(), st.data())
def test_the_last_word_on_each_execution_counts_whatever_the_order(
    drawn: tuple[list[Fill], set[str]], data: st.DataObject
) -> None:
    said, busted = drawn
    bust_after = {stem: data.draw(st.integers(0, len(said))) for stem in sorted(busted)}
    book = FillBook()
    for index in range(len(said) + 1):
        for stem in [stem for stem, after in bust_after.items() if after == index]:
            book = book.without(stem)
        if index < len(said):
            book = take_in(book, said[index])
    assert {booked.stem: booked for booked in book.fills} == final_words(said, busted)
    assert len({booked.stem for booked in book.fills}) == len(book.fills)


@given(reports())
def test_quantities_and_averages_are_those_of_plain_arithmetic(drawn: tuple[list[Fill], set[str]]) -> None:
    said, busted = drawn
    book = FillBook()
    for report in said:
        book = take_in(book, report)
    for stem in busted:
        book = book.without(stem)
    words = list(final_words(said, busted).values())
    entries = [word for word in words if word.role is LegRole.ENTRY]
    exits = [word for word in words if word.role is not LegRole.ENTRY]
    assert book.entry_quantity == sum(word.quantity for word in entries)
    assert book.exit_quantity == sum(word.quantity for word in exits)
    assert book.open_quantity == book.entry_quantity - book.exit_quantity
    assert is_average(book.average_entry_price, entries)
    assert is_average(book.average_exit_price, exits)
    for role in LegRole:
        executed = sum(word.quantity for word in words if word.role is role)
        assert book.executed_for(f"PX-{role.value}") == executed


def is_average(stated: Decimal | None, fills: list[Fill]) -> bool:
    if not fills:
        return stated is None
    exact = sum(Fraction(f.quantity) * Fraction(f.price) for f in fills) / sum(Fraction(f.quantity) for f in fills)
    return stated is not None and -Fraction(1, 10**20) < Fraction(stated) - exact < Fraction(1, 10**20)


@given(reports())
def test_a_repeat_changes_nothing(drawn: tuple[list[Fill], set[str]]) -> None:
    book = FillBook()
    for report in drawn[0]:
        book = take_in(book, report)
        assert take_in(book, report) == book


@pytest.mark.parametrize(
    ("execution_id", "stem", "revision"),
    [
        ("0001f4e8.63a1.01.01", "0001f4e8.63a1.01", 1),
        ("0001f4e8.63a1.01.12", "0001f4e8.63a1.01", 12),
        ("abc", "abc", 0),
        ("abc.", "abc.", 0),
        ("abc.x1", "abc.x1", 0),
        ("abc.²", "abc.²", 0),
        ("", "", 0),
    ],
)
def test_an_execution_id_is_a_stem_and_a_revision(execution_id: str, stem: str, revision: int) -> None:
    assert split_execution_id(execution_id) == (stem, revision)


def test_a_report_is_judged_against_what_is_booked() -> None:
    book = FillBook().booked(fill("e1", 2)).without("e2")
    judged = {name: book.judge(name) for name in ("e9.01", "e1.02", "e1.03", "e1.01", "e2.01", "e2.09")}
    assert judged == {
        "e9.01": Novelty.NEW,
        "e1.02": Novelty.REPEAT,
        "e1.03": Novelty.CORRECTION,
        "e1.01": Novelty.OUTDATED,
        "e2.01": Novelty.OUTDATED,
        "e2.09": Novelty.OUTDATED,
    }


def test_a_correction_keeps_the_place_of_what_it_corrects() -> None:
    book = FillBook().booked(fill("e1", 1)).booked(fill("e2", 1)).booked(fill("e1", 2, quantity="3000"))
    assert [(booked.stem, booked.quantity) for booked in book.fills] == [("e1", Decimal(3000)), ("e2", Decimal(1000))]


def test_a_book_of_nothing_has_no_averages_and_no_last_exit() -> None:
    book = FillBook()
    assert book.open_quantity == 0
    assert [book.average_entry_price, book.average_exit_price, book.last_exit] == [None, None, None]


def test_exits_beyond_what_was_open_leave_a_negative_quantity() -> None:
    book = FillBook().booked(fill("e1")).booked(fill("x1", role=LegRole.EXIT, quantity="3000"))
    assert book.open_quantity == -2000


def test_the_last_exit_is_the_one_that_was_booked_last() -> None:
    book = (
        FillBook().booked(fill("e1")).booked(fill("s1", role=LegRole.STOP_LOSS)).booked(fill("x1", role=LegRole.EXIT))
    )
    assert book.last_exit is not None
    assert book.last_exit.role is LegRole.EXIT
