"""What an instrument is at the broker, against what is configured: finer, beside or smaller is a contradiction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from phoenix.application.gate.contracts import contradictions
from phoenix.domain.numbers import is_multiple
from phoenix.ports.broker_facts import ContractDetails
from phoenix.rehearsal.instruments import GBPUSD

SAME = ContractDetails("GBPUSD", GBPUSD.tick, GBPUSD.min_size, GBPUSD.size_step, "USD")
steps = st.integers(1, 5000).map(lambda number: Decimal(number) / 100_000)


def test_what_was_configured_by_the_brokers_word_contradicts_nothing() -> None:
    assert contradictions(GBPUSD, SAME) == ()


def test_what_the_broker_does_not_report_contradicts_nothing() -> None:
    assert contradictions(GBPUSD, replace(SAME, min_size=None, size_step=None)) == ()


def test_a_broker_without_a_usable_tick_is_contradicted_by_any() -> None:
    [found] = contradictions(GBPUSD, replace(SAME, tick=Decimal(0)))
    assert "tick" in found


def test_everything_that_contradicts_is_named() -> None:
    details = ContractDetails("GBPUSD", Decimal("0.0001"), Decimal(25_000), Decimal(5_000), "EUR")
    found = contradictions(GBPUSD, details)
    assert [name for name in ("currency", "tick", "size_step", "min_size") if any(name in text for text in found)] == [
        "currency", "tick", "size_step", "min_size"
    ]  # fmt: skip


@given(steps, steps)
def test_a_tick_is_safe_exactly_where_every_price_on_it_lies_on_the_brokers_grid(
    ours: Decimal, theirs: Decimal
) -> None:
    found = contradictions(replace(GBPUSD, tick=ours), replace(SAME, tick=theirs))
    assert (found == ()) == all(is_multiple(ours * count, theirs) for count in (1, 2, 3, 7))


@given(steps, st.integers(1, 50))
def test_a_coarser_tick_on_the_brokers_grid_is_safe_and_a_finer_one_is_not(theirs: Decimal, times: int) -> None:
    assert contradictions(replace(GBPUSD, tick=theirs * times), replace(SAME, tick=theirs)) == ()
    assert bool(contradictions(replace(GBPUSD, tick=theirs), replace(SAME, tick=theirs * times))) == (times > 1)
