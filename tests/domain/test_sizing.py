from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.instrument import Instrument
from phoenix.domain.profit import Conversion
from phoenix.domain.refusals import Refused
from phoenix.domain.sizing import Rate, Sizing, SizingInput, SizingPolicy, size
from phoenix.domain.vocabulary import RefusalReason
from phoenix.rehearsal.instruments import EURGBP, GBPUSD, USDJPY
from phoenix.rehearsal.signals import MONDAY

POLICY = SizingPolicy(equity_max_age_s=300, rate_max_age_s=60)


def inputs(
    instrument: Instrument = GBPUSD,
    equity: str = "100000",
    risk_percent: str = "1.0",
    entry: str = "1.57260",
    stop: str = "1.57370",
    rates: tuple[Rate, ...] = (),
) -> SizingInput:
    return SizingInput(
        Decimal(equity), "USD", MONDAY, "balance", Decimal(risk_percent), Decimal(entry), Decimal(stop),
        Decimal(entry) * 2 - Decimal(stop), instrument, rates,
    )  # fmt: skip


def sized(given_inputs: SizingInput) -> Sizing:
    return size(given_inputs, POLICY, MONDAY)


def exact_risk(given_inputs: SizingInput, quantity: Decimal) -> Fraction:
    """What `quantity` loses at the stop, in dollars, by exact fractions."""
    lost = Fraction(quantity) * abs(Fraction(given_inputs.entry) - Fraction(given_inputs.stop))
    if given_inputs.instrument.currency == "USD":
        return lost
    if given_inputs.instrument.symbol == "USD":
        return lost / Fraction(given_inputs.entry)
    (rate,) = given_inputs.rates
    return lost * Fraction(rate.price) if rate.pair == "GBPUSD" else lost / Fraction(rate.price)


def risk_target(given_inputs: SizingInput) -> Fraction:
    assert given_inputs.equity is not None
    return Fraction(given_inputs.equity) * Fraction(given_inputs.risk_percent) / 100


def test_one_per_cent_of_a_hundred_thousand_over_eleven_pips() -> None:
    sizing = sized(inputs())
    assert sizing.risk_target == 1000
    assert sizing.stop_distance == Decimal("0.0011")
    assert sizing.pip_value == Decimal("0.0001")
    assert sizing.raw_quantity == Decimal("909090.90909090")
    assert sizing.quantity == 909_000
    assert sizing.money_at_risk == Decimal("999.9")
    assert sizing.notional == Decimal("1429493.4")
    assert sizing.reward_risk == 1
    assert sizing.conversion is Conversion.NONE
    assert sizing.conversion_rate == 1
    assert sizing.rates_used == ()


def test_a_pair_based_on_the_accounts_currency_is_sized_at_the_planned_entry_as_rate() -> None:
    sizing = sized(inputs(USDJPY, entry="80.000", stop="79.600"))
    assert sizing.quantity == 200_000
    assert sizing.money_at_risk == 1000
    assert sizing.notional == 200_000
    assert sizing.money_rule.conversion is Conversion.AT_EXIT_PRICE
    (used,) = sizing.rates_used
    assert (used.pair, used.price, used.basis, used.as_of) == ("USDJPY", Decimal("80.000"), "PLANNED_ENTRY", None)


@pytest.mark.parametrize(("pair", "price"), [("GBPUSD", "1.25"), ("USDGBP", "0.8")])
def test_a_cross_is_sized_by_the_named_rate_or_its_inverse(pair: str, price: str) -> None:
    sizing = sized(inputs(EURGBP, entry="0.85000", stop="0.84800", rates=(Rate(pair, Decimal(price), MONDAY),)))
    assert sizing.quantity == 400_000
    assert sizing.money_at_risk == 1000
    assert sizing.conversion_rate == Decimal("1.25")
    assert sizing.money_rule.money(Decimal(8), Decimal("0.86")) == 10
    assert [(used.pair, used.basis, used.as_of) for used in sizing.rates_used] == [(pair, "QUOTE", MONDAY)]


STALE = MONDAY - timedelta(seconds=301)
CROSS = inputs(EURGBP, entry="0.85000", stop="0.84800", rates=(Rate("GBPUSD", Decimal("1.25"), MONDAY),))


@pytest.mark.parametrize(
    ("refused_inputs", "field"),
    [
        (replace(inputs(), equity=None), "equity"),
        (replace(inputs(), equity=Decimal("NaN")), "equity"),
        (replace(inputs(), equity_currency=""), "equity"),
        (replace(inputs(), equity_as_of=STALE), "equity"),
        (replace(inputs(), equity_as_of=MONDAY + timedelta(seconds=301)), "equity"),
        (inputs(equity="0"), "equity"),
        (inputs(equity="-5"), "equity"),
        (inputs(risk_percent="0"), "risk_percent"),
        (inputs(stop="1.57260"), "stop"),
        (inputs(equity="100"), "quantity"),
        (replace(CROSS, rates=()), "rates"),
        (replace(CROSS, rates=(Rate("EURUSD", Decimal("1.1"), MONDAY),)), "rates"),
        (replace(CROSS, rates=(Rate("GBPUSD", Decimal(0), MONDAY),)), "rates.GBPUSD"),
        (replace(CROSS, rates=(Rate("GBPUSD", Decimal("1.25"), MONDAY - timedelta(seconds=61)),)), "rates.GBPUSD"),
    ],
)
def test_what_is_unknown_stale_or_too_small_is_refused(refused_inputs: SizingInput, field: str) -> None:
    with pytest.raises(Refused) as refused:
        sized(refused_inputs)
    assert (refused.value.reason, refused.value.field) == (RefusalReason.SIZING, field)


def test_facts_exactly_at_their_age_limit_still_count() -> None:
    rate = Rate("GBPUSD", Decimal("1.25"), MONDAY - timedelta(seconds=60))
    at_limit = replace(CROSS, equity_as_of=MONDAY - timedelta(seconds=300), rates=(rate,))
    assert sized(at_limit).quantity == 400_000


def test_the_minimum_size_holds_apart_from_the_step() -> None:
    coarse = replace(GBPUSD, min_size=Decimal(910_000))
    with pytest.raises(Refused, match="minimum size of 910000"):
        sized(inputs(coarse))


prices = st.decimals("0.5", "200", places=5)
distances = st.decimals("0.0005", "0.4", places=5)
money = st.decimals("50000", "9999999", places=2)
percents = st.decimals("0.5", "2.5", places=2)
instruments = st.sampled_from(
    [
        (GBPUSD, ()),
        (USDJPY, ()),
        (EURGBP, (Rate("GBPUSD", Decimal("1.57263"), MONDAY),)),
        (EURGBP, (Rate("USDGBP", Decimal("0.63587"), MONDAY),)),
        (replace(EURGBP, size_step=Decimal(1), min_size=Decimal(1)), (Rate("USDGBP", Decimal("0.7"), MONDAY),)),
    ]
)


@st.composite
def sizings(draw: st.DrawFn) -> SizingInput:
    entry, distance = draw(prices), draw(distances)
    instrument, rates = draw(instruments)
    stop, target = entry - distance, entry + distance
    return SizingInput(
        draw(money), "USD", MONDAY, "balance", draw(percents), entry, stop, target, instrument, rates
    )  # fmt: skip


@given(sizings())
def test_money_at_risk_never_exceeds_its_target_and_one_more_step_would(given_inputs: SizingInput) -> None:
    try:
        sizing = sized(given_inputs)
    except Refused:
        smallest = given_inputs.instrument.min_size
        assert exact_risk(given_inputs, smallest) > risk_target(given_inputs)
        return
    target = risk_target(given_inputs)
    assert exact_risk(given_inputs, sizing.quantity) <= target
    assert exact_risk(given_inputs, sizing.quantity + given_inputs.instrument.size_step) > target
    assert Fraction(sizing.money_at_risk) <= exact_risk(given_inputs, sizing.quantity)
    assert Fraction(sizing.risk_target) == target


@given(sizings())
def test_a_size_lies_on_the_step_grid_and_is_never_rounded_up(given_inputs: SizingInput) -> None:
    try:
        sizing = sized(given_inputs)
    except Refused:
        return
    assert sizing.quantity % given_inputs.instrument.size_step == 0
    assert sizing.quantity >= given_inputs.instrument.min_size
    assert sizing.quantity <= sizing.raw_quantity + Decimal("0.00000001")


@given(sizings(), st.integers(2, 9))
def test_equity_and_risk_scale_alike(given_inputs: SizingInput, factor: int) -> None:
    assert given_inputs.equity is not None
    richer = replace(given_inputs, equity=given_inputs.equity * factor)
    bolder = replace(given_inputs, risk_percent=given_inputs.risk_percent * factor)
    try:
        assert sized(richer).quantity == sized(bolder).quantity
    except Refused:
        return


@given(sizings())
def test_twice_the_equity_takes_twice_the_size_or_a_step_more(given_inputs: SizingInput) -> None:
    assert given_inputs.equity is not None
    try:
        once, twice = sized(given_inputs), sized(replace(given_inputs, equity=given_inputs.equity * 2))
    except Refused:
        return
    assert twice.quantity - once.quantity * 2 in (0, given_inputs.instrument.size_step)


@given(sizings())
def test_a_long_and_a_short_of_the_same_distance_have_the_same_size(given_inputs: SizingInput) -> None:
    mirrored = replace(given_inputs, stop=given_inputs.target, target=given_inputs.stop)
    try:
        assert sized(given_inputs).quantity == sized(mirrored).quantity
    except Refused:
        return
