"""Cash, holdings and profit."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation.answers import AccountView
from phoenix.adapters.simulation.faults import EVERY_ORDER, ForeignHolding, Which, bust, correct
from phoenix.adapters.simulation.messages import CommissionCharged
from tests.adapters.simulation.bench import PAIR, Bench, bar, bracket, minute, order, quotes, replay

D = Decimal
ZERO_SPREAD = D(0)


def view(bench: Bench) -> AccountView:
    answer = bench.engine.answers.account()
    assert isinstance(answer, AccountView)
    return answer


def test_profit_is_realised_in_cash_when_the_position_closes() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2621")))
    bench.submit(*bracket())
    bench.run(1)
    assert bench.balance == D("100000") + (D("1.2621") - D("1.2602")) * 100000


def test_equity_counts_open_lots_at_the_price_they_could_be_closed_at() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2612")))
    bench.submit(order("BUY"))
    bench.run(1)
    assert view(bench).balance == D("100000")
    assert view(bench).equity == D("100000") + (D("1.2612") - D("1.2602")) * 100000


def test_overlapping_positions_realise_each_their_own_result() -> None:
    feed = quotes((0, "1.2600"), (1, "1.2610"), (2, "1.2621"), (3, "1.2580"), spread=ZERO_SPREAD)
    bench = Bench(feed)
    bench.submit(*bracket("BUY", stop="1.2500", target="1.2621"))
    bench.run(1)
    bench.submit(*bracket("SELL", stop="1.2700", target="1.2580", first_id=11), at=1)
    assert (bench.net, bench.balance) == (D(0), D("100000"))
    bench.run(2)
    assert (bench.net, bench.balance) == (D("-100000"), D("100210"))
    bench.run(3)
    assert (bench.net, bench.balance) == (D(0), D("100510"))


def test_the_holding_shown_is_the_net_at_its_average_price() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2640"), spread=ZERO_SPREAD))
    bench.submit(order("BUY"))
    bench.run(1)
    bench.submit(order("BUY", session_order_id=2), at=1)
    bench.submit(order("SELL", session_order_id=3, quantity="50000"), at=1)
    net = bench.engine.world.account.nets[PAIR]
    assert (net.quantity, net.average_price) == (D("150000"), D("1.2620"))


def test_a_quote_in_another_currency_becomes_money_at_the_exit_price() -> None:
    feed = quotes((0, "150.00"), (1, "151.00"), pair="USDJPY", spread=ZERO_SPREAD)
    bench = Bench(feed)
    bench.submit(*bracket(pair="USDJPY", stop="149.00", target="151.00"))
    bench.run(1)
    assert bench.balance == D("100000") + D("100000") / D("151.00")


def test_a_cross_converts_by_the_rate_that_another_feed_quotes() -> None:
    cross = quotes((0, "0.8500"), (1, "0.8600"), pair="EURGBP", spread=ZERO_SPREAD)
    bench = Bench(cross, quotes((0, "1.2500"), spread=ZERO_SPREAD))
    bench.submit(*bracket(pair="EURGBP", stop="0.8400", target="0.8600"))
    bench.run(1)
    assert bench.balance == D("100000") + D("1000") * D("1.25")


def test_a_cross_that_nothing_converts_is_refused() -> None:
    bench = Bench(quotes((0, "0.8500"), pair="EURGBP"))
    bench.submit(order("BUY", pair="EURGBP"))
    assert bench.fills() == []


def test_a_commission_is_charged_and_told_only_where_there_is_one() -> None:
    free, paid = Bench(quotes((0, "1.2600"))), Bench(quotes((0, "1.2600")), commission_rate=D("0.00002"))
    for bench in (free, paid):
        bench.submit(order("SELL"))
    assert free.said(CommissionCharged) == []
    assert [charge.amount for charge in paid.said(CommissionCharged)] == [D("2.52")]
    assert paid.balance == D("100000") - D("2.52")


def test_a_correction_rewrites_cash_and_holdings() -> None:
    fault = correct(Which(nth=1), after_s=30, quantity=D("90000"), price=D("1.2600"))
    bench = Bench(quotes((0, "1.2600"), (2, "1.2610"), spread=ZERO_SPREAD), faults=[fault])
    bench.submit(order("BUY"))
    bench.run(2)
    bench.submit(order("SELL", session_order_id=2, quantity="90000"), at=2)
    assert (bench.net, bench.balance) == (D(0), D("100000") + D("0.0010") * 90000)


def test_a_bust_undoes_the_execution() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=[bust(EVERY_ORDER, after_s=30)])
    bench.submit(order("BUY"))
    bench.run(1)
    assert bench.net == 0
    assert bench.engine.ledger.holdings() == {}


def test_a_holding_made_by_others_counts_in_the_net_and_the_ledger() -> None:
    bench = Bench(quotes((0, "1.2600")), faults=[ForeignHolding(minute(1), PAIR, D("-30000"), D("1.26"))])
    bench.run(1)
    assert bench.net == D("-30000")
    assert bench.engine.ledger.holdings() == {PAIR: D("-30000")}


def test_equity_is_unknown_while_an_open_lot_has_no_price() -> None:
    bench = replay([bar(5, "1.26", "1.26", "1.26", "1.26")], faults=[ForeignHolding(minute(0), PAIR, D(1), D(1))])
    bench.run(1)
    assert not isinstance(bench.engine.answers.account(), AccountView)
