"""The two books out of a state and a broker's answers: whose account counts, and which report of an execution."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from phoenix.application.reconciliation.broker_book import Books, books_of
from phoenix.application.reconciliation.judging import stalled_positions
from phoenix.application.reconciliation.profit import profits_of
from phoenix.application.reconciliation.reports import Reports
from phoenix.domain.change import replace
from phoenix.domain.position import LegState, Position
from phoenix.domain.reconciliation.compare import OrderDifference, compare
from phoenix.domain.state import State
from phoenix.domain.vocabulary import Action, OrderStatus, PositionState
from phoenix.ports.answers import Complete
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import BrokerOrder, Holding, ProfitAndLoss, Quote
from phoenix.rehearsal.world import ACCOUNT, World
from tests.application.reconciliation.scenes import world_settling

ANOTHER = "SIM0002"


@pytest.fixture
def world() -> World:
    world = world_settling()
    world.enter()
    world.wait(1)
    return world


def the_position(world: World) -> Position:
    [position] = world.state.positions.values()
    return position


def order_of(world: World, leg: LegState, **changes: Any) -> BrokerOrder:
    """One of our orders as the broker shows it when nothing is wrong."""
    shown = BrokerOrder(
        reference=leg.leg.reference, session_order_id=None, permanent_id=leg.permanent_id, account=ACCOUNT,
        pair="GBPUSD", action=leg.leg.action, order_type=None, quantity=None, filled_quantity=leg.borne,
        remaining_quantity=None, limit_price=None, stop_price=None, time_in_force=None, status=leg.status,
    )  # fmt: skip
    return replace(shown, **changes)


def books(
    world: World, *orders: BrokerOrder, holdings: tuple[Holding, ...] = (),
    executions: tuple[ExecutionReported, ...] = (),
) -> Books:  # fmt: skip
    now = world.now
    reports = Reports(Complete(orders, now), Complete(holdings, now), Complete((), now), Complete(executions, now))
    return books_of(world.state, ACCOUNT, reports, now)


def all_of_ours(world: World) -> list[BrokerOrder]:
    return [order_of(world, leg) for leg in the_position(world).alive_legs]


def held(world: World, account: str = ACCOUNT, pair: str = "GBPUSD") -> Holding:
    return Holding(account, pair, the_position(world).open_quantity, None)


def test_books_that_agree_differ_in_nothing(world: World) -> None:
    found = books(world, *all_of_ours(world), holdings=(held(world),))
    assert compare(found.ours, found.theirs) == []


def test_what_another_account_holds_or_orders_is_not_compared(world: World) -> None:
    foreign = order_of(
        world, the_position(world).legs[0], reference="by hand", permanent_id="9", account=ANOTHER,
        status=OrderStatus.WORKING,
    )  # fmt: skip
    strange = (held(world, ANOTHER), held(world, ANOTHER, "EURUSD"))
    found = books(world, *all_of_ours(world), foreign, holdings=(held(world), *strange))
    assert compare(found.ours, found.theirs) == []


def test_an_order_of_ours_in_another_account_is_absent(world: World) -> None:
    first, *rest = all_of_ours(world)
    found = books(world, replace(first, account=ANOTHER), *rest, holdings=(held(world),))
    assert [difference.key for difference in compare(found.ours, found.theirs)] == [f"order:{first.reference}"]


@pytest.mark.parametrize(
    ("execution_id", "quantity", "is_bust", "may_lag"),
    [
        ("X1.01", 1000, False, True),
        ("X1.01", 999, False, False),
        ("X1.01", 1000, True, False),
        (None, 999_999_999, False, False),
    ],
)
def test_only_executions_that_are_new_bear_out_what_an_order_filled(
    execution_id: str | None, quantity: int, is_bust: bool, may_lag: bool, world: World
) -> None:
    """The same report again, whatever it says by then, bears nothing out; a bust takes away."""
    [entry] = [leg for leg in the_position(world).legs if not leg.is_alive]
    known = the_position(world).fills.fills[0].execution_id
    report = ExecutionReported(
        execution_id or known, entry.leg.reference, None, entry.permanent_id, ACCOUNT, "GBPUSD", Action.BUY,
        Decimal(quantity), Decimal("1.26"), world.now, is_bust,
    )  # fmt: skip
    more = order_of(world, entry, filled_quantity=entry.borne + 1000)
    found = books(world, *all_of_ours(world), more, holdings=(held(world),), executions=(report,))
    [difference] = [one for one in compare(found.ours, found.theirs) if one.key == f"order:{entry.leg.reference}"]
    assert isinstance(difference, OrderDifference)
    assert difference.may_lag is may_lag


@pytest.mark.parametrize(
    "changes", [{"adjusted": Decimal(1)}, {"adopted_from": "a drift"}, {"handed_over": Decimal(1)}]
)
def test_profit_is_not_known_of_what_no_execution_of_its_own_priced(changes: dict[str, Any], world: World) -> None:
    now, position = world.now, the_position(world)
    reports = Reports(
        Complete((), now), Complete((), now), profit=Complete(ProfitAndLoss(ACCOUNT, Decimal(0), Decimal(0)), now),
        quotes={"GBPUSD": Complete(Quote("GBPUSD", Decimal("1.26"), Decimal("1.2601"), now), now)},
    )  # fmt: skip
    assert profits_of(world.state, reports) is not None
    changed = replace(position, **changes)
    state = replace(world.state, positions=world.state.positions.set(position.position_id, changed))
    assert profits_of(state, reports) is None


def test_of_stalled_positions_the_longest_comes_first(world: World) -> None:
    position = the_position(world)
    state: State = world.state
    for number, minutes in enumerate((2, 1, 3)):
        stalled = replace(
            position, position_id=f"{number}", state=PositionState.STALLED, since=world.now.replace(minute=minutes)
        )
        state = replace(state, positions=state.positions.set(stalled.position_id, stalled))
    assert stalled_positions(state) == ("1", "0", "2")
