"""What a seed decides: prices, distances, sides, sizes, delays. Everything is on the grids of the made-up market."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from phoenix.domain.numbers import decimal_text
from phoenix.domain.vocabulary import Side
from phoenix.rehearsal.instruments import EURUSD, GBPUSD, INSTRUMENTS, USDJPY

RISKS = tuple(Decimal(tenths) / 10 for tenths in range(5, 11))
"""Shares of equity at risk, in percent, that stay under every limit at the distances drawn below."""
STOP_PIPS = (12, 30)
TARGET_TIMES = (Decimal("1.5"), Decimal(2), Decimal(3))


@dataclass(frozen=True, slots=True)
class Plan:
    """A trade as a signal would have it."""

    pair: str
    side: Side
    entry: Decimal
    stop: Decimal
    target: Decimal
    risk_percent: Decimal

    def parameters(self) -> dict[str, str]:
        prices = {"entry": self.entry, "stop": self.stop, "target": self.target, "risk_percent": self.risk_percent}
        return {"pair": self.pair, **{name: decimal_text(value) for name, value in prices.items()}}


class Luck:
    """A stream of draws. Equal seeds draw equally, in whichever process."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self.bids = {
            GBPUSD.pair: self._price("1.20000", GBPUSD.tick, 4000),
            EURUSD.pair: self._price("1.05000", EURUSD.tick, 2000),
            USDJPY.pair: self._price("140.000", USDJPY.tick, 4000),
        }

    def seconds(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def share(self, low: int, high: int) -> Decimal:
        """A share of one, in whole percent between two."""
        return Decimal(self.random.randint(low, high)) / 100

    def chance(self) -> bool:
        return self.random.random() < 0.5

    def plan(self, pair: str = GBPUSD.pair, pips: tuple[int, int] = STOP_PIPS) -> Plan:
        """A trade on the market as it stands, either way round."""
        instrument = INSTRUMENTS[pair]
        side = Side.LONG if self.chance() else Side.SHORT
        entry = self.bids[pair]
        distance = instrument.pip * self.random.randint(*pips)
        reward = distance * self.random.choice(TARGET_TIMES)
        sign = 1 if side is Side.LONG else -1
        return Plan(pair, side, entry, entry - sign * distance, entry + sign * reward, self.random.choice(RISKS))

    def _price(self, lowest: str, tick: Decimal, ticks: int) -> Decimal:
        return Decimal(lowest) + tick * self.random.randint(0, ticks)
