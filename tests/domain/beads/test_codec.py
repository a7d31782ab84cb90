"""Bead encoding version 1: every payload comes back as it went in, and nothing else comes back at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.codec import decode_bead, encode_bead
from phoenix.domain.beads.envelope import SYSTEM, Bead, BeadType, Payload
from phoenix.domain.beads.operations import HeartbeatPayload
from phoenix.domain.errors import CorruptBead, InvalidValue
from phoenix.domain.vocabulary import Severity
from tests.domain.beads.strategies import beads, payloads

HEARTBEAT = Bead("id", HeartbeatPayload("HEALTHY", {"orders": "flowing"}), SYSTEM, datetime(2012, 2, 1, tzinfo=UTC))


def test_every_bead_type_has_a_payload() -> None:
    assert set(PAYLOADS) == set(BeadType)
    assert len({payload.bead_type for payload in PAYLOADS.values()}) == len(BeadType)


@pytest.mark.parametrize("cls", PAYLOADS.values(), ids=lambda cls: cls.__name__)
@settings(max_examples=25)
@given(data=st.data())
def test_a_bead_comes_back_as_it_went_in(cls: type[Payload], data: st.DataObject) -> None:
    bead = data.draw(beads(payloads(cls)))
    body = encode_bead(bead, 7)
    assert decode_bead(body) == (7, bead)
    assert encode_bead(bead, 7) == body


@settings(max_examples=50)
@given(bead=beads(), seq=st.integers(1, 2**63))
def test_the_stored_bytes_are_canonical_json(bead: Bead, seq: int) -> None:
    body = encode_bead(bead, seq)
    assert rfc8785.dumps(orjson.loads(body)) == body
    assert body.startswith(f'{{"bead_id":"{bead.bead_id}","bead_type":"{bead.payload.bead_type}",'.encode())


@settings(max_examples=50)
@given(bead=beads())
def test_equal_instants_and_numbers_have_equal_bytes(bead: Bead) -> None:
    assert encode_bead(decode_bead(encode_bead(bead, 1))[1], 1) == encode_bead(bead, 1)


def changed(**fields: Any) -> bytes:
    return orjson.dumps(orjson.loads(encode_bead(HEARTBEAT, 1)) | fields)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        changed(version="2"),
        changed(bead_type="GOSSIP"),
        changed(timestamp="2012-02-01T00:00:00"),
        changed(payload={"verdict": "HEALTHY"}),
        changed(payload={"verdict": "HEALTHY", "checks": {}, "mood": "fine"}),
        changed(payload={"verdict": 1, "checks": {}}),
        changed(signer={"kind": "ROBOT", "identity": "x"}),
        changed(signer={"kind": "SYSTEM", "identity": "x", "mood": "fine"}),
        changed(seq="one"),
        changed(mood="fine"),
    ],
)
def test_bytes_that_are_no_bead_are_refused(body: bytes) -> None:
    with pytest.raises(CorruptBead):
        decode_bead(body)


@pytest.mark.parametrize("checks", [1, 0.5, {"a": [1]}, {"é": "x"}, "\ud800", {1: "x"}])
def test_what_could_not_be_read_again_is_not_encoded(checks: Any) -> None:
    with pytest.raises(InvalidValue):
        encode_bead(replace(HEARTBEAT, payload=HeartbeatPayload("HEALTHY", checks)), 1)


def test_a_text_field_holds_text() -> None:
    assert decode_bead(encode_bead(replace(HEARTBEAT, payload=HeartbeatPayload(Severity.INFO, {})), 1))
    with pytest.raises(InvalidValue, match="verdict: 5 is a int"):
        encode_bead(replace(HEARTBEAT, payload=HeartbeatPayload(5, {})), 1)  # type: ignore[arg-type]
