"""One socket: bytes in, requests out; replies in, bytes out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, tzinfo
from time import monotonic

from phoenix.adapters.gateway.client import ABOUT_NOTHING, Client
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.wire.decoding import decode
from phoenix.adapters.gateway.wire.encoding import encode
from phoenix.adapters.gateway.wire.framing import Deframer, frame
from phoenix.adapters.gateway.wire.handshake import Handshake, answer, negotiate
from phoenix.adapters.gateway.wire.replies import Reply
from phoenix.adapters.gateway.wire.requests import Undecodable

HIGHEST_VERSION = 178
MESSAGES_PER_SECOND = 50
WARNINGS_BEFORE_HANGING_UP = 3
TOO_FAST = 100
MOST_UNREAD_BYTES = 4 * 2**20
"""How much may wait for a client that does not read."""
_CHUNK = 65_536
_UNREADABLE = ("3", "not a number")
"""An order status without what belongs to one: no client can read it."""


class Connection:
    """Serves one client until either side hangs up. `paces`: whether the message limit is held."""

    def __init__(
        self, gateway: Gateway, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, zone: tzinfo,
        now: Callable[[], datetime], *, paces: bool,
    ) -> None:  # fmt: skip
        self._gateway = gateway
        self._reader = reader
        self._writer = writer
        self._zone = zone
        self._now = now
        self._paces = paces
        self._version = 0
        self._held = bytearray()
        self.spoils_next = gateway.tricks.garbage
        self._received: deque[float] = deque()
        self._warnings = 0
        self.client = Client(self._say, self.hang_up)

    async def serve(self) -> None:
        """Shake hands, then carry out requests until the connection ends."""
        try:
            rest = await self._shake_hands()
            if rest is not None:
                await self._carry_out(rest)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went without a word, which clients may do
        finally:
            self._gateway.left(self.client)
            self._writer.close()

    @property
    def is_open(self) -> bool:
        return not self._writer.is_closing()

    def hang_up(self) -> None:
        """End the connection behind what was said."""
        self._writer.close()

    async def end(self) -> None:
        """End the connection at once; what the client has not read by now is lost."""
        self._writer.transport.abort()
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    def say_what_was_held(self) -> None:
        """Say what was kept back while the gateway was silent."""
        self._write(b"")

    async def _shake_hands(self) -> bytes | None:
        """What follows the greeting; None where no version could be agreed on."""
        if not self._gateway.admits():
            return None
        handshake = Handshake()
        while True:
            data = await self._reader.read(_CHUNK)
            if not data:
                return None
            try:
                offer = handshake.feed(data)
            except Undecodable:
                return None
            if offer is not None:
                break
        highest = self._gateway.tricks.highest_version or HIGHEST_VERSION
        version = negotiate(offer, highest=highest)
        if version is None:
            if highest < offer.lowest:
                self._writer.write(self._agreement(highest))  # an old server says how old it is; the client goes
            return None
        self._version = version
        self._write(self._agreement(version))
        return handshake.rest

    def _agreement(self, version: int) -> bytes:
        return answer(version, f"{self._now().astimezone(self._zone):%Y%m%d %H:%M:%S} {self._zone}")

    async def _carry_out(self, data: bytes) -> None:
        deframer = Deframer()
        while data or not self._reader.at_eof():
            try:
                messages = deframer.feed(data)
            except Undecodable as error:
                self.client.refuse(error.request_id, error.code, error.text)
                return
            for fields in messages:
                if self._writer.is_closing():
                    return
                self._take_in(fields)
            await self._writer.drain()
            if self._writer.is_closing():
                return
            data = await self._reader.read(_CHUNK)
            if not data:
                return

    def _take_in(self, fields: list[str]) -> None:
        if self._is_too_fast():
            return
        try:
            request = decode(fields, self._version)
        except Undecodable as error:
            self.client.refuse(error.request_id, error.code, error.text)
            return
        self._gateway.handle(self.client, request)

    def _is_too_fast(self) -> bool:
        """Whether a message came beyond the limit: it is not carried out, and repeated ones end the connection."""
        if not self._paces:
            return False
        now = monotonic()
        while self._received and self._received[0] <= now - 1:
            self._received.popleft()
        self._received.append(now)
        count = len(self._received)
        if count <= MESSAGES_PER_SECOND:
            return False
        self._warnings += 1
        self.client.refuse(
            ABOUT_NOTHING, TOO_FAST,
            f"Max rate of messages per second has been exceeded:max={MESSAGES_PER_SECOND} rec={count} "
            f"({self._warnings})",
        )  # fmt: skip
        if self._warnings >= WARNINGS_BEFORE_HANGING_UP:
            self.hang_up()
        return True

    def _say(self, reply: Reply) -> None:
        if self.spoils_next:
            self.spoils_next = False
            self._write(frame(_UNREADABLE))
        self._write(frame(encode(reply, self._version, self._zone)))

    def _write(self, data: bytes) -> None:
        """Send bytes behind those that were held back; a client that leaves too many unread is hung up on."""
        if self._writer.is_closing():
            return
        self._held += data
        if not self._gateway.tricks.silent:
            self._writer.write(bytes(self._held))
            self._held.clear()
        if len(self._held) + self._writer.transport.get_write_buffer_size() > MOST_UNREAD_BYTES:
            self._writer.transport.abort()
