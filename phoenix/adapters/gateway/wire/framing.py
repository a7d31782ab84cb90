"""Messages as bytes: a length of four bytes, then the fields, each closed by a zero byte."""

from __future__ import annotations

from collections.abc import Iterable

from phoenix.adapters.gateway.wire.requests import Undecodable

PREFIX_BYTES = 4
LONGEST_MESSAGE_BYTES = 0xFFFFFF
BAD_MESSAGE = 507


def prefixed(payload: bytes) -> bytes:
    """The payload behind its own length."""
    return len(payload).to_bytes(PREFIX_BYTES, "big") + payload


def frame(fields: Iterable[str]) -> bytes:
    """One message, ready to send. Raises ValueError for a field that holds a zero byte, which would become two."""
    texts = tuple(fields)
    if any("\0" in text for text in texts):
        raise ValueError("a field of a message may not hold a zero byte")
    return prefixed("".join(f"{text}\0" for text in texts).encode())


class Deframer:
    """Cuts a stream of bytes into messages, whatever pieces it arrives in."""

    def __init__(self) -> None:
        self._unread = bytearray()

    def feed(self, data: bytes) -> list[list[str]]:
        """The messages that these bytes complete, each as its fields.

        Raises Undecodable when the stream can no longer be followed; the connection is then of no further use.
        """
        self._unread += data
        messages = []
        while (payload := self._next()) is not None:
            messages.append(_fields(payload))
        return messages

    def _next(self) -> bytes | None:
        if len(self._unread) < PREFIX_BYTES:
            return None
        length = int.from_bytes(self._unread[:PREFIX_BYTES], "big")
        if not 0 < length <= LONGEST_MESSAGE_BYTES:
            raise Undecodable(BAD_MESSAGE, f"Bad message length: {length}")
        end = PREFIX_BYTES + length
        if len(self._unread) < end:
            return None
        payload = bytes(self._unread[PREFIX_BYTES:end])
        del self._unread[:end]
        return payload


def _fields(payload: bytes) -> list[str]:
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        raise Undecodable(BAD_MESSAGE, f"Bad message: byte {error.start} is no UTF-8") from error
    *fields, rest = text.split("\0")
    if rest:
        raise Undecodable(BAD_MESSAGE, "Bad message: its last field is not closed")
    return fields
