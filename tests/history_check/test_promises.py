"""What must come with a bead is looked for between units of work, never in the middle of a later one."""

from __future__ import annotations

import pytest

from phoenix.domain.vocabulary import DecisionKind
from phoenix.rehearsal.world import World


@pytest.mark.parametrize("beads_meanwhile", range(14))
def test_a_later_change_is_no_breach_of_an_earlier_promise_wherever_it_falls(beads_meanwhile: int) -> None:
    world = World()
    world.register()
    intent_id = world.signal().intent_id or ""
    world.approve(intent_id, submit=False)
    world.approve(intent_id, submit=False)
    for number in range(beads_meanwhile):
        world.wait(1)
        world.register(f"strategy-{number}")
    world.wait(1)
    world.decide(DecisionKind.WITHDRAW, intent_id)
    report = world.history()
    assert report.ok, report.text()
