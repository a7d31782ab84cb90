"""What is in a bead, and which comes first, follows from ids; never from the order a hash table happens to have."""

from __future__ import annotations

from phoenix.adapters.simulation.faults import EVERY_ORDER, lose
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.setup import EvidencePayload
from phoenix.domain.vocabulary import TokenEvent
from tests.application.acts import kill, registered

STRATEGIES = tuple(f"strategy-{number}" for number in range(8))


def test_evidence_names_kill_flags_by_their_ids() -> None:
    world = registered()
    for strategy_id in STRATEGIES:
        kill(world, strategy_id)
    assert world.signal().refusal is None
    bundle = world.payloads(EvidencePayload)[-1].bundle
    assert isinstance(bundle, dict)
    texts = [world.state.flags[flag_id].text() for flag_id in sorted(world.state.flags)]
    assert bundle["kill_flags"] == texts
    assert len(texts) == len(STRATEGIES)


def test_a_kill_flag_revokes_tokens_by_their_ids() -> None:
    world = registered(faults=(lose(EVERY_ORDER),))
    for _ in range(6):
        outcome = world.signal(risk_percent="0.5")
        assert outcome.intent_id is not None
        world.approve(outcome.intent_id, submit=False)
    kill(world)
    tokens = world.payloads(TokenPayload)
    revoked = [token.token_id for token in tokens if token.event is TokenEvent.REJECTED]
    assert len(revoked) == 6
    assert revoked == sorted(revoked)
