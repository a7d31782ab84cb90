"""Ids are valid UUIDs and distinct; the same seed gives the same ones."""

from __future__ import annotations

import re
from uuid import RFC_4122, UUID

import pytest

from phoenix.adapters.ids import RandomIds, SeededIds
from phoenix.ports.ids import IdSource


@pytest.mark.parametrize("source", [RandomIds(), SeededIds(1), SeededIds("a word")])
def test_ids_are_distinct_uuids_of_version_7_in_order(source: IdSource) -> None:
    ids = [source.new_id() for _ in range(500)]
    assert len(set(ids)) == 500
    assert ids == sorted(ids)
    for text in ids:
        assert str(UUID(text)) == text
        assert (UUID(text).version, UUID(text).variant) == (7, RFC_4122)


@pytest.mark.parametrize("source", [RandomIds(), SeededIds(1)])
def test_secrets_are_256_bits_and_distinct(source: IdSource) -> None:
    secrets = {source.new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(re.fullmatch("[0-9a-f]{64}", secret) for secret in secrets)


def test_a_seed_repeats_itself_and_no_other() -> None:
    def drawn(seed: int) -> list[str]:
        source = SeededIds(seed)
        return [source.new_id(), source.new_secret(), source.new_id(), source.new_secret()]

    assert drawn(1) == drawn(1)
    assert not set(drawn(1)) & set(drawn(2))


def test_drawing_a_secret_does_not_move_the_ids() -> None:
    first, second = SeededIds(1), SeededIds(1)
    second.new_secret()
    assert first.new_id() == second.new_id()
