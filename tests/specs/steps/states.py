"""Steps about the lifecycle table: bringing a position into each state, and trying what does not lead out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import product

from pytest_bdd import given, then, when

from phoenix.adapters.simulation import faults
from phoenix.application.simulation import run_now
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.lifecycle import transition
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason, Trigger
from phoenix.rehearsal.world import OPERATOR
from phoenix.testing.scene import Scene
from phoenix.testing.steps.broker import ENTRY, FIRST_ENTRY, only_execution, turns_up
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.lifecycle import buys, cancels, enter, rests


def _proposed(scene: Scene) -> None:
    scene.signalled(scene.world.signal())


def _approved(scene: Scene) -> None:
    _proposed(scene)
    scene.approve(submit=False)


def _stalled(scene: Scene) -> None:
    scene.world.inject(faults.lose(FIRST_ENTRY))
    enter(scene)
    scene.world.wait(60)


def _filled(scene: Scene) -> None:
    scene.world.inject(faults.partial(ENTRY, Decimal("0.5")))
    enter(scene)


def _closed(scene: Scene) -> None:
    buys(scene)
    scene.world.price("1.26200")


def _cancelled(scene: Scene) -> None:
    rests(scene)
    cancels(scene)


def _rejected(scene: Scene) -> None:
    scene.world.inject(faults.reject(ENTRY))
    enter(scene)


def _expired(scene: Scene) -> None:
    _approved(scene)
    scene.world.wait(300)


WAYS: Mapping[str, Callable[[Scene], None]] = {
    "PROPOSED": _proposed, "APPROVED": _approved, "SUBMITTED": rests, "STALLED": _stalled, "FILLED": _filled,
    "MANAGED": buys, "CLOSED": _closed, "CANCELLED": _cancelled, "REJECTED": _rejected, "EXPIRED": _expired,
}  # fmt: skip

DEEDS: Mapping[str, DecisionKind] = {
    "pass on": DecisionKind.PASS,
    "withdraw": DecisionKind.WITHDRAW,
    "approve": DecisionKind.APPROVE,
    "close": DecisionKind.CLOSE,
    "cancel": DecisionKind.CANCEL,
    "call absent": DecisionKind.ATTEST_ABSENT,
}
ABOUT_INTENT = frozenset({DecisionKind.PASS, DecisionKind.WITHDRAW, DecisionKind.APPROVE})


@given(phrase("a position that is {state:Word}"))
def position_in_state(scene: Scene, state: str) -> None:
    WAYS[state](scene)
    assert str(scene.position().state) == state, scene.position()


@when(phrase("somebody tries to {deed} it"))
def tried(scene: Scene, deed: str) -> None:
    kind, position = DEEDS[deed], scene.position()
    subject = position.intent_id if kind in ABOUT_INTENT else position.position_id
    scene.attempt(lambda: scene.world.decide(kind, subject, reason="because"))


@given("a stalled entry that the books did not show, and half of which has executed since")
def half_executed_in_silence(scene: Scene) -> None:
    scene.world.inject(faults.partial(ENTRY, Decimal("0.5")))
    scene.world.inject(faults.unheard(ENTRY))
    _stalled(scene)
    scene.world.wait(1)
    run_now(scene.world.executor.read_books())
    turns_up(scene)
    only_execution(scene)


@when("the operator attests that the order is absent")
def attests(scene: Scene) -> None:
    position_id = scene.position().position_id
    decide = DecisionKind.ATTEST_ABSENT
    scene.attempt(lambda: scene.world.decide(decide, position_id, signer=OPERATOR, reason="not in TWS"))


@then("it is refused as no move of the table")
def refused_as_no_move(scene: Scene) -> None:
    refusal = scene.take_refusal()
    assert isinstance(refusal, InvalidTransition), repr(refusal)
    assert scene.world.payloads(RefusalPayload)[-1].reason is RefusalReason.TRANSITION


# --- the table ------------------------------------------------------------------------------------------------------

Move = tuple[str, str]


@given("the lifecycle table", target_fixture="table")
def lifecycle_table(datatable: Sequence[Sequence[object]]) -> dict[Move, str]:
    rows = [tuple(map(str, row)) for row in datatable[1:]]
    return {(before, trigger): after for before, trigger, after in rows}


@when("every state meets every trigger", target_fixture="made")
def every_pair() -> dict[Move, str]:
    made = {}
    for state, trigger in product((None, *PositionState), Trigger):
        try:
            made["-" if state is None else str(state), str(trigger)] = str(transition(state, trigger))
        except InvalidTransition:
            continue
    return made


@then("exactly the moves of the table are made, and every other is refused")
def exactly_the_table(table: dict[Move, str], made: dict[Move, str]) -> None:
    assert len(table) == 23
    assert made == table
