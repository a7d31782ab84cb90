"""Whatever the chain may hold can be told in words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.envelope import SYSTEM, Bead, BeadType, Signer
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.vocabulary import KillEvent, KillSource, SignerKind
from phoenix.runtime.words.beads import WORDS, told_by, words_of
from tests.domain.beads.strategies import payloads

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_there_are_words_for_every_type_of_bead() -> None:
    assert set(WORDS) == set(PAYLOADS.values())


@pytest.mark.parametrize("kind", PAYLOADS)
@given(data=st.data())
def test_every_payload_is_told(kind: BeadType, data: st.DataObject) -> None:
    assert told_by(data.draw(payloads(PAYLOADS[kind])))


@pytest.mark.parametrize(
    ("event", "strategy_id", "expires_at", "told"),
    [
        (KillEvent.SET, None, None, "kill flag SET by MANUAL: no entry of every strategy passes: drill"),
        (KillEvent.SET, "GAP", NOW, "kill flag SET by MANUAL: no entry of GAP passes until 2026-01-05T09:00:00"),
        (KillEvent.LIFTED, "GAP", None, "kill flag LIFTED: it stopped entries of GAP: drill"),
    ],
)
def test_a_kill_flag_tells_whose_entries_it_stops(
    event: KillEvent, strategy_id: str | None, expires_at: datetime | None, told: str
) -> None:
    assert told_by(KillFlagPayload("F", event, strategy_id, KillSource.MANUAL, "drill", expires_at)).startswith(told)


def test_who_signed_is_told_where_it_was_no_system() -> None:
    flag = KillFlagPayload("F", KillEvent.SET, None, KillSource.MANUAL, "drill", None)
    assert words_of(Bead("B", flag, Signer(SignerKind.HUMAN, "ada"), NOW)).endswith("drill [ada]")
    assert words_of(Bead("B", flag, SYSTEM, NOW)) == told_by(flag)
