"""How the state follows from beads, where no specification shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.vocabulary import IntentKind, TokenEvent
from phoenix.rehearsal.signals import MONDAY


@pytest.mark.parametrize(("position_id", "kind"), [(None, IntentKind.PROMOTE), ("ended", IntentKind.EXIT)])
def test_a_token_is_typed_by_the_position_it_names(position_id: str | None, kind: IntentKind) -> None:
    issued = TokenPayload(
        token_id="token", intent_id="intent", position_id=position_id, event=TokenEvent.ISSUED, reason=None,
        evidence_hash="e", issued_at=MONDAY, expires_at=MONDAY + timedelta(minutes=5), final=False, secret_hash="s",
        approver="trader",
    )  # fmt: skip
    state = evolve(EMPTY, Bead("bead", issued, SYSTEM, MONDAY))
    assert state.tokens["token"].kind is kind
