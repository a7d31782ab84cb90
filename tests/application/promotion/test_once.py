"""What happens once in a strategy's life happens once, whoever writes: the database refuses the second."""

from __future__ import annotations

import pytest

from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.vocabulary import PromotionEvent
from phoenix.ports.errors import StoreConflict
from phoenix.ports.store import Proposal
from phoenix.rehearsal.performance import autopsy, session
from phoenix.rehearsal.world import World


def append(world: World, *payloads: Payload) -> None:
    for payload in payloads:
        bead = Bead(world.ids.new_id(), payload, SYSTEM, world.now)
        world.container.store().transact(lambda _, bead=bead: Proposal([bead], None))  # type: ignore[misc]


def ended(intent_id: str, event: PromotionEvent, strategy_id: str = "fvg") -> PromotionPayload:
    return PromotionPayload(strategy_id, intent_id, "hash", "trader", event)


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        (ended("a", PromotionEvent.PROMOTED), ended("b", PromotionEvent.PROMOTED), "promotion"),
        (ended("a", PromotionEvent.LAPSED), ended("a", PromotionEvent.PROMOTED), "promotion_end"),
        (ended("a", PromotionEvent.PASSED), ended("a", PromotionEvent.WITHDRAWN), "promotion_end"),
        (session(0), session(0, trades=9), "performance"),
        (autopsy(0), autopsy(0, thesis="another"), "autopsy"),
    ],
)
def test_the_second_is_refused(first: Payload, second: Payload, kind: str) -> None:
    world = World()
    append(world, first)
    with pytest.raises(StoreConflict) as caught:
        append(world, second)
    assert caught.value.kind == kind


def test_what_is_another_strategys_or_another_days_is_not_the_same() -> None:
    append(
        World(), ended("a", PromotionEvent.PROMOTED), ended("b", PromotionEvent.PROMOTED, "breakout"),
        ended("c", PromotionEvent.LAPSED), session(0), session(1), session(0, "breakout"),
    )  # fmt: skip
