"""The mock broker over a book file: what outlives a process, and what is refused."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker, create
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.application.simulation import run_now
from phoenix.domain.order_plan import Leg, OrderPlan, leg_reference
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, Action, LegRole, OrderStatus, OrderType, TimeInForce
from phoenix.ports.answers import Complete, Unknown
from phoenix.ports.broker import Handed
from phoenix.ports.broker_events import BrokerEvent, ConnectionLost, ExecutionReported
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import Claim, ClaimOffice
from phoenix.ports.errors import BrokerUnavailable, ConfigurationError
from tests.adapters.brokers.test_chaos_mock_contract import GBPUSD, START

D = Decimal
PRICES = {"GBPUSD": {"bid": "1.26", "spread": "0.0001", "step": "0.00005", "interval_s": 5}}


class Process:
    """What one process after another has of the same broker."""

    def __init__(self, folder: Path, at: datetime = START, account: str = "SIM0001", **options: Any) -> None:
        self.events: list[BrokerEvent] = []
        self.office = ClaimOffice()
        self.clock = SimulatedClock(at)
        table: Mapping[str, object] = {"book": "book.db", "prices": PRICES, "seed": 5, **options}
        policy = AccountPolicy(account, AccountMode.SIMULATOR, "USD")
        self.broker: ChaosMockBroker = create(
            BrokerContext(
                table, policy, {"GBPUSD": GBPUSD}, self.clock, AlwaysOpen(), self.office, self.events.append, folder
            )
        )

    def connect(self) -> Process:
        run_now(self.broker.connect())
        return self

    def end(self) -> None:
        """End without a word, as a process that was killed."""
        self.broker.engine.release()

    def send(self, number: int, limit: str | None = None, role: LegRole = LegRole.EXIT) -> object:
        kind = OrderType.MARKET if limit is None else OrderType.LIMIT
        reference = leg_reference(f"00000000-0000-0000-0000-{number:012}", role)
        price = None if limit is None else D(limit)
        leg = Leg(role, Action.BUY, kind, D(10_000), TimeInForce.GTC, reference, number, limit_price=price)
        plan = OrderPlan(f"00000000-0000-0000-0000-{number:012}", "SIM0001", "GBPUSD", (leg,))
        claim = self.office.issue(Claim("token", "intent", plan.order_group_id, plan.order_hash(), 1))
        return run_now(self.broker.submit(plan, claim))

    def known(self, question: Any) -> Any:
        answer = run_now(question)
        assert isinstance(answer, Complete), answer
        return answer.value


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path).connect()
    yield process
    process.end()


def test_the_next_process_finds_orders_executions_and_holdings(tmp_path: Path, process: Process) -> None:
    process.send(1)
    process.send(2, limit="1.00000")
    process.end()
    after = Process(tmp_path, START + timedelta(seconds=30)).connect()
    assert [order.session_order_id for order in after.known(after.broker.open_orders())] == [2]
    assert [order.status for order in after.known(after.broker.completed_orders())] == [OrderStatus.FILLED]
    assert [held.quantity for held in after.known(after.broker.holdings())] == [D(10_000)]
    assert len(after.known(after.broker.executions())) == 1
    session = after.broker.session()
    assert isinstance(session, Complete)
    assert session.value.next_session_order_id == 3
    after.end()


def test_a_broker_lives_through_the_gap_before_anybody_asks(tmp_path: Path, process: Process) -> None:
    process.send(1, limit="1.25990")
    process.end()
    later = START + timedelta(hours=6)
    after = Process(tmp_path, later)
    after.broker.advance(later)
    after.connect()
    executions = after.known(after.broker.executions())
    assert [execution.price for execution in executions] == [D("1.2599")]
    assert START < executions[0].executed_at < later
    assert after.known(after.broker.open_orders()) == ()
    assert [event for event in after.events if isinstance(event, ExecutionReported)] == []
    after.end()


def test_connecting_lives_through_the_gap_too(tmp_path: Path, process: Process) -> None:
    process.send(1, limit="1.25990")
    process.end()
    after = Process(tmp_path, START + timedelta(hours=6)).connect()
    assert after.known(after.broker.executions())[0].executed_at < START + timedelta(hours=6)
    assert after.events == []
    after.end()


def test_made_up_prices_are_those_of_a_broker_that_never_ended(tmp_path: Path, process: Process) -> None:
    quotes = {}
    for seconds in (100, 2000, 50_000):
        process.clock.advance_to(START + timedelta(seconds=seconds))
        process.broker.advance(process.clock.now())
        quotes[seconds] = process.known(process.broker.quote("GBPUSD"))
    process.end()
    (tmp_path / "other").mkdir()
    for seconds, quote in quotes.items():
        other = Process(tmp_path / "other", START if seconds == 100 else START + timedelta(seconds=seconds)).connect()
        other.clock.advance_to(START + timedelta(seconds=seconds))
        assert other.known(other.broker.quote("GBPUSD")) == quote
        run_now(other.broker.disconnect())


def test_the_session_of_a_process_that_was_killed_is_closed_by_the_next(tmp_path: Path, process: Process) -> None:
    process.end()
    after = Process(tmp_path, START + timedelta(seconds=30)).connect()
    kinds = [record.kind.value for record in after.broker.engine.ledger.records]
    assert kinds == ["CONNECTED", "DISCONNECTED", "CONNECTED"]
    after.end()


def test_an_ended_session_leaves_one_file(tmp_path: Path, process: Process) -> None:
    process.send(1)
    run_now(process.broker.disconnect())
    assert [path.name for path in tmp_path.iterdir()] == ["book.db"]


def foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE beads (seq INTEGER)")


def newer(path: Path) -> None:
    Process(path.parent).end()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2")


def torn(path: Path) -> None:
    Process(path.parent).end()
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 9] = b"\x5a" * 4096 * 7
    path.write_bytes(content)


def letters(path: Path) -> None:
    path.write_text("Dear broker, please buy.\n")


def of_another(path: Path, **changes: Any) -> None:
    Process(path.parent, **changes).end()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (foreign, "not a simulated broker's book"),
        (letters, "not a simulated broker's book"),
        (newer, "format 2"),
        (torn, "is damaged"),
        (lambda path: of_another(path, account="SIM0002"), "account is 'SIM0002'"),
        (lambda path: of_another(path, seed=6), "seed is 6"),
        (
            lambda path: of_another(path, prices={"GBPUSD": {**PRICES["GBPUSD"], "interval_s": 7}}),
            "prices of GBPUSD in this book are made from .*interval 7 s",
        ),
    ],
)
def test_a_file_that_is_not_this_brokers_book_is_refused_and_left_as_it_was(
    tmp_path: Path, make: Any, says: str
) -> None:
    path = tmp_path / "book.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(ConfigurationError, match=says) as refusal:
        Process(tmp_path)
    assert str(refusal.value).startswith("broker.chaos_mock.book: ")
    assert path.read_bytes() == before


def test_a_book_that_cannot_be_made_is_refused_by_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere/book\.db: .* cannot be made here"):
        Process(tmp_path, book="nowhere/book.db")


def test_while_somebody_holds_the_book_the_broker_cannot_be_reached(
    tmp_path: Path, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.broker.engine.ask(lambda: None, START)
    monkeypatch.setattr("phoenix.adapters.simulation.book_file.file.BUSY_TIMEOUT_S", 0.01)
    process.broker.engine.release()
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        assert isinstance(process.send(1), Unknown)
        assert [type(event) for event in process.events] == [ConnectionLost]
        assert process.broker.next_due() is None
        with pytest.raises(BrokerUnavailable, match="another program holds"):
            process.connect()
        holder.execute("ROLLBACK")
    process.connect()
    assert process.known(process.broker.open_orders()) == ()
    assert process.send(2) == Handed()


def test_a_book_that_a_hand_made_unreadable_is_unknown_until_it_is_corrected(tmp_path: Path, process: Process) -> None:
    process.send(1, limit="1.00000")
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as hand:
        hand.execute("""UPDATE orders SET fate = '{"wrong": 1}'""")
        answer = run_now(process.broker.open_orders())
        assert isinstance(answer, Unknown)
        assert "orders (sequence 1), fate" in answer.reason
        process.broker.advance(START + timedelta(seconds=1))
        assert [type(event) for event in process.events[-1:]] == [ConnectionLost]
        hand.execute("UPDATE orders SET fate = '{}'")
    process.connect()
    assert len(process.known(process.broker.open_orders())) == 1
