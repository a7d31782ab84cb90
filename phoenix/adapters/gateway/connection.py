"""One socket: bytes in, requests out; replies in, bytes out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
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
        self._held: list[Reply] = []
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

    def say_what_was_held(self) -> None:
        """Say what was kept back while the gateway was silent."""
        held, self._held = self._held, []
        for reply in held:
            self._say(reply)

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
        if self._gateway.tricks.silent:
            await self._wait_in_silence()
            return None
        self._version = version
        self._writer.write(self._agreement(version))
        return handshake.rest

    def _agreement(self, version: int) -> bytes:
        return answer(version, f"{self._now().astimezone(self._zone):%Y%m%d %H:%M:%S} {self._zone}")

    async def _wait_in_silence(self) -> None:
        """Say nothing until the client goes."""
        while await self._reader.read(_CHUNK):
            continue

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
        if self._gateway.tricks.silent:
            self._held.append(reply)
        elif not self._writer.is_closing():
            if self._gateway.tricks.garbage:
                self._gateway.tricks.garbage = False
                self._writer.write(frame(_UNREADABLE))
            self._writer.write(frame(encode(reply, self._version, self._zone)))
