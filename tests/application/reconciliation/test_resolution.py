"""Drift settled by a human: what each word does to Phoenix's book, and what it cannot do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Which
from phoenix.application.alerts import AlertKind
from phoenix.application.reconciliation.recording import in_words
from phoenix.application.settling.correction import share_out
from phoenix.application.simulation import run_now
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.safety import ResolutionPayload
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.change import replace
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, in_order, signed_open
from phoenix.domain.vocabulary import (
    DecisionKind,
    ExitReason,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    ReconciliationVerdict,
    RefusalReason,
    Trigger,
)
from phoenix.rehearsal.world import OPERATOR, World
from tests.application.acts import alerts, leg, reason_of, say
from tests.application.reconciliation.scenes import (
    compare,
    held,
    lose,
    order_at_broker,
    resolve,
    restate,
    settle,
    the_drift,
    world_settling,
)
from tests.application.words import cancelled

SHORT = {"stop": "1.26100", "target": "1.25800"}
LIMIT = {"order_type": "LIMIT", "entry": "1.25500", "stop": "1.25400", "target": "1.25700"}
WORDS = ("PHOENIX_CORRECTED", "BROKER_CORRECTED", "ACKNOWLEDGED")


def drifted(quantity: int, *entries: dict[str, str]) -> World:
    """Positions, and a broker whose net is another."""
    world = world_settling()
    for number, changes in enumerate(entries):
        world.enter(number=number + 1, risk_percent="0.5", **changes)
    world.wait(1)
    restate(world, quantity)
    settle(world)
    return world


def healthy(world: World) -> bool:
    compare(world)
    return world.state.reconciliation.verdict is ReconciliationVerdict.HEALTHY


def history_is_clean(world: World) -> None:
    report = world.history()
    assert report.ok, report.text()


# --- nets ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theirs", [300_000, 0, 700_000])
def test_the_only_position_bears_what_does_not_turn_it_over(theirs: int) -> None:
    world = drifted(theirs, {})
    resolve(world, "PHOENIX_CORRECTED")
    [position] = held(world) or [None]  # type: ignore[list-item]
    assert world.state.net_quantity("GBPUSD") == theirs
    assert position is not None
    assert position.open_quantity == theirs
    assert healthy(world)
    history_is_clean(world)


def test_a_short_position_is_corrected_in_its_own_direction() -> None:
    world = drifted(-300_000, SHORT)
    resolve(world, "PHOENIX_CORRECTED")
    [position] = held(world)
    assert (position.open_quantity, position.adjusted) == (Decimal(300_000), Decimal(-200_000))
    history_is_clean(world)


def test_beyond_flat_the_rest_is_borne_by_nobody() -> None:
    world = drifted(-100_000, {})
    resolve(world, "PHOENIX_CORRECTED")
    [position] = held(world)
    assert position.open_quantity == ZERO
    assert world.state.reconciliation.adjustments["GBPUSD"] == -100_000
    assert world.payloads(ResolutionPayload)[-1].unattributed == -100_000
    assert healthy(world)
    history_is_clean(world)


def test_the_oldest_position_gives_first() -> None:
    world = drifted(300_000, {}, {})
    resolve(world, "PHOENIX_CORRECTED")
    assert [position.open_quantity for position in held(world)] == [Decimal(0), Decimal(300_000)]
    assert healthy(world)
    history_is_clean(world)


def test_what_nobody_bears_gives_before_any_position() -> None:
    world = drifted(550_000, {})
    resolve(world, "PHOENIX_CORRECTED", position_id="NONE")
    assert world.state.reconciliation.adjustments["GBPUSD"] == 50_000
    restate(world, 520_000)
    settle(world)
    resolve(world, "PHOENIX_CORRECTED")
    assert world.state.reconciliation.adjustments["GBPUSD"] == 20_000
    assert held(world)[0].open_quantity == 500_000
    history_is_clean(world)


@pytest.mark.parametrize("named", ["no such position", "00000000-0000-4000-8000-000000000000"])
def test_a_position_that_is_named_has_something_open_there(named: str) -> None:
    world = drifted(400_000, {})
    error = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", position_id=named))
    assert reason_of(error) is RefusalReason.NOT_FOUND
    assert not world.payloads(ResolutionPayload)


def test_a_position_that_is_named_is_not_turned_over() -> None:
    world = drifted(-100_000, {})
    position_id = held(world)[0].position_id
    error = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", position_id=position_id))
    assert reason_of(error) is RefusalReason.MALFORMED
    assert held(world)[0].open_quantity == 500_000


def test_a_position_that_is_corrected_to_nothing_ends_once_its_orders_have() -> None:
    world = drifted(0, {})
    resolve(world, "PHOENIX_CORRECTED")
    [position] = held(world)
    assert position.state is PositionState.MANAGED
    world.decide(DecisionKind.CANCEL, position.position_id, signer=OPERATOR)
    world.wait(5)
    closed = world.position(position.position_id)
    assert (closed.state, closed.exit_reason) == (PositionState.CLOSED, ExitReason.ADJUSTED)
    [autopsy] = world.payloads(AutopsyPayload)
    assert (autopsy.pnl, autopsy.exit_reason) == (ZERO, ExitReason.ADJUSTED)
    assert world.state.day.realised_pnl == ZERO
    history_is_clean(world)


def test_a_position_without_any_order_ends_when_it_is_corrected_to_nothing() -> None:
    world = world_settling()
    world.enter()
    world.wait(1)
    restate(world, 0)
    for role in (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT):
        lose(world, role)
    settle(world)
    drifts = sorted(world.state.drifts.values(), key=lambda drift: drift.key, reverse=True)
    assert drifts[-1].key == "net:GBPUSD"
    for drift in drifts:
        assert world.state.positions
        resolve(world, "PHOENIX_CORRECTED", drift)
    [autopsy] = world.payloads(AutopsyPayload)
    assert autopsy.exit_reason is ExitReason.ADJUSTED
    assert not world.state.positions
    assert healthy(world)
    history_is_clean(world)


def test_what_was_corrected_is_what_an_exit_sells() -> None:
    world = drifted(300_000, {})
    resolve(world, "PHOENIX_CORRECTED")
    world.approve(str(world.decide(DecisionKind.CLOSE, held(world)[0].position_id)))
    sold = [order for order in world.ledger("ORDER_RECEIVED") if str(order["reference"]).endswith("-X")]
    assert [order["quantity"] for order in sold] == ["300000"]
    world.wait(5)
    assert healthy(world)
    assert not world.state.positions
    history_is_clean(world)


def test_the_exit_reason_is_that_of_the_last_thing_that_reduced_it() -> None:
    world = drifted(300_000, {})
    resolve(world, "PHOENIX_CORRECTED")
    position_id = held(world)[0].position_id
    world.approve(str(world.decide(DecisionKind.CLOSE, position_id)))
    assert world.position(position_id).exit_reason is ExitReason.MANUAL


@pytest.mark.parametrize("word", WORDS)
def test_a_drift_is_resolved_once(word: str) -> None:
    world = drifted(400_000, {})
    drift = the_drift(world)
    resolve(world, word)
    error = world.refused(lambda: resolve(world, word, drift))
    assert reason_of(error) is RefusalReason.NOT_FOUND
    assert len(world.payloads(ResolutionPayload)) == 1


def test_phoenixs_book_that_changed_meanwhile_is_not_corrected_and_the_refusal_is_on_record() -> None:
    world = drifted(400_000, {})
    drift = the_drift(world)
    world.price("1.26200")
    assert not world.state.positions
    error = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", drift))
    assert reason_of(error) is RefusalReason.CONFLICT
    assert not world.payloads(ResolutionPayload)
    settle(world)
    assert the_drift(world).mismatch.phoenix_state == {"net": "0"}


@pytest.mark.parametrize("is_heard", [False, True])
def test_what_an_unanswered_order_filled_is_not_corrected_a_second_time(is_heard: bool) -> None:
    world = world_settling()
    world.inject(faults.unheard(Which(role=LegRole.ENTRY)))
    world.enter(risk_percent="0.5")
    world.wait(100)
    restate(world, 430_000)
    settle(world)
    drift = the_drift(world)
    assert drift.mismatch.phoenix_state == {"net": "500000", "unheard": "500000"}
    assert "holds 500000 of which it has not heard 500000, the broker holds 430000" in in_words(drift.mismatch)
    if is_heard:
        run_now(world.executor.read_books())
        settle(world)
        assert the_drift(world) == drift
    resolve(world, "PHOENIX_CORRECTED", position_id="NONE")
    assert dict(world.state.reconciliation.adjustments) == {"GBPUSD": Decimal(-70_000)}
    run_now(world.executor.read_books())
    assert [position.open_quantity for position in held(world)] == [Decimal(500_000)]
    assert healthy(world)
    history_is_clean(world)


def test_what_is_adopted_from_a_drift_leaves_out_what_an_unanswered_order_filled() -> None:
    world = world_settling()
    world.inject(faults.unheard(Which(role=LegRole.ENTRY)))
    world.enter(risk_percent="0.5")
    world.wait(100)
    restate(world, 550_000)
    settle(world)
    drift = the_drift(world)
    assert world.position(str(adopt(world))).open_quantity == Decimal(50_000)
    resolve(world, "PHOENIX_CORRECTED", drift)
    assert world.payloads(ResolutionPayload)[-1].quantity == ZERO
    run_now(world.executor.read_books())
    assert world.state.net_quantity("GBPUSD") == Decimal(550_000)
    assert healthy(world)
    history_is_clean(world)


# --- orders ----------------------------------------------------------------------------------------------------------


def test_an_order_that_the_broker_ended_is_ended_on_a_humans_word() -> None:
    world = world_settling()
    position_id = world.enter(**LIMIT).position_id
    world.wait(1)
    for role in (LegRole.ENTRY, LegRole.STOP_LOSS, LegRole.TAKE_PROFIT):
        order = order_at_broker(world, role)
        order.status = OrderStatus.CANCELLED
        world.broker.engine.world.book.finish(order)
    settle(world)
    for drift in sorted(world.state.drifts.values(), key=lambda drift: drift.key):
        resolve(world, "PHOENIX_CORRECTED", drift)
    assert world.position(position_id).state is PositionState.CANCELLED
    assert healthy(world)
    ended = [order for order in world.payloads(OrderPayload) if order.event is OrderEvent.CANCELLED]
    assert len(ended) == 3
    assert all(order.decision_id for order in ended)


def test_a_stop_that_the_broker_lost_is_given_up_and_the_position_is_unprotected() -> None:
    world = world_settling()
    position_id = world.enter().position_id
    world.wait(1)
    lose(world, LegRole.STOP_LOSS)
    settle(world)
    resolve(world, "PHOENIX_CORRECTED")
    world.wait(11)
    position = world.position(position_id)
    assert (position.state, position.protection.value) == (PositionState.MANAGED, "NONE")
    assert alerts(world, AlertKind.POSITION_UNPROTECTED)
    assert healthy(world)
    history_is_clean(world)


@pytest.mark.parametrize(("theirs", "remaining"), [(600_000, 600_000), (400_000, 400_000)])
def test_a_fill_that_is_corrected_is_borne_by_its_position_and_its_order(theirs: int, remaining: int) -> None:
    world = world_settling(faults=(faults.partial(Which(role=LegRole.ENTRY), Decimal("0.5")),))
    position_id = world.enter().position_id
    world.wait(1)
    order_at_broker(world, LegRole.ENTRY).filled = Decimal(theirs)
    restate(world, theirs)
    settle(world)
    resolve(world, "PHOENIX_CORRECTED")
    position = world.position(position_id)
    assert position.open_quantity == remaining
    entry = position.entry_leg
    assert entry is not None
    assert (entry.executed, entry.borne) == (Decimal(500_000), Decimal(theirs))
    assert healthy(world)
    assert len(world.payloads(ExecutionPayload)) == 1
    history_is_clean(world)


def test_an_exit_side_fill_that_is_corrected_takes_from_what_is_open() -> None:
    world = world_settling()
    position_id = world.enter().position_id
    world.wait(1)
    order_at_broker(world, LegRole.TAKE_PROFIT).filled = Decimal(300_000)
    restate(world, 700_000)
    settle(world)
    resolve(world, "PHOENIX_CORRECTED")
    assert world.position(position_id).open_quantity == 700_000
    assert world.state.net_quantity("GBPUSD") == 700_000


def test_no_correction_stands_for_a_first_execution() -> None:
    world = world_settling()
    world.enter(**LIMIT)
    world.wait(1)
    order_at_broker(world, LegRole.ENTRY).filled = Decimal(300_000)
    compare(world)
    error = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED"))
    assert reason_of(error) is RefusalReason.WRONG_STATE
    resolve(world, "ACKNOWLEDGED")
    assert not world.state.drifts


def test_an_order_that_is_nobodys_is_not_corrected_into_phoenixs_book() -> None:
    world = world_settling()
    restate(world, 0)
    world.enter()
    world.wait(1)
    stop = order_at_broker(world, LegRole.STOP_LOSS)
    stop.request = replace(stop.request, reference=None)
    stop.ids = replace(stop.ids, permanent_id="999", reference=None)
    settle(world)
    strange = next(drift for drift in world.state.drifts.values() if drift.key == "order:999")
    error = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", strange))
    assert reason_of(error) is RefusalReason.NOT_ALLOWED


def test_an_order_whose_status_changed_meanwhile_is_not_corrected() -> None:
    world = world_settling()
    position_id = world.enter().position_id
    world.wait(1)
    lose(world, LegRole.TAKE_PROFIT)
    settle(world)
    drift = the_drift(world)
    say(world, cancelled(world, leg(world, position_id, LegRole.TAKE_PROFIT)))
    error = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", drift))
    assert reason_of(error) is RefusalReason.CONFLICT


# --- adoption --------------------------------------------------------------------------------------------------------


def adopt(world: World, **changes: str) -> object:
    detail = {
        "what": "HOLDING", "entry_price": "1.26000", "stop_price": "1.25800", "target_price": "1.26200",
        "strategy_id": "fvg-retest", **changes,
    }  # fmt: skip
    return world.decide(DecisionKind.ADOPT, the_drift(world).drift_bead_id, signer=OPERATOR, detail=dict(detail))


def test_what_somebody_else_holds_is_adopted_from_its_drift_and_can_be_exited() -> None:
    world = drifted(50_000)
    drift = the_drift(world)
    position = world.position(str(adopt(world)))
    assert (position.open_quantity, position.adopted_from) == (Decimal(50_000), drift.drift_bead_id)
    resolve(world, "PHOENIX_CORRECTED", drift)
    assert world.payloads(ResolutionPayload)[-1].quantity == ZERO
    world.approve(str(world.decide(DecisionKind.CLOSE, position.position_id)))
    world.wait(5)
    assert not world.state.positions
    assert healthy(world)
    history_is_clean(world)


def test_what_the_broker_lacks_cannot_be_adopted() -> None:
    world = drifted(400_000, {})
    assert reason_of(world.refused(lambda: adopt(world))) is RefusalReason.NOT_FOUND


def test_what_is_adopted_is_what_the_drift_shows() -> None:
    world = drifted(550_000, {})
    drift = the_drift(world)
    world.price("1.26200")
    detail = {
        "what": "HOLDING", "entry_price": "1.26", "stop_price": "1.25800", "target_price": "1.26200",
        "strategy_id": "fvg-retest",
    }  # fmt: skip
    error = world.refused(
        lambda: world.decide(DecisionKind.ADOPT, drift.drift_bead_id, signer=OPERATOR, detail=dict(detail))
    )
    assert reason_of(error) is RefusalReason.CONFLICT


# --- sharing out -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def states() -> list[State]:
    """A state of nothing, of one long, of two longs, and of a long and a short."""
    entries: list[tuple[dict[str, str], ...]] = [(), ({},), ({}, {}), ({}, SHORT)]
    return [drifted_state(*each) for each in entries]


def drifted_state(*entries: dict[str, str]) -> State:
    world = world_settling()
    for number, changes in enumerate(entries):
        world.enter(number=number + 1, risk_percent="0.5", **changes)
    return world.state


@given(which=st.integers(0, 3), thousands=st.integers(-1500, 1500), spare=st.integers(-300, 300))
def test_shares_and_rest_make_the_whole_and_turn_nothing_over(
    states: list[State], which: int, thousands: int, spare: int
) -> None:
    state, quantity = states[which], Decimal(thousands * 1000)
    record = state.reconciliation
    adjustments = record.adjustments.set("GBPUSD", Decimal(spare * 1000)) if spare else record.adjustments
    state = replace(state, reconciliation=replace(record, adjustments=adjustments))
    shares, unattributed = shared(state, quantity)
    signed = [change * (signed_open(p) / p.open_quantity) for p, change in shares]
    assert sum(signed, unattributed) == quantity
    assert all(position.open_quantity + change >= ZERO for position, change in shares)
    assert len({position.position_id for position, _ in shares}) == len(shares)


def shared(state: State, quantity: Decimal) -> tuple[list[tuple[Position, Decimal]], Decimal]:
    """Who bears it; where several might have more, the human has to name one, as here the first."""
    held = in_order(state.positions)
    try:
        return share_out(state, "GBPUSD", quantity, decision({}))
    except Refused:
        assert len(held) > 1
        return share_out(state, "GBPUSD", quantity, decision({"position_id": held[0].position_id}))


def decision(detail: Json) -> DecisionPayload:
    return DecisionPayload("d", DecisionKind.RESOLVE, "x", None, "seen", detail, {})


def test_an_adjustment_is_no_transition() -> None:
    world = drifted(400_000, {})
    resolve(world, "PHOENIX_CORRECTED")
    [bead] = [bead for bead in world.payloads(PositionPayload) if bead.trigger is Trigger.ADJUSTED]
    assert (bead.state, bead.previous_state, bead.realised_pnl) == (PositionState.MANAGED, PositionState.MANAGED, None)


# --- what the broker's side has become meanwhile ---------------------------------------------------------------------


@pytest.mark.parametrize("theirs", [500_000, 100_000])
def test_a_net_that_is_another_at_the_broker_by_now_is_not_corrected(theirs: int) -> None:
    """The broker put its side right, or it changed again: the old difference is none to correct a book by."""
    world = drifted(300_000, {})
    drift = the_drift(world)
    restate(world, theirs)
    compare(world)
    refused = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", drift))
    assert reason_of(refused) is RefusalReason.CONFLICT
    assert held(world)[0].open_quantity == 500_000
    assert not world.payloads(ResolutionPayload)
    settle(world)
    assert len(world.state.drifts) == 1
    history_is_clean(world)


def test_a_drift_that_is_over_by_itself_is_still_resolved_by_another_word() -> None:
    world = drifted(300_000, {})
    restate(world, 500_000)
    settle(world)
    assert the_drift(world).agrees_since is not None
    resolve(world, "BROKER_CORRECTED")
    assert not world.state.drifts
    assert healthy(world)


def test_an_order_that_is_found_again_is_not_given_up() -> None:
    world = world_settling()
    world.enter()
    world.wait(1)
    stop = order_at_broker(world, LegRole.STOP_LOSS)
    book = world.broker.engine.world.book
    del book.live[stop.sequence]
    settle(world)
    drift = the_drift(world)
    book.live[stop.sequence] = stop
    compare(world)
    refused = world.refused(lambda: resolve(world, "PHOENIX_CORRECTED", drift))
    assert reason_of(refused) is RefusalReason.CONFLICT
    assert leg(world, held(world)[0].position_id, LegRole.STOP_LOSS).is_alive
