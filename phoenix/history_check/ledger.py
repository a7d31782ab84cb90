"""The broker's own ledger: what really reached it and what it did, in its own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from phoenix.history_check.records import decimal, instant

OUR_PREFIX = "PX"
_FILLS = frozenset({"EXECUTION", "CORRECTION", "BUST"})
_ENDS = frozenset({"REJECTED", "CANCELLED", "EXPIRED"})


class LedgerUnreadable(ValueError):
    """A ledger record that does not read. A ledger with a hole proves nothing, so none of it is used."""


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """One line of the ledger. `raw` holds what belongs to its kind."""

    seq: int
    at: datetime
    kind: str
    reference: str | None
    permanent_id: str | None
    raw: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """A field as text. An absent field and a blank one are both None."""
        value = self.raw.get(name)
        return str(value) if value not in (None, "") else None

    def number(self, name: str) -> Decimal | None:
        """A field as a decimal; None where it is blank. Raises LedgerUnreadable."""
        text = self.text(name)
        try:
            return None if text is None else decimal(text)
        except ValueError as error:
            raise LedgerUnreadable(f"ledger record {self.seq}, {name}: {error}") from error


@dataclass(slots=True)
class BrokerLedger:
    """The ledger, found by what the rules ask for. `fills` and `orders` keep the ledger's order,
    and so does `holdings`: everything that changed what the broker holds."""

    orders: list[LedgerRecord] = field(default_factory=list)
    amendments: list[LedgerRecord] = field(default_factory=list)
    cancels: list[LedgerRecord] = field(default_factory=list)
    fills: list[LedgerRecord] = field(default_factory=list)
    holdings: list[LedgerRecord] = field(default_factory=list)
    ends: dict[str, list[LedgerRecord]] = field(default_factory=lambda: defaultdict(list))
    received: dict[str, list[LedgerRecord]] = field(default_factory=lambda: defaultdict(list))
    reference_of: dict[str, str] = field(default_factory=dict)
    last_at: datetime | None = None

    def add(self, record: LedgerRecord) -> None:
        """Take one more record."""
        if self.last_at is None or record.at > self.last_at:
            self.last_at = record.at
        if record.kind == "ORDER_RECEIVED":
            self.orders.append(record)
            if record.reference is not None:
                self.received[record.reference].append(record)
                if record.permanent_id is not None:
                    self.reference_of[record.permanent_id] = record.reference
        elif record.kind == "AMENDED":
            self.amendments.append(record)
        elif record.kind == "CANCEL_RECEIVED":
            self.cancels.append(record)
        elif record.kind in _FILLS:
            self.fills.append(record)
            self.holdings.append(record)
        elif record.kind == "EXTERNAL_HOLDING":
            self.holdings.append(record)
        elif record.kind in _ENDS:
            reference = self.owner(record)
            if reference is not None:
                self.ends[reference].append(record)

    def owner(self, record: LedgerRecord) -> str | None:
        """The reference of the order a record is about, also where the record names the permanent id only."""
        if record.reference is not None:
            return record.reference
        return None if record.permanent_id is None else self.reference_of.get(record.permanent_id)


def read_ledger(records: Iterable[Mapping[str, Any]]) -> BrokerLedger:
    """The ledger of an iterable of JSON objects. Raises LedgerUnreadable."""
    ledger = BrokerLedger()
    for place, raw in enumerate(records, start=1):
        try:
            record = LedgerRecord(
                seq=int(raw["seq"]),
                at=instant(raw["at"]),
                kind=str(raw["kind"]),
                reference=raw.get("reference") or None,
                permanent_id=_id(raw.get("permanent_id")),
                raw=raw,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerUnreadable(f"ledger record {dict(raw)!r} does not read: {error!r}") from error
        if record.seq != place:
            raise LedgerUnreadable(f"ledger record {record.seq} stands at place {place}: the ledger has a gap")
        ledger.add(record)
    return ledger


def is_ours(reference: str | None) -> bool:
    """Whether an order reference is one that Phoenix makes."""
    return reference is not None and reference.startswith(OUR_PREFIX)


def _id(value: object) -> str | None:
    return None if value in (None, "") else str(value)
