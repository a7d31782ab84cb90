"""When a difference is exactly the one that was seen before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from phoenix.domain.encoding import Json
from phoenix.domain.reconciliation.mismatch import Mismatch, stated
from phoenix.domain.vocabulary import DriftOrigin, DriftType, Severity
from phoenix.rehearsal.signals import MONDAY

TOLERANCE = Decimal(50)


def mismatch(
    key: str, ours: Json, theirs: Json, kind: DriftType = DriftType.POSITION_SIZE, after_s: int = 0
) -> Mismatch:
    since = MONDAY + timedelta(seconds=after_s)
    return Mismatch(key, kind, "GBPUSD", ours, theirs, DriftOrigin.PHOENIX, Severity.CRITICAL, since)


def test_the_same_sides_are_the_same_difference_whenever_it_was_seen() -> None:
    one = mismatch("net:GBPUSD", {"net": "1"}, {"net": "2"})
    assert one.is_same_as(mismatch("net:GBPUSD", {"net": "1"}, {"net": "2"}, after_s=60), TOLERANCE)


@pytest.mark.parametrize(
    ("key", "ours", "theirs"),
    [
        ("net:GBPUSD", {"net": "3"}, {"net": "2"}),
        ("net:GBPUSD", {"net": "1"}, {"net": "3"}),
        ("net:GBPUSD", {"net": "2"}, {"net": "3"}),
        ("net:USDJPY", {"net": "1"}, {"net": "2"}),
    ],
)
def test_either_side_that_changed_makes_it_another(key: str, ours: Json, theirs: Json) -> None:
    one = mismatch("net:GBPUSD", {"net": "1"}, {"net": "2"})
    assert not one.is_same_as(mismatch(key, ours, theirs), TOLERANCE)


@pytest.mark.parametrize(("theirs", "is_same"), [("150", True), ("200", True), ("201", False), ("49", False)])
def test_a_gap_in_profit_may_move_with_prices_within_the_tolerance(theirs: str, is_same: bool) -> None:
    one = mismatch("pnl", {"change": "0"}, {"change": "150"}, DriftType.PNL)
    later = mismatch("pnl", {"change": "0"}, {"change": theirs}, DriftType.PNL)
    assert one.is_same_as(later, TOLERANCE) is is_same
    shifted = mismatch("pnl", {"change": "1000"}, {"change": str(1000 + int(theirs))}, DriftType.PNL)
    assert one.is_same_as(shifted, TOLERANCE) is is_same


@pytest.mark.parametrize("state", [None, [], "text", {}, {"net": None}, {"net": True}])
def test_what_is_not_stated_reads_as_empty(state: Json) -> None:
    assert stated(state, "net") == ""
