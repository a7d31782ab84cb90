"""What an ended position holds after all stands in the way of a promotion, until a human has adopted it."""

from __future__ import annotations

from decimal import Decimal

from phoenix.application.promotion.checklist import promotion_checklist
from phoenix.domain.change import replace
from phoenix.domain.promotion.checklist import CheckName
from phoenix.domain.state import Stray
from phoenix.domain.vocabulary import DecisionKind
from phoenix.rehearsal.performance import month
from phoenix.rehearsal.world import OPERATOR
from tests.application.acts import registered


def test_a_stray_is_unresolved_drift() -> None:
    world = registered()
    world.decide(DecisionKind.IMPORT_PERFORMANCE, "fvg-retest", signer=OPERATOR, detail=month())
    assert promotion_checklist(world.state, world.policy, "fvg-retest").is_complete
    state = replace(world.state, strays=world.state.strays.set("ended", Stray("ended", "GBPUSD", Decimal(1000))))
    checklist = promotion_checklist(state, world.policy, "fvg-retest")
    assert [item.name for item in checklist.missing] == [CheckName.DRIFT]
    assert "1000 GBPUSD of ended position ended" in checklist.missing[0].found
