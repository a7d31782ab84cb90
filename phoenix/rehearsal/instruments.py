"""Instruments as a person would configure them: a dollar quote, a yen quote and a cross."""

from __future__ import annotations

from decimal import Decimal

from phoenix.domain.instrument import Instrument


def fx(pair: str, tick: str, pip: str) -> Instrument:
    """A currency pair that trades in steps of 1,000 units."""
    step = Decimal(1000)
    return Instrument(pair, pair[:3], "CASH", "IDEALPRO", pair[3:], Decimal(tick), Decimal(pip), step, step)


GBPUSD = fx("GBPUSD", "0.00005", "0.0001")
EURUSD = fx("EURUSD", "0.00005", "0.0001")
USDJPY = fx("USDJPY", "0.005", "0.01")
EURGBP = fx("EURGBP", "0.00005", "0.0001")
INSTRUMENTS = {instrument.pair: instrument for instrument in (GBPUSD, EURUSD, USDJPY, EURGBP)}
