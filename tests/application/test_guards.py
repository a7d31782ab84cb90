"""What closes entries, and never exits."""

from __future__ import annotations

from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.ports.broker_events import MarketDataState
from phoenix.rehearsal.world import World
from tests.application.acts import reason_of, registered, say


def with_stale_prices() -> tuple[World, str, str]:
    """An open position, a proposal, and a broker that says its prices have stopped."""
    world = registered()
    position_id = world.enter().position_id
    world.wait(1)
    outcome = world.signal(risk_percent="0.5")
    assert outcome.intent_id is not None
    say(world, MarketDataState(False, "the farm is broken", world.now))
    return world, position_id, outcome.intent_id


def test_stale_prices_close_entries() -> None:
    world, _, intent_id = with_stale_prices()
    assert reason_of(world.refused(lambda: world.approve(intent_id))) is RefusalReason.CONNECTION


def test_entries_open_again_with_the_prices() -> None:
    world, _, intent_id = with_stale_prices()
    say(world, MarketDataState(True, "the farm is back", world.now))
    world.approve(intent_id)


def test_stale_prices_close_no_exit() -> None:
    world, position_id, _ = with_stale_prices()
    intent_id = world.decide(DecisionKind.CLOSE, position_id)
    assert isinstance(intent_id, str)
    world.approve(intent_id)
    world.wait(1)
    assert world.position(position_id).state is PositionState.CLOSED
