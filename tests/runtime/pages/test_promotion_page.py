"""The page holds what the reading holds, is well-formed, and needs nothing from elsewhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from phoenix.domain.promotion.checklist import PromotionFacts, PromotionPolicy, Unread, check_promotion
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.promotion.statistics import statistics_of
from phoenix.domain.vocabulary import MarketRegime, StrategyMode
from phoenix.rehearsal.performance import autopsy, session
from phoenix.runtime.pages.promotion import promotion_page
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


def parsed(page: str) -> _Tags:
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    return tags


@pytest.mark.parametrize("count", [0, 1, 2, 20, 250])
def test_a_page_is_well_formed_and_needs_nothing_from_elsewhere(count: int) -> None:
    page = promotion_page(reading(count))
    tags = parsed(page)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(tags.tags)
    assert not [name for name, _ in tags.attributes if name in ("src", "href") or name.startswith("on")]
    assert not re.search(r"url\(|@import|http(?!://www\.w3\.org/2000/svg|-equiv)", page)
    for picture in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        ET.fromstring(picture)
    assert len(re.findall("<svg", page)) == (count > 0)


def test_every_session_item_and_pattern_is_on_it() -> None:
    shown = reading()
    page = promotion_page(shown)
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
    page = promotion_page(reading(0, checklist=checklist))
    assert "10 of 11 items are missing" in page
    assert page.index("items are missing") < page.index("Checklist")


def test_what_others_wrote_is_text_and_never_markup() -> None:
    bad = "<script>alert(1)</script><b>"
    record = ShadowRecord().with_session(session(0, origin=bad), "b").with_autopsy(autopsy(0, setup_type=bad))
    checklist = check_promotion(PromotionFacts((bad,), (bad,), (), record), PromotionPolicy())
    promoted = PromotedReading("intent", "hash", bad, AT)
    for changes in ({"checklist": checklist}, {"checklist": None, "promoted": promoted, "mode": StrategyMode.LIVE}):
        page = promotion_page(
            reading(
                strategy_id=bad, description=bad, currency=bad, record=record,
                statistics=statistics_of(record.sessions), **changes,
            )
        )  # fmt: skip
        assert "<script" not in page
        parsed(page)


def test_an_unknown_regime_is_marked_as_one() -> None:
    record = ShadowRecord().with_session(session(0, market_regime=MarketRegime.UNKNOWN), "b")
    page = promotion_page(reading(record=record, statistics=statistics_of(record.sessions)))
    assert ">?</text>" in page


def test_an_undefined_figure_says_why_instead_of_zero() -> None:
    assert "undefined: one session has no deviation" in promotion_page(reading(1))
