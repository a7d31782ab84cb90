"""A message read field by field, from the first to the last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from phoenix.adapters.gateway.wire import numbers
from phoenix.adapters.gateway.wire.requests import ContractFields, Undecodable

_CONTRACT = (
    "conId", "symbol", "secType", "lastTradeDateOrContractMonth", "strike", "right", "multiplier", "exchange",
    "primaryExchange", "currency", "localSymbol", "tradingClass",
)  # fmt: skip


class Cursor:
    """Where the reading of one message, laid out for one version, has come to.

    Every method raises Undecodable, which names the request or order once `identify` has read its id.
    """

    def __init__(self, name: str, fields: Sequence[str], version: int) -> None:
        self.version = version
        self.request_id = -1
        self._name = name
        self._fields = fields
        self._read = 1

    def text(self, field: str) -> str:
        if self._read >= len(self._fields):
            raise self.refusal(f"{self._name} ends before {field}")
        self._read += 1
        return self._fields[self._read - 1]

    def texts(self, fields: Iterable[str]) -> dict[str, str]:
        """The next fields, each under the name given for it."""
        return {field: self.text(field) for field in fields}

    def integer(self, field: str) -> int:
        return numbers.read_integer(field, self.text(field), self.request_id)

    def count(self, field: str) -> int:
        """How many of something follow."""
        text = self.text(field)
        number = numbers.read_integer(field, text, self.request_id)
        if number < 0:
            raise numbers.unreadable(field, text, "a count", self.request_id)
        return number

    def decimal(self, field: str) -> Decimal | None:
        return numbers.read_decimal(field, self.text(field), self.request_id)

    def flag(self, field: str) -> bool:
        return numbers.read_flag(field, self.text(field), self.request_id)

    def identify(self, field: str) -> int:
        """The id of the request or order, which goes with every refusal from here on."""
        self.request_id = self.integer(field)
        return self.request_id

    def skip(self, *fields: str) -> None:
        for field in fields:
            self.text(field)

    def contract(self) -> ContractFields:
        """The twelve fields that name a contract."""
        texts = self.texts(_CONTRACT)
        return ContractFields(
            contract_id=numbers.read_integer("conId", texts["conId"], self.request_id),
            symbol=texts["symbol"],
            security_type=texts["secType"],
            exchange=texts["exchange"],
            currency=texts["currency"],
            local_symbol=texts["localSymbol"],
            primary_exchange=texts["primaryExchange"],
            trading_class=texts["tradingClass"],
        )

    def finish(self) -> None:
        """To be called behind the last field that the version knows."""
        surplus = len(self._fields) - self._read
        if surplus:
            raise self.refusal(f"{self._name} has {surplus} fields more than its version knows")

    def refusal(self, why: str) -> Undecodable:
        return Undecodable(numbers.READING_FAILED, f"Error reading request: {why}", self.request_id)
