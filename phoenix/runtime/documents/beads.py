"""Beads as JSON documents, and as the lines of an export."""

from __future__ import annotations

from typing import Any

from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.beads.envelope import SealedBead
from phoenix.domain.instants import instant_text
from phoenix.runtime.documents.values import optional_instant


def bead_document(item: SealedBead) -> dict[str, Any]:
    """A bead at its place: the envelope, the hashes in hexadecimal, and the payload as it is encoded."""
    bead = item.bead
    return {
        "seq": item.seq, "bead_id": bead.bead_id, "bead_type": bead.payload.bead_type.value,
        "timestamp": instant_text(bead.timestamp),
        "occurred_at": optional_instant(bead.occurred_at),
        "signer": {"kind": bead.signer.kind.value, "identity": bead.signer.identity},
        "prev_hash": item.prev_hash.hex(), "bead_hash": item.bead_hash.hex(), "payload": encode_payload(bead.payload),
    }  # fmt: skip


def exported(item: SealedBead) -> dict[str, Any]:
    """A line of an export: `body` is the text whose UTF-8 bytes were hashed behind `prev_hash`."""
    return {
        "seq": item.seq, "prev_hash": item.prev_hash.hex(), "bead_hash": item.bead_hash.hex(),
        "body": item.body.decode(),
    }  # fmt: skip
