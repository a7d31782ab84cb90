"""What a human adopts, and what a refused adoption leaves behind: nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Which
from phoenix.domain.beads.setup import IntentPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, LegRole, RefusalReason
from phoenix.rehearsal.world import OPERATOR, World

BUSTED = (faults.bust(Which(role=LegRole.ENTRY), 30), faults.partial(Which(role=LegRole.TAKE_PROFIT), Decimal("0.5")))
"""Half of the target executes, and then the entry never did."""


def test_a_position_whose_orders_still_work_gives_nothing_away_and_no_intent_is_left() -> None:
    world = World(faults=BUSTED)
    world.register()
    position_id = world.enter().position_id
    world.price("1.26210")
    world.wait(40)
    assert world.position(position_id).open_quantity < 0
    assert world.position(position_id).alive_legs
    detail = {"what": "HOLDING", "stop_price": "1.27000", "target_price": "1.25000"}
    before = len(world.payloads(IntentPayload))

    with pytest.raises(Refused) as refused:
        world.decide(DecisionKind.ADOPT, position_id, signer=OPERATOR, reason="ours", detail=dict(detail))

    assert refused.value.reason is RefusalReason.WRONG_STATE
    assert len(world.payloads(IntentPayload)) == before
    assert list(world.state.positions) == [position_id]

    world.decide(DecisionKind.CANCEL, position_id, signer=OPERATOR)
    world.wait(5)
    world.decide(DecisionKind.ADOPT, position_id, signer=OPERATOR, reason="ours", detail=dict(detail))
    assert len(world.payloads(IntentPayload)) == before + 1
