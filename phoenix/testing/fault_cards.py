"""The cards that need a broker which can be told to misbehave: a simulator behind the adapter, with scripted faults."""

from __future__ import annotations

from decimal import Decimal

import pytest

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation.faults import EVERY_ORDER, Query, Which
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, OrderType
from phoenix.ports.answers import Unknown
from phoenix.ports.broker import Handed
from phoenix.ports.broker_events import (
    BrokerNotice,
    ConnectionLost,
    ConnectionRestored,
    ExecutionReported,
    MarketDataState,
    OrderAcknowledged,
    OrderRejected,
    OrderStatusReported,
)
from phoenix.ports.errors import BrokerUnavailable
from phoenix.testing.broker_cards import assert_all_unknown, by_reference, leg_of
from phoenix.testing.broker_harness import BID, QUANTITY, BrokerHarness

HALF = Decimal("0.5")
ENTRY = Which(role=LegRole.ENTRY)


class SessionFaultCards:
    """Lines that break, answers that do not come, clocks that are wrong, prices that stand still."""

    def test_card_07_the_server_tells_its_own_time(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.ClockSkew(skew_s=-90.0))
        assert harness.known(harness.broker.server_time()) == harness.seconds_from_now(-90)

    @pytest.mark.parametrize("query", [Query.OPEN_ORDERS, Query.COMPLETED_ORDERS, Query.EXECUTIONS, Query.HOLDINGS])
    def test_card_08_a_query_without_a_complete_answer_is_unknown(self, harness: BrokerHarness, query: Query) -> None:
        harness.inject(scripted.QueryUnanswered(query=query))
        ask = {
            Query.OPEN_ORDERS: harness.broker.open_orders, Query.COMPLETED_ORDERS: harness.broker.completed_orders,
            Query.EXECUTIONS: harness.broker.executions, Query.HOLDINGS: harness.broker.holdings,
        }[query]  # fmt: skip
        assert isinstance(harness.call(ask()), Unknown)

    def test_card_09_a_broken_connection_ends_the_session_until_it_is_opened_anew(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.SocketDrop(harness.seconds_from_now(1), for_s=10))
        harness.pass_time(2)
        assert [event.is_socket for event in harness.told(ConnectionLost)] == [True]
        assert isinstance(harness.broker.session(), Unknown)
        with pytest.raises(BrokerUnavailable):
            harness.call(harness.broker.connect())
        harness.pass_time(10)
        harness.call(harness.broker.connect())
        assert harness.known(harness.broker.holdings()) == ()

    def test_card_10_an_outage_behind_the_gateway_makes_everything_unknown(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.LineOutage(harness.seconds_from_now(1), for_s=10, data_kept=False))
        harness.pass_time(2)
        assert [event.is_socket for event in harness.told(ConnectionLost)] == [False]
        assert_all_unknown(harness)
        harness.pass_time(10)
        assert [event.data_kept for event in harness.told(ConnectionRestored)] == [False]
        assert harness.known(harness.broker.executions()) == ()

    def test_card_11_executions_of_an_outage_are_had_by_asking(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.SocketDrop(harness.seconds_from_now(2), for_s=10))
        plan = harness.bracket(OrderType.LIMIT, entry=Decimal("1.25950"))
        harness.send(plan)
        harness.pass_time(5)
        harness.quote("1.25920")
        harness.pass_time(10)
        assert harness.told(ExecutionReported) == []
        harness.call(harness.broker.connect())
        found = harness.known(harness.broker.executions())
        assert [execution.reference for execution in found] == [leg_of(plan, LegRole.ENTRY).reference]

    def test_card_12_frozen_prices_are_announced_and_grow_old(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.PricesFreeze(harness.pair, harness.seconds_from_now(1)))
        harness.pass_time(60)
        assert [event.is_fresh for event in harness.told(MarketDataState)] == [False]
        assert harness.known(harness.broker.quote(harness.pair)).as_of == harness.seconds_from_now(-59)


class OrderFaultCards:
    """Orders that are refused, filled in part, or not to be cancelled."""

    def test_card_34_a_rejection_is_final_and_says_why(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.reject(ENTRY, 201, "insufficient margin"))
        plan = harness.bracket()
        harness.send(plan)
        rejected = harness.told(OrderRejected, leg_of(plan, LegRole.ENTRY).reference)
        assert [event.code for event in rejected] == [201]
        assert "insufficient margin" in rejected[0].reason
        assert harness.told(ExecutionReported) == []

    def test_card_35_a_partial_fill_leaves_its_remainder_working(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.partial(ENTRY, HALF))
        plan = harness.bracket()
        harness.send(plan)
        entry = leg_of(plan, LegRole.ENTRY).reference
        assert [event.quantity for event in harness.told(ExecutionReported)] == [QUANTITY / 2]
        status = harness.told(OrderStatusReported, entry)[-1]
        assert status.status is OrderStatus.WORKING
        assert (status.filled_quantity, status.remaining_quantity) == (QUANTITY / 2, QUANTITY / 2)

    def test_card_36_children_protect_what_a_cancelled_remainder_left(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.partial(ENTRY, HALF))
        plan = harness.bracket()
        harness.send(plan)
        harness.cancel(leg_of(plan, LegRole.ENTRY))
        stop = by_reference(harness.known(harness.broker.open_orders()))[leg_of(plan, LegRole.STOP_LOSS).reference]
        assert (stop.status, stop.remaining_quantity) == (OrderStatus.WORKING, QUANTITY / 2)

    def test_card_40_a_cancel_that_is_refused_leaves_the_order_working(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.refuse_cancel(EVERY_ORDER, 161))
        plan = harness.single(Action.BUY, limit_price=Decimal("1.25000"))
        harness.send(plan)
        harness.cancel(plan.legs[0])
        assert [(notice.code, notice.is_about_order_state) for notice in harness.told(BrokerNotice)] == [(161, True)]
        assert [order.status for order in harness.known(harness.broker.open_orders())] == [OrderStatus.WORKING]


class BookFaultCards:
    """Words that come late, twice, in the wrong order or not at all."""

    def test_card_54_a_repeated_execution_bears_the_same_id(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.repeat(EVERY_ORDER, executions=2))
        harness.send(harness.single(Action.BUY))
        assert len({event.execution_id for event in harness.told(ExecutionReported)}) == 1

    def test_card_55_a_correction_keeps_the_stem_and_raises_the_revision(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.correct(EVERY_ORDER, after_s=5, price=Decimal("1.26030")))
        harness.send(harness.single(Action.BUY))
        harness.pass_time(6)
        first, second = harness.told(ExecutionReported)
        assert first.execution_id.rpartition(".")[0] == second.execution_id.rpartition(".")[0]
        assert first.execution_id < second.execution_id
        assert second.price == Decimal("1.26030")

    def test_card_56_a_fill_after_a_cancel_is_told(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.fill_after_cancel(EVERY_ORDER, after_s=5))
        plan = harness.single(Action.BUY, limit_price=Decimal("1.25000"))
        harness.send(plan)
        harness.cancel(plan.legs[0])
        harness.pass_time(6)
        assert [event.quantity for event in harness.told(ExecutionReported)] == [QUANTITY]

    def test_card_57_an_order_that_was_lost_is_nowhere_and_nothing_is_said_of_it(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.lose(ENTRY))
        assert harness.send(harness.bracket()) == Handed()
        harness.pass_time(90)
        assert harness.events == []
        assert harness.known(harness.broker.open_orders()) == ()

    def test_card_58_an_order_nobody_spoke_of_is_found_by_its_reference(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.unheard(ENTRY))
        plan = harness.bracket(OrderType.LIMIT, entry=Decimal("1.25950"))
        harness.send(plan)
        assert harness.events == []
        assert leg_of(plan, LegRole.ENTRY).reference in by_reference(harness.known(harness.broker.open_orders()))

    def test_card_59_a_delayed_broker_tells_everything_later(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.delay(ENTRY, for_s=30))
        plan = harness.bracket()
        harness.send(plan)
        harness.pass_time(29)
        assert harness.events == []
        harness.pass_time(2)
        assert len(harness.told(ExecutionReported, leg_of(plan, LegRole.ENTRY).reference)) == 1

    def test_card_60_what_others_do_in_the_account_shows_without_our_names(self, harness: BrokerHarness) -> None:
        at = harness.seconds_from_now(1)
        harness.inject(scripted.ForeignHolding(at, harness.pair, Decimal(5000), BID))
        harness.pass_time(2)
        assert [held.quantity for held in harness.known(harness.broker.holdings())] == [Decimal(5000)]

    def test_card_61_an_execution_may_come_before_the_acknowledgement(self, harness: BrokerHarness) -> None:
        harness.inject(scripted.execution_first(EVERY_ORDER))
        harness.send(harness.single(Action.BUY))
        kinds = [type(event) for event in harness.events]
        assert ExecutionReported in kinds
        assert OrderAcknowledged in kinds
