"""The frozen encoding is the one that its record shows."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from phoenix.domain.beads.codec import decode_bead, encode_bead
from phoenix.domain.beads.envelope import SYSTEM, Bead, Signer
from phoenix.domain.beads.operations import StrategyPayload
from phoenix.domain.beads.safety import DecayPayload
from phoenix.domain.encoding import canonical_bytes
from phoenix.domain.vocabulary import SignerKind, StrategyMode

RECORD = Path(__file__).parent.parent.parent / "docs/adr/0003-bead-encoding-version-1.md"
FIRST = Bead(
    bead_id="018d6a3c-0000-7000-8000-000000000001",
    payload=StrategyPayload("FVG-1", StrategyMode.SHADOW, "Fair-value gaps"),
    signer=Signer(SignerKind.HUMAN, "ada"),
    timestamp=datetime(2026, 1, 31, 14, 30, tzinfo=UTC),
)
SECOND = Bead(
    bead_id="018d6a3c-0000-7000-8000-000000000002",
    payload=DecayPayload("FVG-1", Decimal("0.2500"), "half-life"),
    signer=SYSTEM,
    timestamp=datetime(2026, 1, 31, 14, 31, 0, 250000, tzinfo=UTC),
    occurred_at=datetime(2026, 1, 31, 14, 30, 59, tzinfo=UTC),
)


def _bodies() -> list[bytes]:
    return [body.encode() for body in re.findall(r"^\{\"bead_id\".*$", RECORD.read_text(), re.MULTILINE)]


def _hashes() -> list[str]:
    return re.findall(r"^[0-9a-f]{64}$", RECORD.read_text(), re.MULTILINE)


def _without(body: bytes, *later: str) -> bytes:
    """The body as it was before fields were added to its payload."""
    document = json.loads(body)
    for name in later:
        assert document["payload"].pop(name) is None
    return canonical_bytes(document)


def test_the_printed_bodies_are_the_bytes_of_those_beads() -> None:
    """The first was written before ADR 0014 gave its payload one more field."""
    assert _bodies() == [_without(encode_bead(FIRST, 1), "decision_id"), encode_bead(SECOND, 2)]


def test_the_printed_bodies_read_back_as_those_beads() -> None:
    assert [decode_bead(body) for body in _bodies()] == [(1, FIRST), (2, SECOND)]


def test_the_printed_hashes_chain_the_printed_bodies_from_thirty_two_zero_bytes() -> None:
    last = bytes(32)
    for body, printed in zip(_bodies(), _hashes(), strict=True):
        last = sha256(last + body).digest()
        assert last.hex() == printed


def test_the_printed_lengths_are_those_of_the_bodies() -> None:
    lengths = re.findall(r"body, (\d+) bytes", RECORD.read_text())
    assert [int(length) for length in lengths] == [len(body) for body in _bodies()]
