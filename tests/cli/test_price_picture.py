"""The picture of prices: low on the left, whatever the side; names apart from each other; nothing beyond its width."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from phoenix.cli.views.price_picture import WIDTH, Mark, price_picture

PRICES = st.decimals("0.5", "200", places=5)


def mark(name: str, price: str) -> Mark:
    return Mark(name, Decimal(price), price)


def test_a_long_reads_stop_entry_target_with_the_quote_below_its_price() -> None:
    names, prices, axis, arrow, told = price_picture(
        [mark("stop", "1.0"), mark("entry", "1.25"), mark("target", "2.0")], mark("quote", "1.5")
    )
    assert names.split() == ["stop", "entry", "target"]
    assert prices.split() == ["1.0", "1.25", "2.0"]
    assert [column for column, character in enumerate(axis) if character == "┼"] == [0, (WIDTH - 1) // 4, WIDTH - 1]
    assert arrow.index("▲") == (WIDTH - 1) // 2
    assert "quote 1.5" in told


def test_a_short_reads_target_entry_stop() -> None:
    names = price_picture([mark("stop", "2"), mark("entry", "1.7"), mark("target", "1")], None)[0]
    assert names.split() == ["target", "entry", "stop"]


@given(stop=PRICES, entry=PRICES, target=PRICES, quote=PRICES)
def test_any_prices_fit(stop: Decimal, entry: Decimal, target: Decimal, quote: Decimal) -> None:
    marks = [Mark(name, price, str(price)) for name, price in (("stop", stop), ("entry", entry), ("target", target))]
    lines = price_picture(marks, Mark("quote", quote, f"{quote} / {quote}, 3 s ago"))
    assert all(len(line) <= WIDTH for line in lines)
    assert sorted(lines[0].split()) == ["entry", "stop", "target"]
    assert len(lines[1].split()) == 3


def test_one_price_alone_is_a_picture_too() -> None:
    assert len(price_picture([mark("entered", "1.27")], mark("quote", "1.27"))) == 5
