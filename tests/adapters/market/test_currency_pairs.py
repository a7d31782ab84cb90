"""Currency pairs lie on the half-pip grid, yen pairs on a coarser one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from phoenix.adapters.market.currency_pairs import currency_pair
from phoenix.domain.errors import InvalidValue


@pytest.mark.parametrize(("pair", "tick"), [("GBPUSD", "0.00005"), ("EURGBP", "0.00005"), ("USDJPY", "0.005")])
def test_ticks_are_half_pips(pair: str, tick: str) -> None:
    instrument = currency_pair(pair)
    assert (instrument.symbol, instrument.currency) == (pair[:3], pair[3:])
    assert instrument.tick == Decimal(tick) == instrument.pip / 2
    assert instrument.size_step == 1000


@pytest.mark.parametrize("pair", ["", "GBP", "gbpusd", "GBPUSDX", "GBP/USD", "USDUSD", "ÄÖÜUSD", "GBPUSD\n"])
def test_anything_but_two_currencies_is_refused(pair: str) -> None:
    with pytest.raises(InvalidValue, match="two currencies"):
        currency_pair(pair)
