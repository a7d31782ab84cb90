"""What is traded, and the grids its prices and quantities lie on."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import ZERO, is_multiple


@dataclass(frozen=True, slots=True)
class Instrument:
    """A configured instrument. Prices are quoted in `currency` per unit of `symbol`.

    `tick`, `pip` are price distances; `min_size`, `size_step` are quantities in units.
    """

    pair: str
    symbol: str
    security_type: str
    exchange: str
    currency: str
    tick: Decimal
    pip: Decimal
    min_size: Decimal
    size_step: Decimal

    def __post_init__(self) -> None:
        for name in ("tick", "pip", "min_size", "size_step"):
            if not getattr(self, name) > ZERO:
                raise InvalidValue(f"instruments.{self.pair}.{name}", "not above zero", "Give the broker's value")

    def on_tick_grid(self, price: Decimal) -> bool:
        return is_multiple(price, self.tick)

    def price_text(self, price: Decimal) -> str:
        """A price with as many decimals as the tick has."""
        return str(price.quantize(self.tick))
