"""Holds the codec of the simulated gateway against the decoders and encoders of the real client libraries.

    python -m tools.probes.decoders [ib_insync|ibapi|ib_async ...]

Exit code 1 on any difference, 2 when a library is not known or not installed.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from phoenix.adapters.gateway.wire import replies as said
from phoenix.adapters.gateway.wire.decoding import decode
from phoenix.adapters.gateway.wire.encoding import encode
from phoenix.adapters.gateway.wire.framing import Deframer, frame
from phoenix.adapters.gateway.wire.handshake import Handshake, answer, negotiate
from phoenix.adapters.gateway.wire.requests import StartApi, Undecodable
from tools.probes import reply_samples, request_samples
from tools.probes.libraries import Library, Understood, ib_async, ib_insync, ibapi

LIBRARIES: Mapping[str, Callable[[], Library]] = MappingProxyType(
    {
        "ib_insync": ib_insync,
        "ibapi": ibapi,
        "ib_async": ib_async,
    }
)
INSTALLED_WITH_PHOENIX = ("ib_insync", "ibapi")
_SHOWN = 40


def main(names: Sequence[str]) -> int:
    """Prints one line for each library, then the differences. Returns the exit code."""
    if unknown := [name for name in names if name not in LIBRARIES]:
        print(f"{unknown[0]} is not known; name any of {', '.join(LIBRARIES)}", file=sys.stderr)
        return 2
    try:
        libraries = [LIBRARIES[name]() for name in names or INSTALLED_WITH_PHOENIX]
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: nothing can be held against it", file=sys.stderr)
        return 2
    differences = []
    print(f"{'library':<12}{'versions':<12}{'replies':>10}{'requests':>10}{'differences':>13}")
    for library in libraries:
        replies, requests, sessions = list(_replies(library)), list(_requests(library)), _sessions(library)
        found = [text for text in (*replies, *requests, *sessions) if text]
        span = f"{library.versions[0]}-{library.versions[-1]}"
        print(f"{library.name:<12}{span:<12}{len(replies):>10}{len(requests):>10}{len(found):>13}")
        differences += found
    for text in differences[:_SHOWN]:
        print(text)
    return 1 if differences else 0


def _replies(library: Library) -> Iterator[str]:
    for version in library.versions:
        for sample in reply_samples.SAMPLES:
            if version >= sample.since:
                fields = encode(sample.reply, version, reply_samples.ZONE)
                (sent,) = Deframer().feed(frame(fields))
                wrong = _wrong(sample, library.decode(sent, version), version)
                yield f"{library.name} {version} {type(sample.reply).__name__}: {'; '.join(wrong)}" if wrong else ""


def _wrong(sample: reply_samples.Sample, understood: Understood, version: int) -> list[str]:
    calls = [_as_the_vendor_calls(*call) for call in understood.calls]
    found = next((arguments for name, arguments in calls if name == sample.callback), None)
    if found is None:
        return [*understood.errors, f"no {sample.callback}"]
    named = dict(enumerate(found))
    sizes = [arguments[2] for name, arguments in calls if name == "tickSize" and sample.callback == "tickPrice"]
    wrong = list(understood.errors)
    for path, expected in sample.values(version).items():
        got = (*sizes, *found[3:])[0] if path == "size" else _at(named, path)
        if not _same(expected, got):
            wrong.append(f"{path} is {got!r}, not {expected!r}")
    return wrong


def _as_the_vendor_calls(name: str, arguments: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    return ("tickPrice", arguments) if name == "priceSizeTick" else (name, arguments)


def _at(arguments: dict[int, Any], path: str) -> Any:
    first, *rest = path.split(".")
    value: Any = arguments[int(first)]
    for name in rest:
        value = value[int(name)] if name.isdigit() else getattr(value, name)
    return value


def _same(expected: object, got: object) -> bool:
    if isinstance(expected, datetime):
        return got == expected or got == f"{expected.astimezone(reply_samples.ZONE):%Y%m%d  %H:%M:%S}"
    if isinstance(expected, bool):
        return got is expected
    if isinstance(expected, int | float):
        return isinstance(got, int | float | Decimal) and float(got) == float(expected)
    return got == expected and type(got) is type(expected)


def _requests(library: Library) -> Iterator[str]:
    for version in library.versions:
        for sample in request_samples.samples(library.classes):
            if version >= sample.since:
                yield _asked(library, version, sample)


def _asked(library: Library, version: int, sample: request_samples.Sample) -> str:
    client, sent = library.client(version)
    sample.ask(client)
    if not sent:
        return "" if version < library.versions[-1] and library.name == "ibapi" else f"{sample.label}: nothing sent"
    (fields,) = Deframer().feed(b"".join(sent))
    try:
        request = decode(fields, version)
    except Undecodable as error:
        return f"{library.name} {version} {sample.label}: {error.text}"
    return "" if request == sample.expected else f"{library.name} {version} {sample.label}: {request}"


class _Server:
    """As much of a server as a client needs to come up."""

    def __init__(self, client: Any, version: int) -> None:
        self._client, self._version = client, version
        self._handshake: Handshake | None = Handshake()
        self._deframer = Deframer()

    async def connectAsync(self, host: str, port: int) -> None:  # noqa: N802 (the library's name)
        """Nothing to wait for."""

    def disconnect(self) -> None:
        """Nothing to close."""

    def sendMsg(self, data: bytes) -> None:  # noqa: N802 (the library's name)
        if self._handshake is not None:
            offer = self._handshake.feed(data)
            if offer is not None:
                self._handshake = None
                version = negotiate(offer, self._version)
                self._say(answer(version or 0, "20260302 09:30:00 UTC"))
            return
        for fields in self._deframer.feed(data):
            if isinstance(decode(fields, self._version), StartApi):
                opening = (said.ManagedAccounts(("DU1",)), said.NextValidId(1))
                for reply in opening:
                    self._say(frame(encode(reply, self._version, reply_samples.ZONE)))

    def _say(self, data: bytes) -> None:
        asyncio.get_running_loop().call_soon(self._client._onSocketHasData, data)


def _sessions(library: Library) -> list[str]:
    """What is found when the real client shakes hands; ibapi does so on sockets of its own only."""
    return [] if library.name == "ibapi" else asyncio.run(_connected(library))


async def _connected(library: Library) -> list[str]:
    """Differences, version by version."""
    found = []
    for version in library.versions:
        client, _ = library.client(version)
        client.reset()
        client.conn = _Server(client, version)
        try:
            await client.connectAsync("", 0, 3, timeout=5)
        except (ConnectionError, TimeoutError) as error:
            found.append(f"{library.name} {version} handshake: {error!r}")
            continue
        if client.serverVersion() != version or client.getAccounts() != ["DU1"]:
            found.append(f"{library.name} {version} handshake: {client.serverVersion()} {client.getAccounts()}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
