"""A TWS API client of plain sockets, which knows no more than these tests need."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

OFFER = "v100..178"
TIME, ALL_OPEN_ORDERS = "49", "16"
ERROR, OPEN_ORDER, OPEN_ORDER_END, NEXT_ID, ACCOUNTS = "4", "5", "53", "9", "15"


class RawClient:
    """A session at a gateway on this machine; every message is a list of its fields."""

    def __init__(self, port: int, client_id: int = 7) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._lines = self._socket.makefile("rb")
        self._socket.sendall(b"API\0" + _framed(OFFER.encode()))
        self.version = int(self.read()[0])
        self.send("71", "2", str(client_id), "")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._lines.close()
        self._socket.close()

    def send(self, *fields: str) -> None:
        self._socket.sendall(_framed("".join(f"{field}\0" for field in fields).encode()))

    def read(self) -> list[str]:
        """The next message; nothing once the gateway has hung up."""
        length = int.from_bytes(self._lines.read(4), "big")
        return self._lines.read(length).decode().split("\0")[:-1]

    def until(self, kind: str) -> list[list[str]]:
        """Every message up to the first of a kind, that one included; all that came where the gateway hangs up."""
        messages = []
        while message := self.read():
            messages.append(message)
            if message[0] == kind:
                break
        return messages


def _framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + body
