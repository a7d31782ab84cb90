"""The instruments that the simulated broker trades, as contracts with numbers of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from zlib import crc32

from phoenix.adapters.gateway.wire.replies import Security
from phoenix.adapters.gateway.wire.requests import ContractFields
from phoenix.domain.instrument import Instrument

_FIRST_CONTRACT_ID = 900_000_000
"""Made-up contract numbers lie above this one, away from the real broker's."""


class Securities:
    """Contracts by pair; found by whatever a client says of them."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._by_pair = {pair: _security(instrument) for pair, instrument in sorted(instruments.items())}
        self._pairs = {security.contract_id: pair for pair, security in self._by_pair.items()}

    def of(self, pair: str) -> Security:
        """Raises KeyError for a pair that is not traded."""
        return self._by_pair[pair]

    def pair_of_number(self, contract_id: int) -> str | None:
        return self._pairs.get(contract_id)

    def pairs(self) -> Iterable[str]:
        return self._by_pair

    def find(self, asked: ContractFields) -> list[str]:
        """The pairs that fit; what the client leaves open fits anything."""
        return [pair for pair, security in self._by_pair.items() if _fits(asked, security)]

    def rule_tick(self, rule_id: int) -> Decimal | None:
        """The tick of the market rule with this number."""
        ticks = {security.market_rule_id: security.minimum_tick for security in self._by_pair.values()}
        return ticks.get(rule_id)


def _fits(asked: ContractFields, security: Security) -> bool:
    if asked.contract_id:
        return asked.contract_id == security.contract_id
    wanted = (
        (asked.symbol, security.symbol), (asked.security_type, security.security_type),
        (asked.exchange, security.exchange), (asked.currency, security.currency),
        (asked.local_symbol, security.local_symbol),
    )  # fmt: skip
    return any(word for word, _ in wanted) and all(not word or word == known for word, known in wanted)


def _security(instrument: Instrument) -> Security:
    is_cash = instrument.security_type == "CASH"
    local = f"{instrument.symbol}.{instrument.currency}" if is_cash else instrument.symbol
    number = crc32(f"{instrument.security_type} {local} {instrument.exchange}".encode()) % 90_000_000
    return Security(
        contract_id=_FIRST_CONTRACT_ID + number, symbol=instrument.symbol, security_type=instrument.security_type,
        exchange=instrument.exchange, currency=instrument.currency, local_symbol=local, trading_class=local,
        long_name=f"{instrument.symbol} in {instrument.currency}", minimum_tick=instrument.tick,
        minimum_size=instrument.min_size, size_increment=instrument.size_step, market_rule_id=1 + number % 1000,
    )  # fmt: skip
