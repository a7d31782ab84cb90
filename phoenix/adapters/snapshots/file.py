"""A snapshot in a file of two lines: a signed document that says what it is of, and the state that it vouches for."""

from __future__ import annotations

from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import orjson

from phoenix.adapters.checkpoints.signatures import NotSigned, Signatures
from phoenix.adapters.files import read_file, replace_whole
from phoenix.domain.encoding import encode_trusted
from phoenix.domain.errors import InvalidValue
from phoenix.domain.typed_json import decode_value, encode_value
from phoenix.ports.errors import StoreUnavailable
from phoenix.ports.snapshots import Snapshot, SnapshotSink, Unusable
from phoenix.ports.store import Head

S = TypeVar("S")
_KIND = "phoenix snapshot"


class FileSnapshots(SnapshotSink[S]):
    """Snapshots of states of one class, signed with Ed25519. Without the private key it only reads.

    `fingerprint` stands for everything that decides how a state is folded and read; a snapshot with another one is
    not used.
    """

    def __init__(
        self, path: str | PathLike[str], state: type[S], fingerprint: str,
        private_key_path: str | PathLike[str] | None, public_key: str,
    ) -> None:  # fmt: skip
        self._path = Path(path)
        self._state = state
        self._fingerprint = fingerprint
        self._signatures = Signatures(private_key_path, public_key)

    def keep(self, snapshot: Snapshot[S]) -> None:
        body = encode_trusted(encode_value(snapshot.state))
        document = {
            "bead_hash": snapshot.head.bead_hash.hex(),
            "fingerprint": self._fingerprint,
            "kind": _KIND,
            "seq": str(snapshot.head.seq),
            "state_hash": sha256(body).hexdigest(),
        }
        try:
            replace_whole(self._path, self._signatures.signed(document) + b"\n" + body + b"\n")
        except OSError as error:
            raise StoreUnavailable(f"{self._path}: the snapshot was not kept ({error.strerror})") from error

    def latest(self) -> Snapshot[S] | Unusable | None:
        try:
            document, _, rest = read_file(self._path).partition(b"\n")
        except FileNotFoundError:
            return None
        except OSError as error:
            return Unusable(f"the snapshot cannot be read ({error.strerror})")
        try:
            return self._read(self._signatures.verified(orjson.loads(document)), rest.removesuffix(b"\n"))
        except NotSigned as error:
            return Unusable(f"the snapshot cannot be trusted: {error}")
        except (InvalidValue, KeyError, TypeError, ValueError) as error:
            return Unusable(f"the snapshot cannot be read ({error})")

    def _read(self, document: dict[str, Any], body: bytes) -> Snapshot[S] | Unusable:
        """The snapshot of a document whose signature is verified. Raises ValueError or KeyError where it is none."""
        if document["kind"] != _KIND:
            return Unusable("the snapshot is none: its signature belongs to something else")
        if sha256(body).hexdigest() != document["state_hash"]:
            return Unusable("the snapshot cannot be trusted: its state is not the one that was signed")
        if document["fingerprint"] != self._fingerprint:
            return Unusable("the snapshot is of another version of Phoenix")
        head = Head(int(document["seq"]), bytes.fromhex(document["bead_hash"]))
        return Snapshot(head, decode_value(self._state, orjson.loads(body)))
