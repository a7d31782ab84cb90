"""The page holds what the reading holds, is well-formed, and needs nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from phoenix.domain.promotion.checklist import PromotionFacts, PromotionPolicy, Unread, check_promotion
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.promotion.statistics import statistics_of
from phoenix.domain.vocabulary import MarketRegime, StrategyMode
from phoenix.rehearsal.performance import autopsy, session
from phoenix.runtime.pages.promotion import promotion_page
from phoenix.runtime.pages.style import DARK, LIGHT
from phoenix.runtime.readings.promotions import PromotedReading, StrategyRecord

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_VOID = frozenset({"meta", "br", "img", "input", "link", "hr"})


class _Tags(HTMLParser):
    """Checks that tags close as they opened, and keeps what a page could load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def reading(count: int = 20, **changes: object) -> StrategyRecord:
    record = ShadowRecord()
    for number in range(count):
        record = record.with_session(session(number), f"bead-{number}").with_autopsy(autopsy(number))
    checklist = check_promotion(PromotionFacts((), (), (), record), PromotionPolicy())
    fields = {
        "strategy_id": "fvg-retest", "mode": StrategyMode.SHADOW, "description": "gaps", "currency": "USD",
        "record": record, "statistics": statistics_of(record.sessions), "checklist": checklist, "promoted": None,
        "as_of": AT, **changes,
    }  # fmt: skip
    return StrategyRecord(**fields)  # type: ignore[arg-type]


def paged(shown: StrategyRecord) -> str:
    return promotion_page(shown, RegimeRule())


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@pytest.mark.parametrize("count", [0, 1, 2, 20, 250])
def test_a_page_is_well_formed_and_needs_nothing_from_elsewhere(count: int) -> None:
    page = paged(reading(count))
    tags = parsed(page)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(tags.tags)
    assert not [name for name, _ in tags.attributes if name in ("src", "href") or name.startswith("on")]
    assert not re.search(r"url\(|@import|http(?!://www\.w3\.org/2000/svg|-equiv)", page)
    for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(picture)
    assert len(re.findall("<svg", page)) == (count > 0)


def test_every_session_item_and_pattern_is_on_it() -> None:
    shown = reading()
    page = paged(shown)
    for one in shown.record.sessions:
        assert page.count(one.session_date.isoformat()) >= 2
    assert shown.checklist is not None
    for item in shown.checklist.items:
        assert item.needed.split(";")[0].replace("'", "&#x27;") in page
    assert page.count("✓ met") == 11
    assert "TAKE_PROFIT" in page
    assert "The checklist is complete" in page


def test_what_is_missing_comes_first() -> None:
    checklist = check_promotion(PromotionFacts((), Unread("never connected"), ("position 7",), None), PromotionPolicy())
    page = paged(reading(0, checklist=checklist))
    assert "10 of 11 items are missing" in page
    assert page.index("items are missing") < page.index("Checklist")


def test_what_others_wrote_is_text_and_never_markup() -> None:
    bad = "<script>alert(1)</script><b>"
    record = ShadowRecord().with_session(session(0, origin=bad), "b").with_autopsy(autopsy(0, setup_type=bad))
    checklist = check_promotion(PromotionFacts((bad,), (bad,), (), record), PromotionPolicy())
    promoted = PromotedReading("intent", "hash", bad, AT)
    for changes in ({"checklist": checklist}, {"checklist": None, "promoted": promoted, "mode": StrategyMode.LIVE}):
        page = paged(
            reading(
                strategy_id=bad, description=bad, currency=bad, record=record,
                statistics=statistics_of(record.sessions), **changes,
            )
        )  # fmt: skip
        assert "<script" not in page
        parsed(page)


def test_an_unknown_regime_is_marked_as_one() -> None:
    record = ShadowRecord().with_session(session(0, market_regime=MarketRegime.UNKNOWN), "b")
    page = paged(reading(record=record, statistics=statistics_of(record.sessions)))
    assert ">?</text>" in page


def test_an_undefined_figure_says_why_instead_of_zero() -> None:
    assert "undefined: one session has no deviation" in paged(reading(1))


def test_the_rule_of_regimes_and_one_source_are_told_once() -> None:
    page = paged(reading())
    assert page.count("efficiency ratio of a session") == 1
    assert page.count("All of them from") == 1
    assert "<th>Source</th>" not in page


def test_several_sources_stand_with_their_sessions() -> None:
    record = ShadowRecord()
    for number, origin in enumerate(["TRACKER", "IMPORT month.csv"]):
        record = record.with_session(session(number, origin=origin), f"bead-{number}")
    page = paged(reading(record=record, statistics=statistics_of(record.sessions)))
    assert "<th>Source</th>" in page
    assert page.count("IMPORT month.csv") == 1


def test_books_that_nobody_compares_are_told_apart_from_what_is_missing() -> None:
    known = reading()
    assert known.checklist is not None
    checklist = check_promotion(PromotionFacts((), Unread("over"), (), known.record), PromotionPolicy())
    assert "10 of 11 items are met" in paged(reading(checklist=checklist, books_compared=False))
    assert "1 of 11 items are missing" in paged(reading(checklist=checklist))


_TEXTS = [
    ("ink", "paper"), ("soft", "paper"), ("ink", "card"), ("soft", "card"), ("green", "paper"), ("red", "paper"),
    ("on-trend", "trend"), ("on-range", "range"), ("on-unknown", "unknown"),
]  # fmt: skip
_SHAPES = ["blue", "red", "green", "amber", "axis"]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_can_be_read_on_light_and_dark_screens(palette: Mapping[str, str]) -> None:
    """By the WCAG: 4.5 for text, 3 for lines and areas that carry a meaning."""
    for text, ground in _TEXTS:
        assert _contrast(palette[text], palette[ground]) >= 4.5, (text, ground)
    for shape in _SHAPES:
        assert _contrast(palette[shape], palette["paper"]) >= 3, shape
