"""The instrument that a currency pair is, on the grids that IBKR uses for spot currencies."""

from __future__ import annotations

import re
from decimal import Decimal

from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument

_FEW_DECIMALS = frozenset({"HUF", "JPY", "KRW"})
"""Quote currencies whose pairs have pips of 0.01 instead of 0.0001."""


def currency_pair(pair: str) -> Instrument:
    """GBPUSD as an instrument: half-pip ticks, 1,000 units as the smallest size and step.

    Raises InvalidValue for what is not two currencies of three letters.
    """
    if not re.fullmatch(r"[A-Z]{6}", pair, re.ASCII) or pair[:3] == pair[3:]:
        raise InvalidValue("pair", f"{pair!r} is not two currencies of three letters", "Write, for example, GBPUSD")
    pip = Decimal("0.01") if pair[3:] in _FEW_DECIMALS else Decimal("0.0001")
    return Instrument(
        pair=pair, symbol=pair[:3], security_type="CASH", exchange="IDEALPRO", currency=pair[3:], tick=pip / 2, pip=pip,
        min_size=Decimal(1000), size_step=Decimal(1000),
    )  # fmt: skip
