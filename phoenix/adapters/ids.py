"""Sources of new ids and secrets."""

from __future__ import annotations

import secrets
from hashlib import sha256

import uuid6

from phoenix.ports.ids import IdSource

_SECRET_BYTES = 32


class RandomIds(IdSource):
    """UUIDs of version 7, which sort by the time they were made, and secrets from the operating system."""

    def new_id(self) -> str:
        return str(uuid6.uuid7())

    def new_secret(self) -> str:
        return secrets.token_hex(_SECRET_BYTES)


class SeededIds(IdSource):
    """The same ids and secrets for the same seed, all of them distinct. For replays and tests, never for money.

    The counter stands where version 7 has the time, so that ids also sort in the order they were given out.
    """

    def __init__(self, seed: int | str) -> None:
        self._seed = str(seed)
        self._ids = 0
        self._secrets = 0

    def new_id(self) -> str:
        self._ids += 1
        noise = int.from_bytes(self._digest("id", self._ids)[:10], "big")
        digits = f"{_as_version_7(self._ids << 80 | noise):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def new_secret(self) -> str:
        self._secrets += 1
        return self._digest("secret", self._secrets).hex()

    def _digest(self, what: str, number: int) -> bytes:
        return sha256(f"{self._seed}/{what}/{number}".encode()).digest()


def _as_version_7(bits: int) -> int:
    """128 bits with the version and the variant of RFC 9562 written over them."""
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return bits & ~(0x3 << 62) | 0x2 << 62
