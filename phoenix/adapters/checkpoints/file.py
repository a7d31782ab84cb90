"""Checkpoints in a file that is only ever appended to, one signed JSON document to a line.

Every line holds the hash of the line before it, so that the last signature covers them all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any

import orjson

from phoenix.adapters.checkpoints.signatures import NotSigned, Signatures
from phoenix.adapters.files import open_file, read_file
from phoenix.domain.errors import DomainError
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.ports.checkpoints import Checkpoint, CheckpointSink
from phoenix.ports.errors import StoreCorrupt, StoreUnavailable

_BEFORE_THE_FIRST = "0" * 64


class FileCheckpoints(CheckpointSink):
    """Checkpoints signed with Ed25519. Without the private key it only reads."""

    def __init__(
        self, path: str | PathLike[str], private_key_path: str | PathLike[str] | None, public_key: str
    ) -> None:
        self._path = Path(path)
        self._signatures = Signatures(private_key_path, public_key)

    def keep(self, checkpoint: Checkpoint) -> None:
        """Append a signed checkpoint, on disk before this returns. Raises StoreUnavailable or StoreCorrupt."""
        lines = self._lines()
        before = self._read(lines)
        if before is not None and checkpoint.seq < before.seq:
            raise StoreCorrupt(f"the chain ends at {checkpoint.seq}, before its last checkpoint at {before.seq}")
        document = {
            "bead_hash": checkpoint.bead_hash,
            "previous": _hash_of(lines[-1]) if lines else _BEFORE_THE_FIRST,
            "seq": str(checkpoint.seq),
            "taken_at": instant_text(checkpoint.taken_at),
        }
        self._append(sum(map(len, lines)), self._signatures.signed(document) + b"\n")

    def latest(self) -> Checkpoint | None:
        return self._read(self._lines())

    def every(self) -> list[Checkpoint]:
        """All of them, oldest first; the last one's signature and the hashes cover the others. Raises StoreCorrupt."""
        lines = self._lines()
        self._read(lines)
        return [self._checkpoint(document, number) for number, document in enumerate(self._documents(lines), 1)]

    def _lines(self) -> list[bytes]:
        """The complete lines; what stands behind the last line end was never acknowledged."""
        try:
            lines = read_file(self._path).splitlines(keepends=True)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StoreUnavailable(f"{self._path}: the checkpoints cannot be read ({error.strerror})") from error
        return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]

    def _read(self, lines: list[bytes]) -> Checkpoint | None:
        """The checkpoint of the last line: its signature verified, and every line before it by the hashes."""
        documents = self._documents(lines)
        return self._verified(documents[-1], len(lines)) if documents else None

    def _documents(self, lines: list[bytes]) -> list[dict[str, Any]]:
        """What stands in the lines, each of which must name the hash of the one before it."""
        previous = _BEFORE_THE_FIRST
        documents: list[dict[str, Any]] = []
        for number, line in enumerate(lines, 1):
            try:
                document = dict(orjson.loads(line))
            except (ValueError, TypeError) as error:
                raise self._broken(number, "it is no JSON document") from error
            if document.get("previous") != previous:
                raise self._broken(number, "it does not follow the line before it")
            documents.append(document)
            previous = _hash_of(line)
        return documents

    def _verified(self, document: dict[str, Any], number: int) -> Checkpoint:
        try:
            return self._checkpoint(self._signatures.verified(document), number)
        except NotSigned as error:
            raise self._broken(number, str(error)) from error

    def _checkpoint(self, document: Mapping[str, Any], number: int) -> Checkpoint:
        try:
            return Checkpoint(int(document["seq"]), document["bead_hash"], parse_instant(document["taken_at"]))
        except (KeyError, ValueError, TypeError, DomainError) as error:
            raise self._broken(number, "it is no checkpoint") from error

    def _append(self, at: int, line: bytes) -> None:
        try:
            descriptor = open_file(self._path, os.O_RDWR | os.O_CREAT)
            with os.fdopen(descriptor, "r+b") as file:
                file.truncate(at)
                file.seek(at)
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreUnavailable(f"{self._path}: the checkpoint was not kept ({error.strerror})") from error

    def _broken(self, number: int, problem: str) -> StoreCorrupt:
        return StoreCorrupt(
            f"{self._path}: line {number} of the checkpoints cannot be trusted: {problem}. Restore the file, "
            "or find out who changed it"
        )


def _hash_of(line: bytes) -> str:
    return sha256(line).hexdigest()
