"""The cards that every broker adapter must pass, whatever wire it speaks and whatever stands behind it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from phoenix.domain.order_plan import Leg, OrderPlan
from phoenix.domain.vocabulary import AccountMode, Action, LegRole, OrderStatus, OrderType, TimeInForce
from phoenix.ports.answers import Complete, Unknown
from phoenix.ports.broker import Handed
from phoenix.ports.broker_events import ExecutionReported, OrderAcknowledged, OrderCancelled
from phoenix.ports.broker_facts import BrokerOrder
from phoenix.ports.claims import Claim
from phoenix.ports.errors import ClaimRefused
from phoenix.testing.broker_harness import ASK, BID, QUANTITY, TARGET, PlainHarness


def leg_of(plan: OrderPlan, role: LegRole) -> Leg:
    leg = plan.leg(role)
    assert leg is not None
    return leg


def received(harness: PlainHarness) -> list[str | None]:
    return [record["reference"] for record in harness.ledger() if record["kind"] == "ORDER_RECEIVED"]


class SessionCards:
    """Connecting, asking, and not knowing."""

    def test_card_01_a_session_names_account_mode_and_first_order_id(self, harness: PlainHarness) -> None:
        session = harness.broker.session()
        assert isinstance(session, Complete)
        assert (session.value.account, session.value.mode) == (harness.account, AccountMode.SIMULATOR)
        assert session.value.next_session_order_id >= 1

    def test_card_02_without_a_session_nothing_is_known(self, harness: PlainHarness) -> None:
        harness.call(harness.broker.disconnect())
        harness.call(harness.broker.disconnect())
        assert isinstance(harness.broker.session(), Unknown)
        assert_all_unknown(harness)
        assert isinstance(harness.send(harness.bracket()), Unknown)
        assert received(harness) == []

    def test_card_03_the_account_is_told_with_its_money(self, harness: PlainHarness) -> None:
        account = harness.known(harness.broker.account())
        assert (account.account, account.mode, account.currency) == (harness.account, AccountMode.SIMULATOR, "USD")
        assert (account.balance, account.equity) == (Decimal(100_000), Decimal(100_000))

    def test_card_04_a_quote_has_both_sides_and_an_age(self, harness: PlainHarness) -> None:
        quote = harness.known(harness.broker.quote(harness.pair))
        assert (quote.bid, quote.ask) == (BID, ASK)
        assert quote.as_of <= harness.seconds_from_now(0)

    def test_card_05_a_contract_has_its_grids_and_an_unknown_one_is_unknown(self, harness: PlainHarness) -> None:
        contract = harness.known(harness.broker.contract(harness.pair))
        assert (contract.tick, contract.currency) == (Decimal("0.00005"), "USD")
        sizes = (Decimal(1000), Decimal(1000)) if harness.tells_sizes else (None, None)
        assert (contract.min_size, contract.size_step) == sizes
        assert isinstance(harness.call(harness.broker.contract("XXXYYY")), Unknown)

    def test_card_06_an_empty_book_is_completely_empty(self, harness: PlainHarness) -> None:
        assert harness.known(harness.broker.open_orders()) == ()
        assert harness.known(harness.broker.executions()) == ()
        assert harness.known(harness.broker.holdings()) == ()


class ClaimCards:
    """No order passes without its committed claim."""

    def test_card_20_an_order_without_a_claim_is_refused_at_the_connector(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        with pytest.raises(ClaimRefused):
            harness.call(harness.broker.submit(plan, None))
        assert received(harness) == []

    def test_card_21_a_claim_that_nobody_issued_is_refused(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        issued = harness.claim(plan)
        for forged in (replace(issued), Claim("token", "intent", plan.order_group_id, plan.order_hash(), 1)):
            with pytest.raises(ClaimRefused):
                harness.call(harness.broker.submit(plan, forged))
        assert received(harness) == []

    def test_card_22_a_claim_opens_the_broker_once(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        claim = harness.claim(plan)
        harness.call(harness.broker.submit(plan, claim))
        with pytest.raises(ClaimRefused):
            harness.call(harness.broker.submit(plan, claim))
        assert len(received(harness)) == 3

    def test_card_23_an_altered_order_is_refused(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        claim = harness.claim(plan)
        entry = leg_of(plan, LegRole.ENTRY)
        altered = replace(plan, legs=(replace(entry, quantity=QUANTITY * 10), *plan.legs[1:]))
        with pytest.raises(ClaimRefused):
            harness.call(harness.broker.submit(altered, claim))
        assert received(harness) == []

    def test_card_24_an_adapter_cannot_replace_the_door(self, harness: PlainHarness) -> None:
        with pytest.raises(TypeError, match="submit"):
            type("Ajar", (type(harness.broker),), {"submit": lambda *_: None})

    def test_card_25_nobody_reaches_around_the_door(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        harness.claim(plan)
        with pytest.raises(ClaimRefused, match="submit"):
            harness.call(harness.broker.place(plan))
        assert received(harness) == []


class OrderCards:
    """What becomes of orders."""

    def test_card_30_a_market_bracket_fills_and_its_children_work(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        assert harness.send(plan) == Handed()
        entry = leg_of(plan, LegRole.ENTRY).reference
        executions = harness.told(ExecutionReported, entry)
        assert [(e.action, e.quantity, e.price) for e in executions] == [(Action.BUY, QUANTITY, ASK)]
        orders = by_reference(harness.known(harness.broker.open_orders()))
        for role in (LegRole.STOP_LOSS, LegRole.TAKE_PROFIT):
            order = orders[leg_of(plan, role).reference]
            assert (order.status, order.remaining_quantity) == (OrderStatus.WORKING, QUANTITY)

    def test_card_31_an_acknowledgement_ties_our_reference_to_the_brokers_id(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        harness.send(plan)
        acknowledged = {event.reference: event for event in harness.told(OrderAcknowledged)}
        assert set(acknowledged) == {leg.reference for leg in plan.legs}
        assert len({event.permanent_id for event in acknowledged.values()}) == 3
        entry = leg_of(plan, LegRole.ENTRY)
        assert acknowledged[entry.reference].session_order_id == entry.session_order_id

    def test_card_32_the_broker_receives_the_terms_that_were_approved(self, harness: PlainHarness) -> None:
        plan = harness.bracket(OrderType.LIMIT, entry=Decimal("1.25950"))
        harness.send(plan)
        records = [record for record in harness.ledger() if record["kind"] == "ORDER_RECEIVED"]
        entry = leg_of(plan, LegRole.ENTRY).reference
        terms = [
            (r["action"], r["order_type"], r["quantity"], r["limit_price"], r["stop_price"], r["time_in_force"],
             r["parent_reference"])
            for r in records
        ]  # fmt: skip
        assert terms == [
            ("BUY", "LIMIT", "100000", "1.2595", None, "DAY", None),
            ("SELL", "LIMIT", "100000", "1.262", None, "GTC", entry),
            ("SELL", "STOP", "100000", None, "1.259", "GTC", entry),
        ]

    def test_card_33_a_resting_limit_shows_its_held_children_and_can_be_cancelled(self, harness: PlainHarness) -> None:
        plan = harness.bracket(OrderType.LIMIT, entry=Decimal("1.25950"))
        harness.send(plan)
        orders = by_reference(harness.known(harness.broker.open_orders()))
        statuses = [orders[leg.reference].status for leg in plan.legs]
        assert statuses == [OrderStatus.WORKING, OrderStatus.HELD, OrderStatus.HELD]
        harness.cancel(leg_of(plan, LegRole.ENTRY))
        assert {event.reference for event in harness.told(OrderCancelled)} == {leg.reference for leg in plan.legs}
        assert harness.known(harness.broker.open_orders()) == ()

    def test_card_37_a_target_that_fills_cancels_the_stop(self, harness: PlainHarness) -> None:
        plan = harness.bracket()
        harness.send(plan)
        harness.quote("1.26200")
        target = harness.told(ExecutionReported, leg_of(plan, LegRole.TAKE_PROFIT).reference)
        assert [(event.action, event.quantity, event.price) for event in target] == [(Action.SELL, QUANTITY, TARGET)]
        assert len(harness.told(OrderCancelled, leg_of(plan, LegRole.STOP_LOSS).reference)) == 1
        assert harness.known(harness.broker.open_orders()) == ()
        assert harness.known(harness.broker.holdings()) == ()

    def test_card_38_a_protective_pair_without_an_entry_works_and_cancels_one_by_the_other(
        self, harness: PlainHarness
    ) -> None:
        plan = harness.protective_pair()
        harness.send(harness.single(Action.BUY))
        harness.send(plan)
        assert len(harness.known(harness.broker.open_orders())) == 2
        harness.quote("1.25900")
        assert len(harness.told(ExecutionReported, leg_of(plan, LegRole.STOP_LOSS).reference)) == 1
        assert len(harness.told(OrderCancelled, leg_of(plan, LegRole.TAKE_PROFIT).reference)) == 1

    def test_card_39_an_immediate_or_cancel_order_does_not_rest(self, harness: PlainHarness) -> None:
        plan = harness.single(Action.BUY, time_in_force=TimeInForce.IOC, limit_price=Decimal("1.25000"))
        harness.send(plan)
        assert len(harness.told(OrderCancelled, plan.legs[0].reference)) == 1
        assert harness.known(harness.broker.open_orders()) == ()


class BookCards:
    """What can be asked of the broker's books, and how its executions behave."""

    def test_card_50_an_ended_order_is_found_among_the_completed(self, harness: PlainHarness) -> None:
        filled, cancelled = harness.single(Action.BUY), harness.single(Action.BUY, limit_price=Decimal("1.25000"))
        for plan in (filled, cancelled):
            harness.send(plan)
        harness.cancel(cancelled.legs[0])
        orders = by_reference(harness.known(harness.broker.completed_orders()))
        assert orders[filled.legs[0].reference].status is OrderStatus.FILLED
        assert orders[cancelled.legs[0].reference].status is OrderStatus.CANCELLED

    def test_card_51_asking_for_executions_tells_what_the_events_told(self, harness: PlainHarness) -> None:
        harness.send(harness.bracket())
        harness.quote("1.26200")
        asked = harness.known(harness.broker.executions())
        assert [(e.execution_id, e.reference, e.quantity, e.price, e.executed_at) for e in asked] == [
            (e.execution_id, e.reference, e.quantity, e.price, e.executed_at) for e in harness.told(ExecutionReported)
        ]
        assert len(asked) == 2

    def test_card_52_holdings_are_the_signed_net(self, harness: PlainHarness) -> None:
        harness.send(harness.single(Action.SELL))
        holdings = harness.known(harness.broker.holdings())
        assert [(held.account, held.pair, held.quantity) for held in holdings] == [
            (harness.account, harness.pair, -QUANTITY)
        ]

    def test_card_53_profit_is_realised_by_closing(self, harness: PlainHarness) -> None:
        harness.send(harness.bracket())
        harness.quote("1.26200")
        profit = harness.known(harness.broker.profit_and_loss())
        assert profit.realised == (TARGET - ASK) * QUANTITY
        assert harness.known(harness.broker.account()).balance == Decimal(100_000) + (TARGET - ASK) * QUANTITY


def by_reference(orders: tuple[BrokerOrder, ...]) -> dict[str | None, BrokerOrder]:
    return {order.reference: order for order in orders}


def assert_all_unknown(harness: PlainHarness) -> None:
    """Not one query may read as empty while nobody can answer."""
    broker = harness.broker
    for query in (
        broker.account(), broker.quote(harness.pair), broker.contract(harness.pair), broker.open_orders(),
        broker.completed_orders(), broker.executions(), broker.holdings(), broker.profit_and_loss(),
        broker.server_time(),
    ):  # fmt: skip
        assert isinstance(harness.call(query), Unknown)
