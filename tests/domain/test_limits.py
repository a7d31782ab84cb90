from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from phoenix.domain.limits import LastQuote, LimitResult, Limits, RiskFacts, check_limits, first_failure
from phoenix.domain.order_plan import EntryTerms
from phoenix.domain.vocabulary import OrderType, Side, TimeInForce
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.rehearsal.signals import MONDAY

TERMS = EntryTerms(
    "SIM1", "GBPUSD", Side.LONG, Decimal(500_000), OrderType.MARKET, TimeInForce.DAY,
    Decimal("1.26000"), Decimal("1.25900"), Decimal("1.26200"),
)  # fmt: skip
FACTS = RiskFacts(
    now=MONDAY,
    instrument=GBPUSD,
    terms=TERMS,
    notional=Decimal(630_000),
    equity=Decimal(100_000),
    buying_power=Decimal(2_000_000),
    quote=LastQuote(Decimal("1.25995"), Decimal("1.26005"), MONDAY),
    net_quantity=Decimal(0),
    in_flight_quantity=Decimal(0),
    open_positions=0,
    daily_realised_pnl=Decimal(0),
    order_instants=(),
    identical_entry_instants=(),
    market_open=True,
    clock_skew_s=Decimal(0),
    stalled_pairs=frozenset(),
    settling_pairs=frozenset(),
    drift_pairs=frozenset(),
)
NAMES = (
    "quantity", "notional", "margin", "price_collar", "tick", "size_step", "position", "open_positions", "daily_loss",
    "orders_per_minute", "orders_per_day", "duplicate", "pair_allowed", "session_hours", "quote_age", "clock_skew",
    "stalled_position", "settling", "drift",
)  # fmt: skip
LIMITS = replace(Limits(), pairs_allowed=frozenset({"GBPUSD"}))


def terms(**changes: Any) -> EntryTerms:
    return replace(TERMS, **changes)


def quote(bid: str, ask: str, age_s: float = 0) -> LastQuote:
    return LastQuote(Decimal(bid), Decimal(ask), MONDAY - timedelta(seconds=age_s))


def ago(*ages_s: float) -> tuple[Any, ...]:
    return tuple(MONDAY - timedelta(seconds=age_s) for age_s in ages_s)


def failures(limits: Limits, **changes: Any) -> list[str]:
    return [result.name for result in check_limits(limits, replace(FACTS, **changes)) if not result.passed]


def test_every_limit_of_the_specification_is_checked_in_its_order() -> None:
    assert tuple(result.name for result in check_limits(LIMITS, FACTS)) == NAMES
    assert first_failure(check_limits(LIMITS, FACTS)) is None


BREACHES: list[tuple[str, dict[str, Any]]] = [
    ("quantity", {"terms": terms(quantity=Decimal(1_001_000))}),
    ("notional", {"notional": Decimal("2000000.01"), "buying_power": Decimal(9_000_000)}),
    ("margin", {"buying_power": Decimal("629999.99")}),
    ("margin", {"buying_power": Decimal(-1)}),
    ("price_collar", {"terms": terms(entry_price=Decimal("12.60000"))}),
    ("price_collar", {"quote": quote("1.24700", "1.24710")}),
    ("price_collar", {"terms": terms(side=Side.SHORT), "quote": quote("1.27500", "1.26010")}),
    ("price_collar", {"quote": quote("0", "0")}),
    ("tick", {"terms": terms(entry_price=Decimal("1.26001"))}),
    ("tick", {"terms": terms(stop_price=Decimal("1.25901"))}),
    ("tick", {"terms": terms(target_price=Decimal("1.26201"))}),
    ("size_step", {"terms": terms(quantity=Decimal(500_500))}),
    ("size_step", {"terms": terms(quantity=Decimal(0))}),
    ("position", {"net_quantity": Decimal(1_501_000)}),
    ("position", {"in_flight_quantity": Decimal(1_501_000)}),
    ("position", {"net_quantity": Decimal(1_000_000), "in_flight_quantity": Decimal(501_000)}),
    ("position", {"terms": terms(side=Side.SHORT), "net_quantity": Decimal(-1_501_000)}),
    ("open_positions", {"open_positions": 5}),
    ("daily_loss", {"daily_realised_pnl": Decimal(-3000)}),
    ("orders_per_minute", {"order_instants": ago(1, 2, 3, 4, 59.9)}),
    ("orders_per_minute", {"order_instants": ago(-600, -600, -600, -600, -600)}),
    ("orders_per_day", {"order_instants": ago(*[3600] * 50)}),
    ("duplicate", {"identical_entry_instants": ago(299.9)}),
    ("duplicate", {"identical_entry_instants": ago(-60)}),
    ("pair_allowed", {"terms": terms(pair="EURUSD")}),
    ("session_hours", {"market_open": False}),
    ("quote_age", {"quote": quote("1.25995", "1.26005", age_s=15.1)}),
    ("quote_age", {"quote": quote("1.25995", "1.26005", age_s=-15.1)}),
    ("clock_skew", {"clock_skew_s": Decimal("2.01")}),
    ("clock_skew", {"clock_skew_s": Decimal("-2.01")}),
    ("stalled_position", {"stalled_pairs": frozenset({"GBPUSD"})}),
    ("settling", {"settling_pairs": frozenset({"GBPUSD"})}),
    ("drift", {"drift_pairs": frozenset({"GBPUSD"})}),
]


@pytest.mark.parametrize(("name", "changes"), BREACHES)
def test_a_breach_fails_its_limit_and_no_other(name: str, changes: dict[str, Any]) -> None:
    assert failures(LIMITS, **changes) == [name]


def test_every_limit_has_a_breach() -> None:
    assert {name for name, _ in BREACHES} == set(NAMES)


AT_LIMIT: list[dict[str, Any]] = [
    {"terms": terms(quantity=Decimal(1_000_000))},
    {"notional": Decimal(2_000_000)},
    {"buying_power": Decimal(630_000)},
    {"terms": terms(entry_price=Decimal("1.26250")), "quote": quote("1.24000", "1.25000")},
    {"net_quantity": Decimal(1_500_000)},
    {"terms": terms(side=Side.SHORT), "net_quantity": Decimal(5_000_000)},
    {"open_positions": 4},
    {"daily_realised_pnl": Decimal("-2999.99")},
    {"daily_realised_pnl": Decimal(5000)},
    {"order_instants": ago(1, 2, 3, 4, 60)},
    {"order_instants": ago(*[3600] * 49)},
    {"identical_entry_instants": ago(300)},
    {"quote": quote("1.25995", "1.26005", age_s=15)},
    {"clock_skew_s": Decimal(-2)},
    {"stalled_pairs": frozenset({"EURUSD"}), "drift_pairs": frozenset({"EURUSD"})},
]


@pytest.mark.parametrize("changes", AT_LIMIT)
def test_what_lies_exactly_at_a_limit_passes(changes: dict[str, Any]) -> None:
    assert failures(LIMITS, **changes) == []


@pytest.mark.parametrize(
    ("fact", "names"),
    [
        ("notional", ["notional", "margin"]),
        ("equity", ["daily_loss"]),
        ("buying_power", ["margin"]),
        ("quote", ["price_collar", "quote_age"]),
        ("net_quantity", ["position"]),
        ("in_flight_quantity", ["position"]),
        ("open_positions", ["open_positions"]),
        ("daily_realised_pnl", ["daily_loss"]),
        ("order_instants", ["orders_per_minute", "orders_per_day"]),
        ("identical_entry_instants", ["duplicate"]),
        ("market_open", ["session_hours"]),
        ("clock_skew_s", ["clock_skew"]),
        ("stalled_pairs", ["stalled_position"]),
        ("settling_pairs", ["settling"]),
        ("drift_pairs", ["drift"]),
    ],
)
def test_what_is_not_known_does_not_pass(fact: str, names: list[str]) -> None:
    assert failures(LIMITS, **{fact: None}) == names


UNKNOWN_FACTS: dict[str, Any] = dict.fromkeys(
    ("notional", "equity", "buying_power", "quote", "net_quantity", "in_flight_quantity", "open_positions",
     "daily_realised_pnl", "order_instants", "identical_entry_instants", "market_open", "clock_skew_s")
)  # fmt: skip


def test_the_permissive_profile_lifts_all_that_can_be_lifted_and_says_so() -> None:
    results = check_limits(Limits.permissive(), replace(FACTS, **UNKNOWN_FACTS))
    assert first_failure(results) is None
    fixed = {"tick", "size_step", "stalled_position", "settling", "drift"}
    assert {result.name for result in results if result.limit != "no limit"} == fixed


@pytest.mark.parametrize("name", ["tick", "size_step", "stalled_position", "settling", "drift"])
def test_no_profile_lifts_grids_stalled_positions_settling_or_drift(name: str) -> None:
    changes = next(changes for breach, changes in BREACHES if breach == name)
    assert failures(Limits.permissive(), **changes) == [name]


def test_an_unconfigured_allow_list_is_stated_as_no_limit() -> None:
    results = {result.name: result for result in check_limits(Limits(), FACTS)}
    assert results["pair_allowed"] == LimitResult("pair_allowed", True, "GBPUSD", "no limit")


def test_a_result_tells_what_was_found_and_what_the_limit_is() -> None:
    failed = first_failure(check_limits(LIMITS, replace(FACTS, terms=terms(quantity=Decimal(5_000_000)))))
    assert failed == LimitResult("quantity", False, "5000000", "1000000")
