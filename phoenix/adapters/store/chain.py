"""Sealing beads into the chain and reading them back, the same for every database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from phoenix.domain.beads.catalogue import story_of, unique_keys
from phoenix.domain.beads.codec import decode_bead, encode_bead
from phoenix.domain.beads.envelope import GENESIS_HASH, Bead, SealedBead
from phoenix.domain.encoding import chain_hash, encode_trusted
from phoenix.domain.errors import CorruptBead
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.store import Head

GENESIS = Head(0, GENESIS_HASH)


_COLUMN_KINDS = (int, str, str, str | None, bytes, bytes, bytes)


class Row(NamedTuple):
    """A bead as its table holds it. Everything but the hashes is also inside `body`, the bytes that count."""

    seq: int
    bead_id: str
    bead_type: str
    story: str | None
    prev_hash: bytes
    bead_hash: bytes
    body: bytes


RowValues: TypeAlias = tuple[int, str, str, str | None, bytes, bytes, bytes]
KeyValues: TypeAlias = tuple[str, str, int]
"""Rows on their way into the tables, in the order of their columns."""


class KeyRow(NamedTuple):
    """A unique key as its table holds it, with the bead that bears it."""

    kind: str
    value: str
    seq: int


def seal(beads: Sequence[Bead], head: Head) -> tuple[SealedBead, ...]:
    """The beads at their places behind `head`. Raises InvalidValue for one that cannot be encoded."""
    sealed = []
    seq, prev_hash = head.seq, head.bead_hash
    for bead in beads:
        seq += 1
        body = encode_bead(bead, seq)
        bead_hash = chain_hash(prev_hash, body)
        sealed.append(SealedBead(seq, bead, prev_hash, bead_hash, body))
        prev_hash = bead_hash
    return tuple(sealed)


def head_behind(sealed: Sequence[SealedBead], head: Head) -> Head:
    """The head of a chain to which `sealed` was appended at `head`."""
    return Head(sealed[-1].seq, sealed[-1].bead_hash) if sealed else head


def rows_of(sealed: Iterable[SealedBead]) -> list[RowValues]:
    return [
        (
            item.seq, item.bead.bead_id, item.bead.payload.bead_type.value, story_of(item.bead.payload),
            item.prev_hash, item.bead_hash, item.body,
        )
        for item in sealed
    ]  # fmt: skip


def key_rows_of(sealed: Iterable[SealedBead]) -> list[KeyValues]:
    return [(kind, value, item.seq) for item in sealed for kind, value in unique_keys(item.bead.payload)]


def unseal(row: Row, head: Head) -> SealedBead:
    """The bead of a row that must follow `head`. Raises StoreCorrupt, naming the bead, when it does not."""
    problem = fault_in(row, head)
    if problem is not None:
        raise StoreCorrupt(f"bead {head.seq + 1}: {problem}. Nothing was changed; verify the chain or restore a backup")
    return unseal_alone(row)


def unseal_alone(row: Row) -> SealedBead:
    """The bead of a row, checked against its own hash only. Raises StoreCorrupt."""
    try:
        if chain_hash(row.prev_hash, row.body) != row.bead_hash:
            raise CorruptBead("its hash is not the hash of its bytes")
        seq, bead = decode_bead(row.body)
        if seq != row.seq:
            raise CorruptBead(f"its bytes are those of bead {seq}")
    except (CorruptBead, TypeError) as error:
        raise StoreCorrupt(f"bead {row.seq}: {error}. Verify the chain or restore a backup") from error
    return SealedBead(row.seq, bead, row.prev_hash, row.bead_hash, row.body)


def fault_in(row: Row, head: Head) -> str | None:
    """What is wrong with a row that must follow `head`, without decoding it; None when nothing is."""
    if row.seq != head.seq + 1:
        return f"it is missing or out of place (bead {row.seq!r} was found here)"
    if not all(isinstance(value, kind) for value, kind in zip(row, _COLUMN_KINDS, strict=True)):
        return "a column holds a value of another kind"
    if row.prev_hash != head.bead_hash:
        return "it does not follow the bead before it"
    if chain_hash(row.prev_hash, row.body) != row.bead_hash:
        return "its hash is not the hash of its bytes"
    if not row.body.startswith(encode_trusted({"bead_id": row.bead_id, "bead_type": row.bead_type})[:-1] + b","):
        return "its bead_id or bead_type column differs from its bytes"
    return None


def envelope_start(bead_id: str, bead_type: str) -> bytes:
    """The first bytes of nearly every body: keys are sorted, so the two columns stand there in plain sight."""
    return f'{{"bead_id":"{bead_id}","bead_type":"{bead_type}",'.encode()


def fault_inside(row: Row, keys: Sequence[tuple[str, str]]) -> str | None:
    """What is wrong between a row's decoded bytes and its story column and keys; None when nothing is."""
    try:
        bead = unseal_alone(row).bead
    except StoreCorrupt as error:
        return str(error)
    if story_of(bead.payload) != row.story:
        return "its story column differs from its bytes"
    if sorted(unique_keys(bead.payload)) != sorted(keys):
        return "its unique keys differ from its bytes"
    return None
