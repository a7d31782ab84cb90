"""The handshake, done on the event loop: the library's own waits in a loop without an end for a silent server."""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import ExitStack

VERSION_MESSAGE_BYTES_MAX = 1024


async def connected_socket(host: str, port: int) -> socket.socket:
    """A connected, non-blocking socket. Raises OSError."""
    with ExitStack() as undo:
        made = undo.enter_context(socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET))
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, (host, port))
        undo.pop_all()
    return made


async def server_version(connection: socket.socket, lowest: int, highest: int) -> int:
    """Offer a range of versions and hear which it is. Raises OSError, and ValueError for an answer that is none."""
    loop = asyncio.get_running_loop()
    offer = f"v{lowest}..{highest}".encode()
    await loop.sock_sendall(connection, b"API\0" + struct.pack("!I", len(offer)) + offer)
    length = int.from_bytes(await _read(connection, 4))
    if length > VERSION_MESSAGE_BYTES_MAX:
        raise ValueError(f"the answer to the handshake is of {length} bytes")
    fields = (await _read(connection, length)).split(b"\0")
    return int(fields[0])


async def _read(connection: socket.socket, length: int) -> bytes:
    """Exactly so many bytes: what comes behind them is for the reader."""
    loop = asyncio.get_running_loop()
    read = b""
    while len(read) < length:
        more = await loop.sock_recv(connection, length - len(read))
        if not more:
            raise ConnectionError("the gateway closed the connection during the handshake")
        read += more
    return read
