"""Unknown outcomes that a human settles: bound to an order at the broker, or attested absent from it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from phoenix.adapters.simulation.faults import EVERY_ORDER, Fault, Which, lose, never_fill, partial, unheard
from phoenix.application.simulation import run_now
from phoenix.domain.beads.safety import ResolutionPayload
from phoenix.domain.vocabulary import DecisionKind, ExitReason, LegRole, OrderStatus, PositionState, RefusalReason
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, World
from tests.application.acts import leg, reason_of, received, registered, say
from tests.application.words import cancelled, execution_of, in_book, keep_these_books, read_these_books

ENTRY, STOP = Which(role=LegRole.ENTRY), Which(role=LegRole.STOP_LOSS)


def stalled(fault: Fault) -> tuple[World, str]:
    """An entry that nobody has acknowledged for a minute."""
    world = registered(faults=(fault,))
    position_id = world.enter().position_id
    world.wait(61)
    assert world.position(position_id).state is PositionState.STALLED
    return world, position_id


def attest(world: World, position_id: str) -> None:
    world.decide(DecisionKind.ATTEST_ABSENT, position_id, signer=OPERATOR, reason="asked the broker's desk")


def bind(world: World, position_id: str, permanent_id: str) -> None:
    world.decide(DecisionKind.BIND, position_id, signer=OPERATOR, detail={"permanent_id": permanent_id})


# --- attesting absence ----------------------------------------------------------------------------------------------


def test_absence_is_attested_only_against_books_read_completely_since_the_send() -> None:
    world, position_id = stalled(lose(ENTRY))
    refusal = world.refused(lambda: attest(world, position_id))
    assert reason_of(refusal) is RefusalReason.UNKNOWN_OUTCOME
    run_now(world.executor.read_books())
    attest(world, position_id)
    assert world.position(position_id).state is PositionState.CANCELLED
    assert position_id not in world.state.positions


def test_only_a_human_attests_or_binds() -> None:
    world, position_id = stalled(lose(ENTRY))
    for kind in (DecisionKind.ATTEST_ABSENT, DecisionKind.BIND):
        refusal = world.refused(lambda kind=kind: world.decide(kind, position_id, signer=ASSISTANT))
        assert reason_of(refusal) is RefusalReason.NOT_ALLOWED
    assert world.position(position_id).state is PositionState.STALLED


def test_an_answered_order_cannot_be_attested_absent() -> None:
    world = registered()
    position_id = world.enter().position_id
    refusal = world.refused(lambda: attest(world, position_id))
    assert reason_of(refusal) is RefusalReason.WRONG_STATE


def test_the_missing_rest_of_a_part_filled_entry_is_given_up_without_a_transition(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = registered(faults=(partial(ENTRY, Decimal("0.5")),))
    position_id = world.enter().position_id
    world.wait(30)
    stop, target = (leg(world, position_id, role) for role in (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT))
    shown = (in_book(stop, OrderStatus.HELD), in_book(target, OrderStatus.HELD))
    read_these_books(world, monkeypatch, as_of=world.now, completed=shown, holding=500_000)
    assert leg(world, position_id, LegRole.ENTRY).status is OrderStatus.UNKNOWN
    attest(world, position_id)
    assert world.position(position_id).state is PositionState.FILLED
    assert not leg(world, position_id, LegRole.ENTRY).is_alive
    assert world.position(position_id).open_quantity == 500_000


def test_an_exit_that_waited_for_the_missing_order_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the books lack can't answer a cancel; once a human says that it is absent, the exit is sent."""
    world = registered()
    position_id = world.enter().position_id
    world.wait(1)
    target = in_book(leg(world, position_id, LegRole.TAKE_PROFIT), OrderStatus.WORKING)
    read_these_books(world, monkeypatch, as_of=world.now, completed=(target,), holding=1_000_000)
    assert leg(world, position_id, LegRole.STOP_LOSS).status is OrderStatus.UNKNOWN
    monkeypatch.setattr(world.broker, "cancel", cancelling_nothing)
    exit_id = str(world.decide(DecisionKind.CLOSE, position_id))
    world.approve(exit_id)
    world.wait(5)
    ended = in_book(leg(world, position_id, LegRole.TAKE_PROFIT), OrderStatus.CANCELLED)
    keep_these_books(monkeypatch, world, as_of=world.now, completed=(ended,), holding=1_000_000)
    say(world, cancelled(world, leg(world, position_id, LegRole.TAKE_PROFIT)))
    assert not [reference for reference in received(world) if reference.endswith("-X")]
    attest(world, position_id)
    assert [reference for reference in received(world) if reference.endswith("-X")]
    assert world.position(position_id).state is PositionState.CLOSED


def test_a_position_closes_when_the_last_order_of_it_turns_out_to_be_absent() -> None:
    world = registered(faults=(lose(STOP),))
    position_id = world.enter().position_id
    world.price("1.26210")
    assert world.position(position_id).open_quantity == 0
    assert world.position(position_id).state is PositionState.FILLED, "a stop that nobody answered may yet execute"
    world.wait(1)
    run_now(world.executor.read_books())
    attest(world, position_id)
    assert world.position(position_id).state is PositionState.CLOSED
    assert world.position(position_id).exit_reason is ExitReason.TAKE_PROFIT


def test_an_exit_that_never_arrived_is_given_up_and_the_position_can_be_closed_anew() -> None:
    world = registered(faults=(lose(Which(role=LegRole.EXIT, nth=1)),))
    position_id = world.enter().position_id
    world.wait(1)
    world.approve(str(world.decide(DecisionKind.CLOSE, position_id)))
    world.wait(61)
    run_now(world.executor.read_books())
    attest(world, position_id)
    assert world.position(position_id).state is PositionState.MANAGED
    world.approve(str(world.decide(DecisionKind.CLOSE, position_id)))
    assert world.position(position_id).state is PositionState.CLOSED


# --- binding --------------------------------------------------------------------------------------------------------


def test_binding_a_stalled_entry_makes_it_a_submitted_one_that_no_longer_falls_silent() -> None:
    world, position_id = stalled(lose(ENTRY))
    bind(world, position_id, "77001")
    world.wait(120)
    assert world.position(position_id).state is PositionState.SUBMITTED
    assert leg(world, position_id, LegRole.ENTRY).permanent_id == "77001"


def test_what_the_broker_says_under_the_bound_id_alone_is_of_the_order() -> None:
    world, position_id = stalled(lose(ENTRY))
    bind(world, position_id, "77001")
    order = leg(world, position_id, LegRole.ENTRY)
    say(world, execution_of(world, order, "ab.01", 1_000_000, reference=None, permanent_id="77001"))
    assert world.position(position_id).state is PositionState.FILLED
    assert world.position(position_id).open_quantity == 1_000_000


def test_what_was_executed_before_the_binding_is_booked_with_it() -> None:
    world, position_id = stalled(lose(ENTRY))
    order = leg(world, position_id, LegRole.ENTRY)
    say(world, execution_of(world, order, "ab.01", 1_000_000, reference=None, permanent_id="77001"))
    assert world.position(position_id).state is PositionState.STALLED
    bind(world, position_id, "77001")
    assert world.position(position_id).open_quantity == 1_000_000


def test_an_id_of_another_order_binds_nothing() -> None:
    world = registered(faults=(lose(Which(role=LegRole.ENTRY, nth=2)),))
    first = world.enter(risk_percent="0.5").position_id
    second = world.enter(risk_percent="0.5").position_id
    world.wait(61)
    known = leg(world, first, LegRole.ENTRY).permanent_id
    assert known is not None
    refusal = world.refused(lambda: bind(world, second, known))
    assert reason_of(refusal) is RefusalReason.CONFLICT
    assert world.position(second).state is PositionState.STALLED


def test_an_order_that_has_an_id_cannot_be_bound_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    world = registered(faults=(never_fill(ENTRY),))
    position_id = world.enter().position_id
    world.wait(30)
    read_these_books(world, monkeypatch, as_of=world.now)
    assert world.position(position_id).state is PositionState.STALLED
    refusal = world.refused(lambda: bind(world, position_id, "77001"))
    assert reason_of(refusal) is RefusalReason.CONFLICT
    assert world.position(position_id).state is PositionState.STALLED


@pytest.mark.parametrize("detail", [{}, {"permanent_id": ""}, {"permanent_id": " "}])
def test_binding_takes_an_id(detail: dict[str, str]) -> None:
    world, position_id = stalled(lose(ENTRY))
    refusal = world.refused(lambda: world.decide(DecisionKind.BIND, position_id, signer=OPERATOR, detail=detail))
    assert reason_of(refusal) is RefusalReason.MALFORMED


# --- drift ----------------------------------------------------------------------------------------------------------


def with_a_drift() -> tuple[World, str]:
    world, position_id = stalled(unheard(EVERY_ORDER))
    run_now(world.executor.read_books())
    order = leg(world, position_id, LegRole.ENTRY)
    say(world, execution_of(world, order, "more.01", 1000))
    [drift] = world.state.drifts
    return world, drift


def test_a_drift_is_resolved_by_a_human_with_notes_and_a_word_of_the_list() -> None:
    world, drift = with_a_drift()
    world.decide(
        DecisionKind.RESOLVE, drift, signer=OPERATOR, reason="called the desk", detail={"resolution": "ACKNOWLEDGED"}
    )
    assert not world.state.drifts
    [resolution] = world.payloads(ResolutionPayload)
    assert (resolution.resolved_by, resolution.notes) == ("operator", "called the desk")


@pytest.mark.parametrize(
    ("subject", "reason", "word", "expected"),
    [
        (None, None, "ACKNOWLEDGED", RefusalReason.MALFORMED),
        (None, "  ", "ACKNOWLEDGED", RefusalReason.MALFORMED),
        (None, "notes", "SHRUGGED", RefusalReason.MALFORMED),
        ("unknown", "notes", "ACKNOWLEDGED", RefusalReason.NOT_FOUND),
    ],
)
def test_a_resolution_without_its_parts_resolves_nothing(
    subject: str | None, reason: str | None, word: str, expected: RefusalReason
) -> None:
    world, drift = with_a_drift()
    detail = {"resolution": word}
    refusal = world.refused(
        lambda: world.decide(DecisionKind.RESOLVE, subject or drift, signer=OPERATOR, reason=reason, detail=detail)
    )
    assert reason_of(refusal) is expected
    assert list(world.state.drifts) == [drift]


async def cancelling_nothing(*_: object) -> None:
    """A cancel that the broker never acts on."""
