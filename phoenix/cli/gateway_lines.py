"""What a running gateway simulator says: lines for people, or one JSON document to a line for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from phoenix.adapters.simulation.ledger import LedgerKind, LedgerRecord
from phoenix.cli.plain import plain
from phoenix.cli.serving_lines import clock_text, print_document, print_line
from phoenix.domain.instants import instant_text

_Detail = Mapping[str, Any]


class PeopleGatewayLines:
    """An instant, and what happened, on one line. When quiet: the beginning and the end only."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet

    def begin(self, document: Mapping[str, Any]) -> None:
        control = document["control_port"]
        where = f"{document['host']} port {document['port']}"
        directed = "no control channel" if control is None else f"control port {control}"
        told = f"told time from {document['now']}" if document["time"] == "told" else "real time"
        self.say(
            f"listening on {where}, {directed}: account {document['account']}, {', '.join(document['pairs'])}, "
            f"mode {document['mode']}, seed {document['seed']}, {told}"
        )

    def say(self, line: str) -> None:
        print_line(f"{clock_text(datetime.now(UTC))} {plain(line)}")

    def tell(self, record: LedgerRecord) -> None:
        if not self._is_quiet:
            print_line(f"{clock_text(record.at)} {plain(record_line(record))}")


class ProgramGatewayLines:
    """Every line is a JSON document: `listening`, `ledger` with a record, or `said`. When quiet: no records."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet

    def begin(self, document: Mapping[str, Any]) -> None:
        print_document({"listening": dict(document)})

    def say(self, line: str) -> None:
        print_document({"at": instant_text(datetime.now(UTC)), "said": line})

    def tell(self, record: LedgerRecord) -> None:
        if not self._is_quiet:
            print_document({"ledger": record.as_json()})


def record_line(record: LedgerRecord) -> str:
    """A record of the ledger on one line: the commonest in words, any other as it is."""
    details = record.as_json()
    assert isinstance(details, dict)
    words = _WORDS.get(record.kind)
    if words is not None:
        return words(details)
    named = (f"{name} {value}" for name, value in details.items() if name not in _HEAD and value is not None)
    return f"{record.kind.value.lower().replace('_', ' ')}: {', '.join(named)}"


def _order(of: _Detail) -> str:
    prices = [f" {word} {of[name]}" for word, name in (("at", "limit_price"), ("stop", "stop_price")) if of[name]]
    return (
        f"received order {of['session_order_id']} of client {of['client_id']}: {of['action']} {of['quantity']} "
        f"{of['pair']} {of['order_type']}{''.join(prices)} {of['time_in_force']}{_called(of)}"
    )


def _execution(of: _Detail) -> str:
    return (
        f"executed {of['action']} {of['quantity']} {of['pair']} at {of['price']} as {of['execution_id']}{_called(of)}"
    )


def _called(of: _Detail) -> str:
    return f", permanent id {of['permanent_id']}" + (f", reference {of['reference']}" if of["reference"] else "")


_HEAD = frozenset({"seq", "at", "kind"})
_WORDS: Mapping[LedgerKind, Callable[[_Detail], str]] = MappingProxyType(
    {
        LedgerKind.CONNECTED: lambda of: f"client {of['client_id']} connected",
        LedgerKind.DISCONNECTED: lambda of: f"client {of['client_id']} disconnected",
        LedgerKind.ORDER_RECEIVED: _order,
        LedgerKind.EXECUTION: _execution,
        LedgerKind.CANCELLED: lambda of: f"cancelled, {of['filled']} filled ({of['reason']}){_called(of)}",
        LedgerKind.EXPIRED: lambda of: f"expired, {of['filled']} filled ({of['reason']}){_called(of)}",
        LedgerKind.REJECTED: lambda of: f"rejected with {of['code']} ({of['reason']}){_called(of)}",
        LedgerKind.ACKNOWLEDGED: lambda of: f"acknowledged as {of['status']}{_called(of)}",
    }
)
