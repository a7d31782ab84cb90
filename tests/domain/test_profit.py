from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.executions import Fill, FillBook
from phoenix.domain.profit import Conversion, MoneyRule, realised_pnl
from phoenix.domain.vocabulary import LegRole, Side
from phoenix.rehearsal.signals import MONDAY

DOLLARS = MoneyRule(Conversion.NONE, Decimal(1))
YEN_PAIR = MoneyRule(Conversion.AT_EXIT_PRICE, Decimal(1))
CROSS = MoneyRule(Conversion.AT_SIZING_RATE, Decimal("1.25"))


def book(*fills: tuple[LegRole, str, str]) -> FillBook:
    return FillBook(
        tuple(
            Fill(f"e{number}", f"e{number}", 0, role, "", Decimal(quantity), Decimal(price), MONDAY)
            for number, (role, quantity, price) in enumerate(fills)
        )
    )


def test_a_long_earns_what_the_price_rose_and_a_short_what_it_fell() -> None:
    fills = book((LegRole.ENTRY, "1000", "1.2600"), (LegRole.TAKE_PROFIT, "1000", "1.2650"))
    assert realised_pnl(fills, Side.LONG, DOLLARS) == Decimal(5)
    assert realised_pnl(fills, Side.SHORT, DOLLARS) == Decimal(-5)


def test_only_what_was_exited_counts_against_the_average_entry() -> None:
    fills = book((LegRole.ENTRY, "1000", "1.2600"), (LegRole.ENTRY, "3000", "1.2640"), (LegRole.EXIT, "1000", "1.2650"))
    assert realised_pnl(fills, Side.LONG, DOLLARS) == Decimal(2)


@pytest.mark.parametrize("fills", [book(), book((LegRole.ENTRY, "1000", "1.26")), book((LegRole.EXIT, "1000", "1.26"))])
def test_without_an_entry_and_an_exit_the_profit_is_not_known(fills: FillBook) -> None:
    assert realised_pnl(fills, Side.LONG, DOLLARS) is None


def test_yen_become_dollars_at_the_price_of_each_exit() -> None:
    fills = book((LegRole.ENTRY, "2000", "150"), (LegRole.EXIT, "1000", "160"), (LegRole.EXIT, "1000", "125"))
    assert realised_pnl(fills, Side.LONG, YEN_PAIR) == Decimal("62.5") - Decimal(200)


def test_a_cross_is_converted_at_the_rate_that_was_approved() -> None:
    fills = book((LegRole.ENTRY, "1000", "0.85"), (LegRole.EXIT, "1000", "0.86"))
    assert realised_pnl(fills, Side.LONG, CROSS) == Decimal("12.5")


NUMBERS = st.tuples(st.integers(1, 50), st.integers(100_000, 160_000))


@given(st.lists(NUMBERS, min_size=1, max_size=4), st.lists(NUMBERS, min_size=1, max_size=4), st.sampled_from(Side))
def test_profit_is_that_of_plain_arithmetic(
    entries: list[tuple[int, int]], exits: list[tuple[int, int]], side: Side
) -> None:
    fills = book(
        *((LegRole.ENTRY, f"{size}000", str(Decimal(price) / 100_000)) for size, price in entries),
        *((LegRole.EXIT, f"{size}000", str(Decimal(price) / 100_000)) for size, price in exits),
    )
    average = Fraction(sum(size * price for size, price in entries), sum(size for size, _ in entries))
    gained = sum(((price - average) * size for size, price in exits), Fraction(0)) / 100
    stated = realised_pnl(fills, side, DOLLARS)
    assert stated is not None
    error = Fraction(stated) - (gained if side is Side.LONG else -gained)
    assert -Fraction(1, 10**12) < error < Fraction(1, 10**12)
