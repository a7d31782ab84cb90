"""What the broker really received and did, in order, whoever heard of it (format: docs/reference/broker-ledger.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from phoenix.domain.encoding import Json, encode_trusted
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import ZERO, decimal_text

Detail: TypeAlias = str | int | Decimal | None


class LedgerKind(StrEnum):
    CONNECTED = "CONNECTED"
    DISCONNECTED = "DISCONNECTED"
    ORDER_RECEIVED = "ORDER_RECEIVED"
    EXTERNAL_ORDER = "EXTERNAL_ORDER"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    REJECTED = "REJECTED"
    AMENDED = "AMENDED"
    CANCEL_RECEIVED = "CANCEL_RECEIVED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    EXECUTION = "EXECUTION"
    CORRECTION = "CORRECTION"
    BUST = "BUST"
    EXTERNAL_HOLDING = "EXTERNAL_HOLDING"


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """One thing that happened at the broker. `details` depend on the kind."""

    seq: int
    at: datetime
    kind: LedgerKind
    details: Mapping[str, Detail]

    def as_json(self) -> dict[str, Json]:
        """With numbers as decimal text and instants as Phoenix writes them."""
        plain = {name: _plain(value) for name, value in self.details.items()}
        return {"seq": str(self.seq), "at": instant_text(self.at), "kind": self.kind.value, **plain}


class BrokerLedger:
    """An append-only list of records."""

    def __init__(self) -> None:
        self._records: list[LedgerRecord] = []

    @property
    def records(self) -> Sequence[LedgerRecord]:
        return self._records

    def append(self, at: datetime, kind: LedgerKind, **details: Detail) -> None:
        self._records.append(LedgerRecord(len(self._records) + 1, at, kind, details))

    def restore(self, records: Iterable[LedgerRecord]) -> None:
        """Take these records, of a book that was kept elsewhere, in place of those there are."""
        self._records = list(records)

    def read_on(self, record: LedgerRecord) -> None:
        """Take in one more record that was kept elsewhere."""
        self._records.append(record)

    def to_json_lines(self) -> str:
        """Every record on a line of its own, oldest first."""
        return "".join(encode_trusted(record.as_json()).decode() + "\n" for record in self._records)

    def holdings(self) -> dict[str, Decimal]:
        """The signed net quantity of each instrument that the records add up to; flat ones are left out."""
        effects: dict[str, tuple[str, Decimal]] = {}
        for record in self._records:
            details = record.details
            if record.kind is LedgerKind.EXTERNAL_HOLDING:
                effects[f"external {record.seq}"] = (str(details["pair"]), _number(details["quantity"]))
            elif record.kind in (LedgerKind.EXECUTION, LedgerKind.CORRECTION):
                sign = 1 if details["action"] == "BUY" else -1
                stem = str(details["execution_id"]).rpartition(".")[0]
                effects[stem] = (str(details["pair"]), sign * _number(details["quantity"]))
            elif record.kind is LedgerKind.BUST:
                effects.pop(str(details["execution_id"]).rpartition(".")[0], None)
        return _net(effects.values())


def _net(effects: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    nets: dict[str, Decimal] = {}
    for pair, quantity in effects:
        nets[pair] = nets.get(pair, ZERO) + quantity
    return {pair: quantity for pair, quantity in nets.items() if quantity != ZERO}


def _number(value: Detail) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _plain(value: Detail) -> Json:
    if value is None or isinstance(value, str):
        return value.value if isinstance(value, StrEnum) else value
    return str(value) if isinstance(value, int) else decimal_text(value)
