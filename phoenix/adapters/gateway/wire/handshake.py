"""The first exchange on a connection: which versions the client speaks, and which one is spoken."""

from __future__ import annotations

import re
from dataclasses import dataclass

from phoenix.adapters.gateway.wire.framing import BAD_MESSAGE, PREFIX_BYTES, frame
from phoenix.adapters.gateway.wire.requests import Undecodable

LOWEST_VERSION = 100
HIGHEST_VERSION = 178

_GREETING = b"API\0"
_LONGEST_OFFER_BYTES = 0xFFFF
_OFFER = re.compile(r"v(?P<lowest>[0-9]{1,9})(\.\.(?P<highest>[0-9]{1,9}))?( (?P<options>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Offer:
    """The versions a client can speak, both ends included, and its connection options."""

    lowest: int
    highest: int
    options: str = ""


class Handshake:
    """Reads the offer from a stream of bytes; `rest` holds what came behind it and belongs to the next reader."""

    def __init__(self) -> None:
        self.rest = b""
        self._unread = b""

    def feed(self, data: bytes) -> Offer | None:
        """The offer once it is complete. Raises Undecodable for anything that is no client of this protocol."""
        self._unread += data
        if not self._unread.startswith(_GREETING[: len(self._unread)]):
            raise Undecodable(BAD_MESSAGE, "Bad message: the connection does not open with API")
        start = len(_GREETING) + PREFIX_BYTES
        if len(self._unread) < start:
            return None
        length = int.from_bytes(self._unread[len(_GREETING) : start], "big")
        if not 0 < length <= _LONGEST_OFFER_BYTES:
            raise Undecodable(BAD_MESSAGE, f"Bad message length: {length}")
        if len(self._unread) < start + length:
            return None
        self.rest, text = self._unread[start + length :], self._unread[start : start + length]
        return _offer(text)


def negotiate(offer: Offer, highest: int = HIGHEST_VERSION, lowest: int = LOWEST_VERSION) -> int | None:
    """The highest version that both sides speak, or None when there is none."""
    version = min(offer.highest, highest)
    return version if version >= max(offer.lowest, lowest) else None


def answer(version: int, now_text: str) -> bytes:
    """What the server sends back: the version that is spoken from now on, and the time of the connection."""
    return frame((str(version), now_text))


def _offer(data: bytes) -> Offer:
    found = _OFFER.fullmatch(data.decode(errors="replace"))
    if found is None:
        raise Undecodable(BAD_MESSAGE, "Bad message: no versions are offered, such as v157..176")
    lowest = int(found["lowest"])
    highest = int(found["highest"] or lowest)
    if lowest > highest:
        raise Undecodable(BAD_MESSAGE, f"Bad message: versions {lowest} to {highest} are none")
    return Offer(lowest, highest, found["options"] or "")
