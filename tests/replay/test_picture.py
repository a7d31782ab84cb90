"""The picture is well-formed, self-contained, and says in words what it shows."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from phoenix.replay.picture import HEIGHT, WIDTH, equity_picture
from phoenix.replay.result import ReplayResult
from tests.replay.results import REFUSED, closed, result, still_open

SVG = "{http://www.w3.org/2000/svg}"
MIXED = result(
    closed("a", 5, "-1000"), closed("b", 9, "2500"), closed("c", 40, "-700"), still_open("d"), refused=(REFUSED,)
)
WORLDS = [MIXED, result(), result(still_open("a")), result(closed("a", 3, "0")), result(closed("a", 3, "-99999"))]


def drawing(of: ReplayResult) -> ET.Element:
    return ET.fromstring(equity_picture(of))


@pytest.mark.parametrize("world", WORLDS)
def test_everything_drawn_lies_within_the_picture(world: ReplayResult) -> None:
    for element in drawing(world).iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(element.get(name, 0)) <= WIDTH
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(element.get(name, 0)) <= HEIGHT


def test_it_has_a_title_and_a_description_for_a_screen_reader() -> None:
    root = drawing(MIXED)
    named = root.get("aria-labelledby", "").split()
    title, description = (next(e for e in root.iter() if e.get("id") == name) for name in named)
    assert root.get("role") == "img"
    assert "realised equity and drawdown" in (title.text or "")
    assert "3 closed of 4 trades, 1 signals refused" in (description.text or "")
    assert "100,000.00 to 100,800.00 USD" in (description.text or "")


def test_profit_and_loss_differ_in_more_than_colour() -> None:
    dots = [element for element in drawing(MIXED).iter(f"{SVG}circle") if len(element)]
    assert [dot.get("class") for dot in dots] == ["loss", "win", "loss"]
    assert "(+2,500.00)" in (dots[1][0].text or "")


def test_it_runs_no_script_and_loads_nothing() -> None:
    text = equity_picture(MIXED)
    assert "<script" not in text
    assert "href" not in text
    assert "url(" not in text


def test_drawdown_counts_from_the_highest_equity_before() -> None:
    assert "deepest drawdown 1.00 %" in equity_picture(MIXED)


def test_names_are_escaped() -> None:
    wild = MIXED.__class__(MIXED.market, "<USD>", MIXED.starting_equity, "P", MIXED.trades, (), MIXED.proof)
    assert "<USD>" not in equity_picture(wild)
