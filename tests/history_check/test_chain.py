"""The chain: any changed byte is found and named, and two histories are told apart."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.history_check import HistoryBead, Status, check_history, first_difference
from tests.history_check.histories import History, seal, status_of
from tests.history_check.trades import one_trade, opened

CHAIN = "INV-BEAD-CHAIN-1"
SEALED = one_trade()[0].sealed()


def first_bad(beads: list[HistoryBead]) -> int | None:
    report = check_history(beads, None)
    assert status_of(report, CHAIN) is Status.VIOLATED
    return min(finding.seq or 0 for finding in report.findings if finding.invariant == CHAIN)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(SEALED) - 1), st.integers(0, 10_000), st.integers(1, 255))
def test_any_changed_byte_of_a_body_is_found_and_named(place: int, offset: int, flip: int) -> None:
    beads = list(SEALED)
    body = bytearray(beads[place].body)
    body[offset % len(body)] ^= flip
    beads[place] = replace(beads[place], body=bytes(body))
    assert first_bad(beads) == place + 1


@pytest.mark.parametrize("bad", [replace(SEALED[4], prev_hash=bytes(32)), replace(SEALED[4], bead_hash=bytes(32))])
def test_a_changed_hash_is_found_and_named(bad: HistoryBead) -> None:
    assert first_bad([*SEALED[:4], bad, *SEALED[5:]]) == 5


def test_a_missing_bead_is_found() -> None:
    assert first_bad(SEALED[:4] + SEALED[5:]) == 6


def test_a_missing_start_is_found() -> None:
    assert first_bad(SEALED[1:]) == 2


def test_two_beads_in_each_others_place_are_found() -> None:
    assert first_bad([*SEALED[:4], SEALED[5], SEALED[4], *SEALED[6:]]) == 5


def rehashed(bodies: list[bytes]) -> list[HistoryBead]:
    """A chain with right hashes over whatever bodies."""
    head, beads = bytes(32), []
    for seq, body in enumerate(bodies, start=1):
        bead_hash = sha256(head + body).digest()
        beads.append(HistoryBead(seq, head, bead_hash, body))
        head = bead_hash
    return beads


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version":"1"', b'"version":"2"'),
        (b'"version":"1"', b'"version": "1"'),
        (b'"bead_type":"CONFIG_CHANGE"', b'"bead_type":"SOMETHING"'),
        (b'"seq":"1"', b'"seq":1'),
        (b'"seq":"1"', b'"seq":"7"'),
        (b'"config_hash":"c0",', b""),
    ],
)
def test_bytes_that_are_no_bead_are_named_although_their_hash_is_right(old: bytes, new: bytes) -> None:
    bodies = [bead.body for bead in SEALED]
    assert old in bodies[0]
    bodies[0] = bodies[0].replace(old, new)
    assert first_bad(rehashed(bodies)) == 1


def test_a_bead_id_that_comes_twice_is_named() -> None:
    history = one_trade()[0]
    history.drafts[6].bead_id = history.drafts[2].bead_id
    assert first_bad(history.sealed()) == 7


def checkpointed(head_hash: str | None = None) -> History:
    history = opened()
    head = seal(history.drafts)[-1]
    history.add("CHECKPOINT", 5, head_seq=str(head.seq), head_hash=head_hash or head.bead_hash.hex(), sink="file")
    return history


def test_a_checkpoint_states_the_head_before_it() -> None:
    assert checkpointed().check().ok
    assert first_bad(checkpointed("00" * 32).sealed()) == 5


def test_an_empty_history_is_not_exercised() -> None:
    report = check_history([], [])
    assert report.ok
    assert status_of(report, CHAIN) is Status.NOT_EXERCISED


def test_two_histories_of_one_seed_are_compared_byte_by_byte() -> None:
    other = one_trade()[0]
    assert first_difference(SEALED, other.sealed()) is None
    other.drafts[6].at += 0.001
    difference = first_difference(SEALED, other.sealed())
    assert difference is not None
    assert difference.seq == 7


def test_determinism_is_checked_against_a_twin_only() -> None:
    history = one_trade()[0]
    assert status_of(history.check(), "INV-DETERMINISM-1") is Status.NOT_CHECKED
    assert status_of(history.check(twin=SEALED), "INV-DETERMINISM-1") is Status.OK
    assert history.check(twin=SEALED[:-1]).violated == ("INV-DETERMINISM-1",)
