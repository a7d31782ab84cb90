"""Every scripted fault does what it says, to the orders it names and to nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.faults import EVERY_ORDER, Query, Which
from phoenix.adapters.simulation.messages import (
    Acknowledged,
    Cancelled,
    CommissionCharged,
    Executed,
    LineLost,
    LineRestored,
    Message,
    Notice,
    PricesFlowing,
    PricesFrozen,
    Rejected,
    StatusChanged,
)
from phoenix.domain.vocabulary import LegRole, OrderStatus
from tests.adapters.simulation.bench import CLIENT, PAIR, Bench, bracket, minute, order, quotes

D = Decimal


def bench_with(*faults: scripted.Fault, **options: Any) -> Bench:
    return Bench(quotes((0, "1.2600"), (10, "1.2610")), faults=faults, **options)


def test_a_rejection_carries_its_code_and_reason() -> None:
    bench = bench_with(scripted.reject(EVERY_ORDER, 201, "insufficient margin"))
    bench.submit(order("BUY"))
    assert [(m.code, m.reason) for m in bench.said(Rejected)] == [(201, "insufficient margin")]
    assert bench.fills() == []


def test_the_nth_fitting_order_is_struck_and_no_other() -> None:
    bench = bench_with(scripted.reject(Which(role=LegRole.ENTRY, nth=2)))
    for first_id in (1, 11, 21):
        bench.submit(*bracket(first_id=first_id))
    assert [m.ids.reference for m in bench.said(Rejected)] == ["11-E"]


def test_a_lost_order_never_reached_the_broker_nor_did_its_children() -> None:
    bench = bench_with(scripted.lose(Which(role=LegRole.ENTRY)))
    bench.submit(*bracket())
    assert bench.heard == []
    assert [record.kind.value for record in bench.engine.ledger.records] == ["CONNECTED"]


def test_an_unheard_order_lives_and_fills_in_silence_with_its_children() -> None:
    bench = bench_with(scripted.unheard(Which(role=LegRole.ENTRY)))
    bench.submit(*bracket())
    bench.run(5)
    assert bench.heard == []
    assert bench.net == D("100000")


def test_a_delayed_order_is_told_of_in_order_when_the_delay_is_over() -> None:
    bench = bench_with(scripted.delay(Which(reference="ref-1"), for_s=30))
    bench.submit(order("BUY"))
    assert (bench.heard, bench.net) == ([], D("100000"))
    assert bench.engine.next_due() is not None
    bench.engine.advance(minute(0).replace(second=29))
    assert bench.heard == []
    bench.engine.advance(minute(0).replace(second=30))
    assert [type(message) for message in bench.heard] == [Acknowledged, StatusChanged, Executed, StatusChanged]
    assert bench.said(Executed)[0].executed_at == minute(0)


def test_a_slow_broker_takes_the_order_in_later() -> None:
    bench = bench_with(scripted.slow(EVERY_ORDER, 90.0))
    bench.submit(order("BUY"))
    bench.run(1)
    assert not bench.heard
    assert bench.net == 0
    bench.run(2)
    assert bench.said(Acknowledged)[0].occurred_at == minute(1).replace(second=30)


def test_a_slow_cancel_may_come_too_late() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2400")), faults=[scripted.slow(EVERY_ORDER, 30.0)])
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    bench.engine.advance(minute(0).replace(second=40))
    bench.engine.cancel(CLIENT, 1, None, minute(0).replace(second=40))
    assert bench.said(StatusChanged)[-1].status is OrderStatus.PENDING_CANCEL
    bench.run(5)
    assert bench.status(1) is OrderStatus.FILLED
    assert bench.said(Cancelled) == []


def test_a_fill_has_the_price_the_script_says() -> None:
    bench = bench_with(scripted.fill_at(EVERY_ORDER, D("1.3000")))
    bench.submit(order("BUY"))
    assert bench.fills()[0][2] == D("1.3000")


def test_repeats_are_said_again_and_booked_once() -> None:
    bench = bench_with(scripted.repeat(EVERY_ORDER, executions=3, statuses=100))
    bench.submit(order("BUY"))
    assert len({message.execution_id for message in bench.said(Executed)}) == 1
    assert (len(bench.said(Executed)), len(bench.said(StatusChanged))) == (3, 200)
    assert bench.net == D("100000")


def test_an_execution_may_come_before_the_acknowledgement() -> None:
    bench = bench_with(scripted.execution_first(EVERY_ORDER))
    bench.submit(order("BUY"))
    assert [type(message) for message in bench.heard] == [Executed, Acknowledged, StatusChanged]


def test_a_commission_may_come_before_its_execution() -> None:
    bench = bench_with(scripted.commission_first(EVERY_ORDER), commission_rate=D("0.00002"))
    bench.submit(order("BUY"))
    kinds = [type(message) for message in bench.heard]
    assert kinds.index(CommissionCharged) < kinds.index(Executed)


def test_a_cancelled_order_may_fill_all_the_same() -> None:
    bench = bench_with(scripted.never_fill(EVERY_ORDER), scripted.fill_after_cancel(EVERY_ORDER, after_s=20))
    bench.submit(order("BUY"))
    bench.cancel(1)
    assert bench.said(Cancelled)[0].filled == 0
    bench.run(1)
    assert [(fill[1], fill[3]) for fill in bench.fills()] == [(D("100000"), minute(0).replace(second=20))]
    assert bench.status(1) is OrderStatus.CANCELLED


def test_a_correction_repeats_the_stem_with_the_next_revision() -> None:
    bench = bench_with(scripted.correct(EVERY_ORDER, after_s=20, price=D("1.2599")))
    bench.submit(order("BUY"))
    bench.run(1)
    first, second = bench.said(Executed)
    assert first.execution_id.removesuffix(".01") == second.execution_id.removesuffix(".02")
    assert (second.price, second.quantity, second.is_bust) == (D("1.2599"), D("100000"), False)


def test_a_bust_names_the_execution_it_undoes() -> None:
    bench = bench_with(scripted.bust(EVERY_ORDER, after_s=20))
    bench.submit(order("BUY"))
    bench.run(1)
    first, second = bench.said(Executed)
    assert second.is_bust
    assert first.execution_id.rpartition(".")[0] == second.execution_id.rpartition(".")[0]


def test_an_overfill_goes_beyond_what_was_ordered() -> None:
    bench = bench_with(scripted.overfill(EVERY_ORDER, D("7000")))
    bench.submit(order("BUY"))
    assert [fill[1] for fill in bench.fills()] == [D("100000"), D("7000")]
    assert bench.net == D("107000")


def test_one_reference_may_have_two_permanent_ids_and_one_execution() -> None:
    bench = bench_with(scripted.second_permanent_id(EVERY_ORDER))
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    ids = {(m.ids.reference, m.ids.permanent_id) for m in bench.said(Acknowledged)}
    assert len(ids) == 2
    assert {reference for reference, _ in ids} == {"ref-1"}


def test_a_reference_may_be_missing_on_executions() -> None:
    bench = bench_with(scripted.blank_reference(EVERY_ORDER, on_executions=True))
    bench.submit(order("BUY"))
    report = bench.said(Executed)[0]
    assert report.ids.reference is None
    assert report.ids.permanent_id == bench.order(1).permanent_id


def test_a_child_may_be_rejected_when_it_should_begin_to_work() -> None:
    bench = bench_with(scripted.reject(Which(role=LegRole.STOP_LOSS), on_activation=True))
    bench.submit(*bracket())
    assert bench.said(Acknowledged)[2].ids.reference == "1-S"
    assert [m.ids.reference for m in bench.said(Rejected)] == ["1-S"]
    assert bench.status(2) is OrderStatus.WORKING


def test_a_cancel_may_be_refused_or_ignored() -> None:
    refused = bench_with(scripted.refuse_cancel(EVERY_ORDER, 161))
    ignored = bench_with(scripted.ignore_cancel(EVERY_ORDER))
    for bench in (refused, ignored):
        bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
        bench.cancel(1)
        assert bench.status(1) is OrderStatus.WORKING
    assert [notice.code for notice in refused.said(Notice)] == [161]
    assert ignored.said(Notice) == []


def test_a_claimed_fill_contradicts_the_executions() -> None:
    half = scripted.partial(EVERY_ORDER, D("0.5"))
    bench = bench_with(half, scripted.claim_fill(EVERY_ORDER, D("0.6")))
    bench.submit(order("BUY"))
    status = bench.said(StatusChanged)[-1]
    assert (status.filled, status.remaining) == (D("60000"), D("40000"))
    assert bench.fills()[0][1] == D("50000")


def test_a_notice_leaves_the_order_alive() -> None:
    bench = bench_with(scripted.notice(EVERY_ORDER, 10349, "time in force set by preset"))
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    assert [(m.code, m.reference) for m in bench.said(Notice)] == [(10349, "ref-1")]
    assert bench.status(1) is OrderStatus.WORKING


def test_a_dropped_socket_loses_what_is_said_and_must_be_opened_again() -> None:
    bench = bench_with(scripted.SocketDrop(minute(1), for_s=120))
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    bench.run(1)
    assert bench.said(LineLost)[-1].is_socket
    assert not bench.engine.is_connected(CLIENT)
    assert bench.engine.connect(CLIENT, minute(2)) is None
    bench.submit(order("BUY", session_order_id=2), at=2)
    bench.run(3)
    assert bench.engine.connect(CLIENT, minute(3)) == 2
    assert bench.net == 0


def test_executions_during_an_outage_are_found_by_asking_only() -> None:
    feed = quotes((0, "1.2600"), (2, "1.2400"))
    bench = Bench(feed, faults=[scripted.SocketDrop(minute(1), for_s=120)])
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    bench.run(4)
    bench.engine.connect(CLIENT, minute(4))
    assert bench.fills() == []
    executions = bench.engine.answers.executions()
    assert not isinstance(executions, NoAnswer)
    assert [execution.executed_at for execution in executions] == [minute(2)]


@pytest.mark.parametrize("data_kept", [True, False])
def test_the_brokers_own_line_comes_back_by_itself(data_kept: bool) -> None:
    bench = bench_with(scripted.LineOutage(minute(1), for_s=60, data_kept=data_kept))
    bench.run(1)
    bench.submit(order("BUY"), at=1)
    assert isinstance(bench.engine.answers.executions(), NoAnswer)
    bench.run(2)
    assert [type(message) for message in bench.heard] == [LineLost, LineRestored]
    assert bench.said(LineRestored)[0].data_kept is data_kept
    assert bench.net == 0


def test_a_query_goes_unanswered_as_often_as_the_script_says() -> None:
    bench = bench_with(scripted.QueryUnanswered(query=Query.HOLDINGS, times=2))
    answers = [isinstance(bench.engine.answers.holdings(), NoAnswer) for _ in range(3)]
    assert answers == [True, True, False]
    assert not isinstance(bench.engine.answers.executions(), NoAnswer)


def test_a_query_goes_unanswered_within_its_window() -> None:
    bench = bench_with(scripted.QueryUnanswered(begins_at=minute(1), until=minute(2), query=Query.ACCOUNT))
    silent = []
    for number in range(4):
        bench.run(number)
        silent.append(isinstance(bench.engine.answers.account(), NoAnswer))
    assert silent == [False, True, False, False]


def test_executions_may_be_withheld_as_if_there_were_none() -> None:
    bench = bench_with(scripted.ExecutionsWithheld(times=1))
    bench.submit(order("BUY"))
    assert bench.engine.answers.executions() == []
    assert bench.engine.answers.executions() != []


def test_a_claimed_holding_replaces_the_true_one() -> None:
    bench = bench_with(scripted.HoldingClaimed(pair=PAIR, quantity=D("60000")))
    bench.submit(order("BUY"))
    nets = bench.engine.answers.holdings()
    assert not isinstance(nets, NoAnswer)
    assert nets[PAIR].quantity == D("60000")
    assert bench.engine.ledger.holdings() == {PAIR: D("100000")}


def test_holdings_may_lag_behind_executions() -> None:
    bench = bench_with(scripted.HoldingsLag(lag_s=30))
    bench.submit(order("BUY"))
    assert bench.engine.answers.holdings() == {}
    bench.run(1)
    nets = bench.engine.answers.holdings()
    assert not isinstance(nets, NoAnswer)
    assert nets[PAIR].quantity == D("100000")


def test_frozen_prices_grow_old_and_flow_again() -> None:
    bench = bench_with(scripted.PricesFreeze(PAIR, minute(5), until=minute(20)))
    bench.run(15)
    quote = bench.engine.answers.quote(PAIR)
    assert not isinstance(quote, NoAnswer)
    assert (quote.bid, quote.as_of) == (D("1.2600"), minute(5))
    bench.run(20)
    quote = bench.engine.answers.quote(PAIR)
    assert not isinstance(quote, NoAnswer)
    assert (quote.bid, quote.as_of) == (D("1.2610"), minute(20))
    assert [type(message) for message in bench.heard] == [PricesFrozen, PricesFlowing]


def test_the_servers_clock_may_be_off() -> None:
    bench = bench_with(scripted.ClockSkew(skew_s=-600.0))
    bench.run(10)
    assert bench.engine.answers.server_time() == minute(0)


def test_order_ids_may_roll_back() -> None:
    bench = bench_with(scripted.OrderIdRollback(begins_at=minute(1), by=5))
    bench.submit(order("BUY", session_order_id=20))
    assert bench.engine.connect(CLIENT, minute(1)) == 16


def test_an_order_of_others_fills_without_any_name_of_ours() -> None:
    request = order("SELL", quantity="25000", client_id=0, session_order_id=0, reference=None)
    bench = bench_with(scripted.ForeignOrder(minute(1), request))
    bench.run(1)
    report = bench.said(Executed)[0]
    assert (report.ids.reference, report.ids.session_order_id) == (None, None)
    assert bench.net == D("-25000")
    assert "EXTERNAL_ORDER" in [record.kind.value for record in bench.engine.ledger.records]


def test_a_notice_may_concern_no_order() -> None:
    bench = bench_with(scripted.NoticeSent(minute(1), 100, "max rate of messages per second has been exceeded"))
    bench.run(1)
    assert [(m.code, m.ids) for m in bench.said(Notice)] == [(100, None)]


def test_a_fault_may_be_injected_while_the_broker_lives() -> None:
    bench = bench_with()
    bench.submit(order("BUY"))
    bench.engine.inject(scripted.reject(EVERY_ORDER))
    bench.submit(order("BUY", session_order_id=2))
    assert [bench.status(1), bench.status(2)] == [OrderStatus.FILLED, OrderStatus.REJECTED]


def test_a_listener_that_acts_while_it_is_told_is_served_in_order_and_never_within_itself() -> None:
    bench = bench_with()
    told: list[str | None] = []
    depth = 0

    def listener(message: Message) -> None:
        nonlocal depth
        depth += 1
        assert depth == 1
        told.append(getattr(message, "ids").reference)  # noqa: B009 - not every message has one
        if isinstance(message, Executed) and message.ids.reference == "ref-1":
            bench.submit(order("SELL", session_order_id=2, reference="ref-2"))
        depth -= 1

    bench.listener = listener
    bench.submit(order("BUY"))
    assert told == ["ref-1"] * 4 + ["ref-2"] * 4


def test_what_is_said_during_an_outage_of_the_brokers_line_is_lost() -> None:
    feed = quotes((0, "1.2600"), (2, "1.2400"))
    bench = Bench(feed, faults=[scripted.LineOutage(minute(1), for_s=120)])
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    bench.run(5)
    assert bench.net == D("100000")
    assert bench.said(Executed) == []


def test_a_busted_execution_is_not_corrected_afterwards() -> None:
    bench = bench_with(scripted.bust(EVERY_ORDER, 10.0), scripted.correct(EVERY_ORDER, 20.0, quantity=D("5000")))
    bench.submit(order("BUY"))
    bench.run(1)
    assert [report.is_bust for report in bench.said(Executed)] == [False, True]
    assert bench.net == 0


def test_a_cancel_may_name_the_order_by_its_permanent_id() -> None:
    bench = bench_with()
    bench.submit(order("BUY", "LIMIT", limit_price="1.2500"))
    bench.engine.cancel(CLIENT, 77, bench.order(1).permanent_id, minute(0))
    assert bench.status(1) is OrderStatus.CANCELLED
