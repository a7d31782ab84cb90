"""A person changes the book with a database shell while the broker lives, and it answers that way from then on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from phoenix.adapters.simulation.account import Net
from phoenix.adapters.simulation.answers import NoAnswer
from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.keeping import BookRefused
from phoenix.adapters.simulation.messages import Cancelled, Executed, LineLost, Message, Rejected
from phoenix.adapters.simulation.orders import Order
from phoenix.domain.vocabulary import OrderStatus
from tests.adapters.simulation.bench import PAIR, Bench, bracket, minute, order, quotes
from tests.adapters.simulation.book_file.files import column, kept_bench, sql

T = TypeVar("T")
D = Decimal


class Hand:
    """A broker with an open position, a working order, and a hand at its book."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bench = kept_bench(path, self.feed())
        self.bench.submit(*bracket())
        self.bench.submit(order("BUY", "LIMIT", limit_price="1.2500", session_order_id=7, reference="ref-7"))

    @staticmethod
    def feed() -> Any:
        return quotes((0, "1.2600"), (10, "1.2605"), (20, "1.2400"))

    def does(self, statement: str, *values: object) -> Hand:
        sql(self.path, statement, *values)
        return self

    def reopen(self) -> None:
        """End the process and begin another."""
        self.bench.engine.release()
        self.bench = kept_bench(self.path, self.feed())

    def asked(self, query: Callable[[], T | NoAnswer], at: int = 1) -> T:
        answer = self.bench.engine.ask(query, minute(at))
        assert not isinstance(answer, NoAnswer), answer
        return answer

    def holdings(self) -> dict[str, Net]:
        return self.asked(self.bench.engine.answers.holdings)

    def orders(self) -> dict[str | None, Order]:
        return {found.request.reference: found for found in self.asked(self.bench.engine.answers.open_orders)}

    def executions(self) -> list[Execution]:
        return self.asked(self.bench.engine.answers.executions)

    def ledger(self, kind: str) -> list[dict[str, Any]]:
        return [dict(record.as_json()) for record in self.bench.engine.ledger.records if record.kind.value == kind]


@pytest.fixture(params=["while the broker lives", "between two processes"])
def hand(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hand]:
    hand = Hand(tmp_path / "book.db")
    if request.param == "between two processes":
        reach = hand.does

        def done_in_between(statement: str, *values: object) -> Hand:
            hand.bench.engine.release()
            reach(statement, *values)
            hand.reopen()
            return hand

        hand.does = done_in_between  # type: ignore[method-assign]
    yield hand
    hand.bench.engine.release()


def test_a_changed_holding_is_answered_and_entered_in_the_ledger(hand: Hand) -> None:
    assert hand.holdings() == {PAIR: Net(D(100_000), D("1.2602"))}
    hand.does("UPDATE holdings SET quantity = quantity - 30000")
    assert hand.holdings() == {PAIR: Net(D(70_000), D("1.2602"))}
    (record,) = hand.ledger("EXTERNAL_HOLDING")
    assert (record["pair"], record["quantity"], record["price"]) == (PAIR, "-30000", "1.2602")
    assert hand.bench.engine.ledger.holdings() == {PAIR: D(70_000)}


def test_a_changed_average_price_is_answered_without_changing_the_ledger(hand: Hand) -> None:
    hand.does("UPDATE holdings SET average_price = '1.25'")
    assert hand.holdings() == {PAIR: Net(D(100_000), D("1.25"))}
    assert hand.ledger("EXTERNAL_HOLDING") == []


def test_a_holding_that_was_added_and_one_that_was_removed(hand: Hand) -> None:
    hand.does("INSERT INTO holdings VALUES ('EURUSD', -5000, 1.08)").does("DELETE FROM holdings WHERE pair = ?", PAIR)
    assert hand.holdings() == {"EURUSD": Net(D(-5000), D("1.08"))}
    assert hand.asked(hand.bench.engine.answers.account).balance == D(100_000)
    assert hand.bench.engine.ledger.holdings() == {"EURUSD": D(-5000)}


def test_later_executions_move_the_holding_from_where_the_hand_put_it(hand: Hand) -> None:
    hand.does("UPDATE holdings SET quantity = 40000")
    hand.bench.run(20)
    assert hand.bench.engine.ledger.holdings() == {PAIR: D(40_000)}
    assert hand.holdings()[PAIR].quantity == D(40_000)
    assert [fill.order for fill in hand.executions()] == [1, 3, 4]


def test_a_changed_filled_quantity_is_answered(hand: Hand) -> None:
    hand.does("UPDATE orders SET filled = 25000 WHERE reference = 'ref-7'")
    found = hand.orders()["ref-7"]
    assert (found.filled, found.remaining) == (D(25_000), D(75_000))
    assert hand.ledger("EXTERNAL_HOLDING") == []


def test_a_deleted_order_is_not_there_and_never_executes(hand: Hand) -> None:
    hand.does("DELETE FROM orders WHERE reference = 'ref-7'")
    assert "ref-7" not in hand.orders()
    hand.bench.run(30)
    assert "ref-7" not in [fill.ids.reference for fill in hand.executions()]


def test_a_deleted_parent_leaves_its_children_working(hand: Hand) -> None:
    hand.does("DELETE FROM orders WHERE reference = '1-E'")
    assert hand.orders()["1-S"].status is OrderStatus.WORKING
    hand.bench.run(30)
    assert "1-S" in [fill.ids.reference for fill in hand.executions()]


def test_an_order_of_somebody_else_stands_beside_ours_and_executes(hand: Hand) -> None:
    hand.does(
        "INSERT INTO orders (pair, action, order_type, quantity, limit_price) VALUES (?, 'BUY', 'LIMIT', 5000, 1.25)",
        PAIR,
    )
    found = hand.orders()[None]
    assert (found.request.account, found.request.quantity, found.status) == ("SIM0001", D(5000), OrderStatus.WORKING)
    assert (found.ids.session_order_id, found.permanent_id) == (None, "800000005")
    assert [record["permanent_id"] for record in hand.ledger("EXTERNAL_ORDER")] == ["800000005"]
    assert column(hand.path, "SELECT permanent_id FROM orders WHERE sequence = 5") == ["800000005"]
    hand.bench.run(30)
    assert D(5000) in [fill.quantity for fill in hand.executions()]


def test_the_same_reference_under_a_second_permanent_id(hand: Hand) -> None:
    names = "reference, client_id, session_order_id, pair, action, order_type, quantity, limit_price"
    hand.does(f"INSERT INTO orders ({names}) SELECT {names} FROM orders WHERE reference = 'ref-7'")
    found = [one for one in hand.asked(hand.bench.engine.answers.open_orders) if one.request.reference == "ref-7"]
    assert [one.permanent_id for one in found] == ["800000004", "800000005"]
    assert len([record for record in hand.ledger("ORDER_RECEIVED") if record["reference"] == "ref-7"]) == 1


def test_a_changed_status_moves_the_order_and_its_end_is_in_the_ledger(hand: Hand) -> None:
    hand.does("UPDATE orders SET status = 'CANCELLED' WHERE reference = 'ref-7'")
    assert "ref-7" not in hand.orders()
    completed = hand.asked(hand.bench.engine.answers.completed_orders)
    assert ("ref-7", OrderStatus.CANCELLED) in [(one.request.reference, one.status) for one in completed]
    assert [record["reference"] for record in hand.ledger("CANCELLED")] == ["ref-7"]
    assert hand.bench.said(Cancelled) == []


def test_a_changed_price_is_the_one_that_counts(hand: Hand) -> None:
    hand.does("UPDATE orders SET limit_price = 1.2300 WHERE reference = 'ref-7'")
    hand.bench.run(30)
    assert "ref-7" not in [fill.ids.reference for fill in hand.executions()]


def test_an_execution_that_was_added_is_told_on_asking_and_leaves_the_holding_to_its_row(hand: Hand) -> None:
    hand.does(
        "INSERT INTO executions (reference, pair, action, quantity, price) VALUES ('ref-7', ?, 'BUY', 1000, 1.25)", PAIR
    )
    added = hand.executions()[-1]
    assert (added.ids.permanent_id, added.quantity, added.execution_id) == (
        "800000004",
        D(1000),
        "0000e0d5.00000002.01",
    )
    assert hand.holdings()[PAIR].quantity == D(100_000)
    assert hand.ledger("EXECUTION")[-1]["execution_id"] == added.execution_id
    assert hand.bench.engine.ledger.holdings() == {PAIR: D(100_000)}


def test_a_deleted_execution_is_not_told_and_the_holding_stays(hand: Hand) -> None:
    hand.does("DELETE FROM executions")
    assert hand.executions() == []
    assert hand.holdings() == {PAIR: Net(D(100_000), D("1.2602"))}


def test_money_is_what_the_account_says(hand: Hand) -> None:
    hand.does("UPDATE account SET balance = 90000, realised = -500")
    engine = hand.bench.engine
    assert hand.asked(engine.answers.account).balance == D(90_000)
    assert hand.asked(engine.answers.profit).realised == D(-500)
    hand.bench.run(30)
    profit = hand.asked(engine.answers.profit, at=30).realised
    assert hand.asked(engine.answers.account, at=30).balance == D(90_500) + profit


def test_nothing_is_said_to_the_client_of_what_a_hand_did(hand: Hand) -> None:
    hand.bench.heard.clear()
    hand.does("UPDATE orders SET status = 'CANCELLED' WHERE reference = 'ref-7'").does("DELETE FROM holdings")
    hand.bench.run(2)
    assert hand.bench.heard == []


def test_what_is_not_touched_stays_as_it_was(hand: Hand) -> None:
    untouched = sql(hand.path, "SELECT * FROM orders WHERE reference <> 'ref-7'")
    hand.does("UPDATE orders SET filled = 25000 WHERE reference = 'ref-7'")
    hand.orders()
    assert sql(hand.path, "SELECT * FROM orders WHERE reference <> 'ref-7'") == untouched


# --- faults ------------------------------------------------------------------------------------------------------


def test_a_fault_that_was_added_befalls_the_next_order(hand: Hand) -> None:
    hand.does("""INSERT INTO faults (kind, detail) VALUES ('reject', '{"role": "ENTRY", "reason": "no"}')""")
    hand.bench.submit(*bracket(first_id=21), at=1)
    assert [message.reason for message in hand.bench.said(Rejected)] == ["no"]
    assert column(hand.path, "SELECT struck FROM faults") == [1]
    hand.does("DELETE FROM faults")
    hand.bench.submit(*bracket(first_id=31), at=2)
    assert len(hand.bench.said(Rejected)) <= 1
    assert "31-S" in hand.orders()


def test_a_disconnection_begins_at_once_and_ends_when_it_is_due(hand: Hand) -> None:
    hand.does("""INSERT INTO faults (kind, detail) VALUES ('socket_drop', '{"for_s": 90}')""")
    hand.bench.run(1)
    assert len(hand.bench.said(LineLost)) == 1
    assert hand.bench.engine.connect(1, minute(1)) is None
    hand.bench.run(3)
    assert hand.bench.engine.connect(1, minute(3)) is not None


def test_a_disconnection_without_end_ends_when_it_is_taken_out(hand: Hand) -> None:
    hand.does("INSERT INTO faults (kind) VALUES ('socket_drop')")
    hand.bench.run(5)
    assert hand.bench.engine.connect(1, minute(5)) is None
    hand.does("DELETE FROM faults")
    assert hand.bench.engine.connect(1, minute(6)) is not None


def test_a_claim_of_the_broker_leaves_holdings_and_ledger_alone(hand: Hand) -> None:
    hand.does("""INSERT INTO faults (kind, detail) VALUES ('holding_claimed', '{"pair": "GBPUSD", "quantity": 7}')""")
    assert hand.holdings()[PAIR].quantity == D(7)
    assert column(hand.path, "SELECT quantity FROM holdings") == ["100000"]
    hand.does("DELETE FROM faults")
    assert hand.holdings()[PAIR].quantity == D(100_000)


def test_a_foreign_order_by_fault_passes_the_brokers_checks(hand: Hand) -> None:
    hand.does(
        """INSERT INTO faults (kind, detail) VALUES ('foreign_order',
        '{"pair": "GBPUSD", "action": "SELL", "order_type": "MARKET", "quantity": 2000}')"""
    )
    hand.bench.run(2)
    assert [fill.quantity for fill in hand.executions()][-1] == D(2000)
    assert [message.ids.reference for message in hand.bench.said(Executed)][-1] is None


@pytest.mark.parametrize(
    ("kind", "detail", "says"),
    [
        ("misspelt", "{}", "'misspelt' is no fault. Use one of"),
        ("partial", "{}", "ratio: is missing"),
        ("partial", '{"ratio": "half"}', "'half'"),
        ("partial", '{"ratio": 1, "of": 2}', "of: is no particular of this fault"),
        ("delay", "[]", "no JSON object"),
    ],
)
def test_a_fault_that_does_not_read_is_named(tmp_path: Path, kind: str, detail: str, says: str) -> None:
    hand = Hand(tmp_path / "book.db")
    hand.does("INSERT INTO faults (kind, detail) VALUES (?, ?)", kind, detail)
    with pytest.raises(BookRefused, match=says) as refusal:
        hand.holdings()
    assert "faults (number 1), detail" in str(refusal.value)
    hand.does("DELETE FROM faults")
    assert PAIR in hand.holdings()
    hand.bench.engine.release()


# --- what the tables refuse --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE orders SET status = 'Cancelled'",
        "UPDATE orders SET filled = 'all'",
        "UPDATE orders SET action = 'HOLD'",
        "UPDATE holdings SET quantity = '1e5'",
        "UPDATE holdings SET quantity = NULL",
        "UPDATE account SET balance = 'much'",
        "UPDATE executions SET executed_at = 'yesterday'",
        "INSERT INTO faults (kind, detail) VALUES ('reject', 'please')",
        "UPDATE ledger SET record = '{}'",
        "DELETE FROM ledger",
    ],
)
def test_a_slip_of_the_hand_is_refused_at_the_shell(tmp_path: Path, statement: str) -> None:
    hand = Hand(tmp_path / "book.db")
    with pytest.raises(sqlite3.IntegrityError):
        hand.does(statement)
    hand.bench.engine.release()


def test_a_price_that_cannot_be_had_is_asked_for(tmp_path: Path) -> None:
    hand = Hand(tmp_path / "book.db")
    hand.does("INSERT INTO holdings (pair, quantity) VALUES ('EURUSD', 5000)")
    with pytest.raises(BookRefused, match="average_price"):
        hand.holdings()
    hand.does("UPDATE holdings SET average_price = 1.08 WHERE pair = 'EURUSD'")
    assert hand.holdings()["EURUSD"] == Net(D(5000), D("1.08"))
    hand.bench.engine.release()


def test_a_hand_and_the_broker_may_both_change_things(tmp_path: Path) -> None:
    hand = Hand(tmp_path / "book.db")
    bench: Bench = hand.bench

    def hear(_: Message) -> None:
        hand.does("UPDATE holdings SET quantity = 1000")

    bench.listener = hear
    bench.cancel(7, at=1)
    assert hand.holdings()[PAIR].quantity == D(1000)
    assert "ref-7" not in hand.orders()
    hand.bench.engine.release()
