"""The vendors' libraries behind one face: decode fields into callbacks, and catch what a client sends."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from types import ModuleType, SimpleNamespace
from typing import Any, TypeAlias

Call: TypeAlias = tuple[str, tuple[Any, ...]]
Decode: TypeAlias = Callable[[Sequence[str], int], "Understood"]


@dataclass
class Understood:
    """The callbacks that a message led to, and what went wrong on the way."""

    calls: list[Call] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Library:
    """One client library: the versions it speaks, its decoder, its client and the classes its users fill in."""

    name: str
    versions: range
    decode: Decode
    client: Callable[[int], tuple[Any, list[bytes]]]
    classes: Any


class _Recorder:
    """Takes whatever callback the decoder knows."""

    def __init__(self, understood: Understood) -> None:
        self._understood = understood
        self.ib = SimpleNamespace(TimezoneTWS="US/Eastern")
        self.defaultTimezone = UTC

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *arguments: self._understood.calls.append((name, arguments))


class _Wire:
    """The connection of a client, which keeps what is sent."""

    def __init__(self, sent: list[bytes]) -> None:
        self._sent = sent

    def isConnected(self) -> bool:  # noqa: N802 (the library's name)
        return True

    def sendMsg(self, data: bytes) -> None:  # noqa: N802 (the library's name)
        self._sent.append(data)


class _Errors(logging.Handler):
    def __init__(self, understood: Understood) -> None:
        super().__init__()
        self._understood = understood

    def emit(self, record: logging.LogRecord) -> None:
        reason = f": {record.exc_info[1]}" if record.exc_info else ""
        self._understood.errors.append(record.getMessage()[:100] + reason)


class _Counted(list[bytes]):
    """Fields that can tell whether a reader took them all."""

    readers: list[Iterator[bytes]]

    def __iter__(self) -> Iterator[bytes]:
        reader = super().__iter__()
        self.readers = [*getattr(self, "readers", []), reader]
        return reader


def ibapi() -> Library:
    """The vendor's own library."""
    from ibapi import client, contract, decoder, execution, order, order_condition, softdollartier, tag_value

    def decode(fields: Sequence[str], version: int) -> Understood:
        understood = Understood()
        counted = _Counted(text.encode() for text in fields)
        watch = _watch("ibapi.decoder", understood)
        try:
            decoder.Decoder(_Recorder(understood), version).interpret(counted)
        except Exception as error:  # noqa: BLE001 (whatever a vendor's decoder raises is what is being looked for)
            understood.errors.append(f"{type(error).__name__}: {error}")
        logging.getLogger("ibapi.decoder").removeHandler(watch)
        for reader in getattr(counted, "readers", []):
            if left := list(reader):
                understood.errors.append(f"{len(left)} fields were not read")
        return understood

    def connected(version: int) -> tuple[Any, list[bytes]]:
        sent: list[bytes] = []
        made = client.EClient(_Recorder(Understood()))
        made.conn, made.serverVersion_, made.clientId = _Wire(sent), version, 3
        made.connState = client.EClient.CONNECTED
        return made, sent

    classes = _gathered(contract, order, order_condition, execution, tag_value, softdollartier)
    return Library("ibapi", range(100, 158), decode, connected, classes)


def ib_insync() -> Library:
    """The asyncio library around the vendor's protocol."""
    from ib_insync import client, contract, decoder, objects, order

    return _insync_like("ib_insync", 176, decoder, client, _gathered(contract, order, objects))


def ib_async() -> Library:
    """The one that continues ib_insync."""
    from ib_async import client, contract, decoder, objects, order

    return _insync_like("ib_async", 178, decoder, client, _gathered(contract, order, objects))


def _insync_like(name: str, highest: int, decoder: Any, client: Any, classes: Any) -> Library:
    def decode(fields: Sequence[str], version: int) -> Understood:
        understood = Understood()
        watch = _watch(f"{name}.Decoder", understood)
        decoder.Decoder(_Recorder(understood), version).interpret(list(fields))
        logging.getLogger(f"{name}.Decoder").removeHandler(watch)
        return understood

    def connected(version: int) -> tuple[Any, list[bytes]]:
        sent: list[bytes] = []
        made = client.Client(_Recorder(Understood()))
        made.conn, made._serverVersion, made.clientId = _Wire(sent), version, 3
        made.connState, made.MaxRequests = client.Client.CONNECTED, 0
        return made, sent

    return Library(name, range(157, highest + 1), decode, connected, classes)


def _watch(logger: str, understood: Understood) -> logging.Handler:
    handler = _Errors(understood)
    handler.setLevel(logging.ERROR)
    logging.getLogger(logger).addHandler(handler)
    logging.getLogger(logger).propagate = False
    return handler


def _gathered(*modules: ModuleType) -> Any:
    names: dict[str, Any] = {}
    for module in modules:
        names |= vars(module)
    return SimpleNamespace(**names)
