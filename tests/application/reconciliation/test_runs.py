"""Comparisons in a whole core: what calls for them, what they leave behind, and what they cost."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import (
    ForeignOrder,
    HoldingClaimed,
    HoldingsLag,
    Query,
    QueryUnanswered,
    SocketDrop,
    Which,
)
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, OrderRequest
from phoenix.application.alerts import AlertKind
from phoenix.application.simulation import run_now
from phoenix.domain.beads.safety import AlertPayload, DriftPayload
from phoenix.domain.vocabulary import (
    Action,
    DecisionKind,
    LegRole,
    OrderStatus,
    OrderType,
    PositionState,
    ReconciliationVerdict,
    RefusalReason,
    TimeInForce,
)
from phoenix.ports.answers import Complete
from phoenix.rehearsal.world import ACCOUNT, ASSISTANT, OPERATOR, World
from tests.application.acts import reason_of
from tests.application.reconciliation.scenes import (
    compare,
    lose,
    order_at_broker,
    resolve,
    restate,
    runs,
    settle,
    the_drift,
    world_settling,
)

V = ReconciliationVerdict
ENTRY = Which(role=LegRole.ENTRY)


def asked(world: World) -> Counter[str]:
    """Counts the queries from now on."""
    count: Counter[str] = Counter()
    for query in ("open_orders", "completed_orders", "executions", "holdings", "profit_and_loss"):
        _count(world, query, count)
    return count


def _count(world: World, query: str, count: Counter[str]) -> None:
    ask = getattr(world.broker, query)

    async def counted() -> Any:
        count[query] += 1
        return await ask()

    setattr(world.broker, query, counted)


def alerts(world: World, kind: str) -> list[AlertPayload]:
    return world.raised(kind)


# --- what a run leaves behind ----------------------------------------------------------------------------------------


def test_a_fill_that_changes_nothing_leaves_no_bead_but_is_known() -> None:
    world = world_settling()
    before = len(runs(world))
    world.wait(10)
    world.enter()
    assert len(runs(world)) == before
    assert world.executor.books_looked_at == world.now


def test_the_first_look_of_all_and_every_scheduled_and_asked_one_is_on_record() -> None:
    world = world_settling()
    assert [run.trigger for run in runs(world)] == ["RECONNECT"]
    compare(world)
    world.wait(301)
    assert [run.trigger for run in runs(world)] == ["RECONNECT", "DEMAND", "SCHEDULE"]
    assert {run.verdict for run in runs(world)} == {V.HEALTHY}


def test_a_drift_is_reason_enough_to_look_once_more() -> None:
    world = world_settling()
    restate(world, 5_000)
    compare(world)
    count = asked(world)
    world.wait(30)
    assert len(world.payloads(DriftPayload)) == 1
    assert count["holdings"] == count["executions"] == 2


def test_an_asked_run_answers_the_decision_that_asked() -> None:
    world = world_settling()
    compare(world)
    assert runs(world)[-1].decision_id is not None
    assert not world.state.decisions


def test_what_is_compared_has_one_name() -> None:
    world = world_settling()
    error = world.refused(lambda: world.decide(DecisionKind.RECONCILE, "everything", signer=OPERATOR))
    assert reason_of(error) is RefusalReason.NOT_FOUND
    error = world.refused(lambda: world.decide(DecisionKind.RECONCILE, "books", signer=ASSISTANT))
    assert reason_of(error) is RefusalReason.NOT_ALLOWED


def test_a_light_look_asks_for_no_more_than_a_trade_can_have_changed() -> None:
    world = world_settling()
    world.wait(10)
    count = asked(world)
    world.enter()
    assert count["open_orders"] == count["holdings"] == 1
    assert count["executions"] == count["profit_and_loss"] == 0
    compare(world)
    assert set(count.values()) <= {1, 2}
    assert count["executions"] == count["profit_and_loss"] == 1


def test_without_a_session_nobody_looks_but_for_whoever_asks() -> None:
    world = world_settling()
    world.inject(SocketDrop(world.now, None))
    world.wait(30)
    count = asked(world)
    world.wait(1000)
    assert not count
    compare(world)
    assert runs(world)[-1].verdict is V.UNKNOWN
    assert len(alerts(world, "BOOKS_UNKNOWN")) == 1


def test_a_broker_that_is_silent_for_long_is_told_of_once() -> None:
    world = world_settling()
    world.inject(QueryUnanswered(begins_at=world.now, until=world.now + timedelta(minutes=20), query=Query.HOLDINGS))
    world.wait(1100)
    assert {run.verdict for run in runs(world)[1:]} == {V.UNKNOWN}
    assert len(alerts(world, "BOOKS_UNKNOWN")) == 1
    world.wait(300)
    assert runs(world)[-1].verdict is V.HEALTHY


# --- lags ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lag_s", [1, 15, 29])
def test_holdings_that_lag_less_than_the_time_to_settle_are_never_drift(lag_s: float) -> None:
    world = world_settling()
    world.inject(HoldingsLag(begins_at=world.now, lag_s=lag_s))
    world.enter()
    for _ in range(8):
        world.wait(5)
        compare(world)
    world.wait(600)
    assert not world.payloads(DriftPayload)
    assert world.state.reconciliation.verdict is V.HEALTHY


@pytest.mark.parametrize("habit", [faults.delay(ENTRY, 30), faults.delay(ENTRY, 55), faults.slow(ENTRY, 20)])
def test_a_broker_that_speaks_late_of_an_order_it_executed_is_never_drift(habit: faults.Fault) -> None:
    world = world_settling()
    world.inject(habit)
    world.enter()
    for _ in range(12):
        world.wait(5)
        compare(world)
    assert not world.payloads(DriftPayload)
    assert world.state.reconciliation.verdict is V.HEALTHY


def test_an_order_that_nobody_speaks_of_is_stalled_and_no_drift_though_the_broker_filled_it() -> None:
    world = world_settling()
    world.inject(faults.unheard(ENTRY))
    position = world.enter()
    world.wait(600)
    assert not world.payloads(DriftPayload)
    assert runs(world)[-1].stalled == (position.position_id,)
    assert runs(world)[-1].verdict is V.SETTLING


def test_an_exit_that_is_silent_is_looked_up_in_the_books_before_it_is_a_drift() -> None:
    world = world_settling()
    position_id = world.enter().position_id
    world.wait(1)
    world.inject(faults.unheard(Which(role=LegRole.EXIT)))
    world.approve(str(world.decide(DecisionKind.CLOSE, position_id)))
    world.wait(55)
    compare(world)
    assert not world.payloads(DriftPayload)
    world.wait(400)
    assert not world.payloads(DriftPayload)
    assert world.position(position_id).state is PositionState.CLOSED
    assert "EXIT_SILENT" in [alert.kind for alert in world.payloads(AlertPayload)]


def test_a_lag_that_ends_in_something_else_settles_anew() -> None:
    world = world_settling()
    world.enter()
    restate(world, 900_000)
    compare(world)
    world.wait(20)
    restate(world, 800_000)
    compare(world)
    world.wait(29)
    assert not world.payloads(DriftPayload)
    world.wait(1)
    assert the_drift(world).mismatch.broker_state == {"net": "800000"}


# --- one drift for each difference -----------------------------------------------------------------------------------


def test_a_missing_execution_is_one_drift_of_its_order_not_also_of_the_net() -> None:
    world = world_settling()
    world.inject(faults.partial(ENTRY, Decimal("0.5")))
    world.enter()
    world.wait(1)
    entry = order_at_broker(world, LegRole.ENTRY)
    entry.filled += 100_000
    restate(world, 600_000)
    settle(world)
    assert the_drift(world).key.startswith("order:")


def test_differences_in_two_instruments_are_two_drifts() -> None:
    world = world_settling()
    restate(world, 5000, "EURUSD")
    restate(world, -7000, "USDJPY")
    settle(world)
    assert {drift.key for drift in world.state.drifts.values()} == {"net:EURUSD", "net:USDJPY"}
    assert len(alerts(world, "DRIFT_FOUND")) == 2


def test_a_holding_that_is_claimed_and_taken_back_leaves_a_drift_for_a_human() -> None:
    world = world_settling()
    world.inject(HoldingClaimed(begins_at=world.now, until=world.now + timedelta(seconds=90), pair="GBPUSD",
                                quantity=Decimal(5000)))  # fmt: skip
    settle(world)
    assert the_drift(world).agrees_since is None
    world.wait(300)
    assert the_drift(world).agrees_since is not None
    assert world.state.reconciliation.verdict is V.HEALTHY


def test_an_order_of_a_position_that_has_left_memory_is_still_ours() -> None:
    world = world_settling()
    position_id = world.enter().position_id
    world.wait(1)
    world.approve(str(world.decide(DecisionKind.CLOSE, position_id)))
    assert position_id not in world.state.positions
    stop = order_at_broker(world, LegRole.STOP_LOSS)
    book = world.broker.engine.world.book
    stop.status = OrderStatus.WORKING
    del book.completed[stop.sequence]
    book.live[stop.sequence] = stop
    world.wait(1)
    settle(world)
    drift = the_drift(world)
    assert (drift.mismatch.origin.value, drift.mismatch.drift_type.value) == ("PHOENIX", "ORDER_STATUS")
    assert drift.mismatch.phoenix_state["status"] == "ENDED"  # type: ignore[index, call-overload]
    resolve(world, "PHOENIX_CORRECTED")
    assert world.position(position_id).alive_legs
    compare(world)
    assert not world.state.drifts


def test_an_order_of_another_account_is_nobodys_business() -> None:
    world = world_settling()
    request = OrderRequest(
        "SIM0002", "GBPUSD", Action.BUY, OrderType.LIMIT, Decimal(100_000), TimeInForce.GTC, 0, FOREIGN_CLIENT,
        limit_price=Decimal("1.25000"),
    )  # fmt: skip
    world.inject(ForeignOrder(world.now, request))
    world.wait(1)
    settle(world)
    assert not world.payloads(DriftPayload)
    assert ACCOUNT == "SIM0001"


# --- the session -----------------------------------------------------------------------------------------------------


def test_a_session_whose_books_differ_opens_entries_once_a_human_has_settled_it() -> None:
    world = world_settling()
    world.enter()
    restate(world, 900_000)
    world.inject(SocketDrop(world.now, 3))
    world.wait(40)
    assert not world.state.session.is_reconciled
    world.decide(
        DecisionKind.RESOLVE, the_drift(world).drift_bead_id, signer=OPERATOR, reason="seen",
        detail={"resolution": "ACKNOWLEDGED"},
    )  # fmt: skip
    assert world.state.session.is_reconciled


def test_somebody_elses_order_closes_its_instrument_and_not_the_session() -> None:
    world = world_settling()
    request = OrderRequest(
        ACCOUNT, "GBPUSD", Action.BUY, OrderType.LIMIT, Decimal(100_000), TimeInForce.GTC, 0, FOREIGN_CLIENT,
        limit_price=Decimal("1.25000"),
    )  # fmt: skip
    world.inject(ForeignOrder(world.now, request))
    world.wait(1)
    run_now(world.executor.read_books())
    assert world.state.session.is_reconciled
    assert world.state.settling_pairs == {"GBPUSD"}
    world.wait(61)
    assert world.state.unsettled_pairs == {"GBPUSD"}


def test_an_incomplete_recovery_is_told_once_for_as_long_as_it_is_the_same() -> None:
    world = world_settling()
    world.enter()
    world.wait(1)
    lose(world, LegRole.STOP_LOSS)
    run_now(world.executor.read_books())
    world.wait(1)
    for _ in range(3):
        run_now(world.executor.read_books())
    assert len(alerts(world, "RECOVERY_INCOMPLETE")) == 1


# --- profit ----------------------------------------------------------------------------------------------------------


def test_prices_move_profit_on_both_sides_alike() -> None:
    world = world_settling()
    world.enter()
    compare(world)
    for bid in ("1.26080", "1.25950", "1.26020"):
        world.price(bid)
        compare(world)
        assert world.state.reconciliation.verdict is V.HEALTHY
    world.price("1.26200")
    world.wait(600)
    assert not world.payloads(DriftPayload)


def test_profit_that_differs_beyond_the_tolerance_is_one_warning_while_prices_go_on_moving() -> None:
    world = world_settling()
    world.enter()
    compare(world)
    world.broker.engine.world.account.restated += Decimal(51)
    compare(world)
    for bid in ("1.26030", "1.26010", "1.26040"):
        world.wait(30)
        world.price(bid)
        compare(world)
    assert the_drift(world).key == "pnl"
    assert len(world.payloads(DriftPayload)) == len(alerts(world, "PNL_DRIFT")) == 1
    assert world.state.unsettled_pairs == frozenset()


def test_profit_that_the_broker_does_not_state_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_settling()
    compare(world)
    answer = run_now(world.broker.profit_and_loss())
    assert isinstance(answer, Complete)

    async def unset() -> Any:
        return Complete(replace(answer.value, realised=None), world.now)

    monkeypatch.setattr(world.broker, "profit_and_loss", unset)
    settle(world)
    assert world.state.reconciliation.verdict is V.HEALTHY


def test_profit_is_not_compared_while_what_is_held_differs() -> None:
    world = world_settling()
    world.enter()
    compare(world)
    restate(world, 100_000)
    world.price("1.26150")
    settle(world)
    assert the_drift(world).key == "net:GBPUSD"
    assert world.state.reconciliation.baseline is None


def test_profit_is_not_compared_while_something_is_held_that_no_position_has() -> None:
    world = world_settling()
    for fault in (faults.never_fill(ENTRY), faults.fill_after_cancel(ENTRY, 5)):
        world.inject(fault)
    position_id = world.enter().position_id
    world.wait(1)
    world.decide(DecisionKind.CANCEL, position_id)
    world.wait(10)
    assert world.state.strays
    compare(world)
    for bid in ("1.26200", "1.26400", "1.26300"):
        world.price(bid)
        settle(world)
    assert not world.state.reconciliation.suspects
    assert not [drift for drift in world.state.drifts.values() if drift.key]


def test_a_net_that_is_another_at_every_look_is_told_after_a_quarter_of_an_hour() -> None:
    """Somebody trades by hand all the time: no two reads agree, and yet nothing of it can be a lag."""
    world = world_settling()
    world.enter()
    world.wait(1)
    began_at = world.now
    for thousands in range(1, 41):
        restate(world, 500_000 + 1000 * thousands)
        compare(world)
        world.wait(25)
        assert bool(world.state.drifts) == (world.now - began_at > timedelta(seconds=900))
    [drift] = world.payloads(DriftPayload)
    assert drift.key == "net:GBPUSD"
    assert len(alerts(world, AlertKind.DRIFT_FOUND)) == 1


def test_a_net_that_agrees_in_between_begins_anew() -> None:
    world = world_settling()
    for thousands in range(1, 61):
        restate(world, 0 if thousands % 20 == 0 else 1000 * thousands)
        compare(world)
        world.wait(25)
    assert not world.payloads(DriftPayload)
