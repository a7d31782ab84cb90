"""The drill's bracket: whatever the account and the market, the core sizes what was wanted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.application.signals.cse import read_signal
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.signal import check_signal
from phoenix.domain.sizing import SizingInput, size
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.broker_facts import AccountSnapshot, Quote
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.rehearsal.world import make_policy
from phoenix.runtime.drill.bracket import STOP_SHARE_MAX, drill_signal
from phoenix.runtime.drill.plan import DrillPlan

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
COARSE = replace(GBPUSD, min_size=Decimal(1000), size_step=Decimal(1000))
FINE = replace(GBPUSD, min_size=Decimal(20_000), size_step=Decimal(1))
ID = "00000000-0000-7000-8000-000000000001"


def account(equity: Decimal) -> AccountSnapshot:
    return AccountSnapshot("SIM0001", AccountMode.SIMULATOR, "USD", equity, equity, None, None, NOW)


def sized(instrument: Instrument, quantity: Decimal | None, equity: Decimal, bid: Decimal, drift: Decimal) -> Decimal:
    """What the core makes of a drill's signal, once the equity has moved a little."""
    policy = make_policy(instruments={instrument.pair: instrument})
    quote = Quote(instrument.pair, bid, bid + Decimal("0.0001"), NOW)
    plan = DrillPlan(instrument, quantity, 0, 1, until_target=False)
    signal = read_signal(drill_signal(plan, policy, account(equity), quote, (), NOW, ID))
    check_signal(signal, policy.instruments, NOW, 5)
    assert signal.entry - signal.stop <= signal.entry * STOP_SHARE_MAX
    inputs = SizingInput(
        equity * drift, "USD", NOW, "equity", signal.risk_percent, signal.entry, signal.stop, signal.target, instrument,
        (),
    )  # fmt: skip
    return size(inputs, policy.sizing, NOW).quantity


@given(
    equity=st.decimals(20_000, 100_000, places=2), bid=st.decimals("0.9", "2", places=4),
    drift=st.sampled_from([Decimal("0.9999"), Decimal(1), Decimal("1.0001")]),
)  # fmt: skip
def test_the_smallest_size_is_sized_and_a_little_drift_of_the_equity_changes_nothing(
    equity: Decimal, bid: Decimal, drift: Decimal
) -> None:
    assert sized(COARSE, None, equity, bid, drift) == COARSE.min_size


@given(equity=st.decimals(20_000, 1_000_000, places=2), drift=st.sampled_from([Decimal("0.9999"), Decimal("1.0001")]))
def test_on_a_fine_grid_it_is_never_under_the_minimum_and_hardly_above(equity: Decimal, drift: Decimal) -> None:
    quantity = sized(FINE, None, equity, Decimal("1.27"), drift)
    assert FINE.min_size <= quantity <= FINE.min_size * Decimal("1.002")


def test_a_quantity_that_was_asked_for_is_what_is_sized() -> None:
    assert sized(COARSE, Decimal(200_000), Decimal(100_000), Decimal("1.27"), Decimal(1)) == Decimal(200_000)


def test_on_a_large_account_the_stop_stays_at_a_price_and_the_size_grows() -> None:
    assert sized(COARSE, None, Decimal(10_000_000), Decimal("1.27"), Decimal(1)) > COARSE.min_size


@pytest.mark.parametrize(
    ("quantity", "equity", "part"), [(9_000_000, 100_000, "nearer"), (1000, 10_000_000, "further")]
)
def test_a_quantity_without_a_sensible_stop_is_refused(quantity: int, equity: int, part: str) -> None:
    with pytest.raises(InvalidValue, match=part):
        sized(COARSE, Decimal(quantity), Decimal(equity), Decimal("1.27"), Decimal(1))
