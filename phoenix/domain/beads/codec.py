"""Beads to their canonical bytes and back, strictly: no unknown, missing or mistyped field passes."""

from __future__ import annotations

import orjson

from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.envelope import ENCODING_VERSION, Bead, Payload, Signer
from phoenix.domain.encoding import Json, encode_trusted
from phoenix.domain.errors import CorruptBead, PhoenixError
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.domain.typed_json import decode_value, encode_value
from phoenix.domain.vocabulary import SignerKind

_ENVELOPE = {"bead_id", "bead_type", "occurred_at", "payload", "seq", "signer", "timestamp", "version"}
_SIGNER = {"identity", "kind"}


def encode_bead(bead: Bead, seq: int) -> bytes:
    """The canonical bytes of a bead at its place in the chain (the predecessor's hash is bound by `chain_hash`)."""
    return encode_trusted(
        {
            "bead_id": bead.bead_id,
            "bead_type": bead.payload.bead_type,
            "occurred_at": None if bead.occurred_at is None else instant_text(bead.occurred_at),
            "payload": encode_value(bead.payload),
            "seq": str(seq),
            "signer": {"identity": bead.signer.identity, "kind": bead.signer.kind},
            "timestamp": instant_text(bead.timestamp),
            "version": ENCODING_VERSION,
        }
    )


def decode_bead(body: bytes) -> tuple[int, Bead]:
    """The sequence number and bead that canonical bytes hold. Raises CorruptBead."""
    try:
        raw = orjson.loads(body)
        if raw.keys() != _ENVELOPE or raw["signer"].keys() != _SIGNER:
            raise CorruptBead(f"the envelope's fields are not those of version {ENCODING_VERSION}")
        if raw["version"] != ENCODING_VERSION:
            raise CorruptBead(f"bead encoding version {raw['version']!r} is not known to this Phoenix")
        occurred_at = raw["occurred_at"]
        bead = Bead(
            bead_id=raw["bead_id"],
            payload=decode_value(PAYLOADS[raw["bead_type"]], raw["payload"]),
            signer=Signer(SignerKind(raw["signer"]["kind"]), raw["signer"]["identity"]),
            timestamp=parse_instant(raw["timestamp"]),
            occurred_at=None if occurred_at is None else parse_instant(occurred_at),
        )
        return int(raw["seq"]), bead
    except (AttributeError, KeyError, TypeError, ValueError, PhoenixError) as error:
        raise CorruptBead(f"the stored bytes are no bead: {error}") from error


def encode_payload(payload: Payload) -> dict[str, Json]:
    """The JSON value of a payload."""
    return encode_value(payload)
