"""A rig puts an adapter and a gateway into one simulated time, and leaves nothing behind."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from phoenix.adapters.brokers.chaos_mock import ChaosMockSettings
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.simulation.faults import Query, QueryUnanswered, SocketDrop
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.adapters.wired import WiredBroker, WireOptions
from phoenix.application.simulation import run_now
from phoenix.domain.order_plan import EntryTerms, OrderPlan, bracket_plan
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, OrderType, Side, TimeInForce
from phoenix.ports.answers import Complete, Unknown
from phoenix.ports.broker import Handed
from phoenix.ports.broker_events import BrokerEvent, ConnectionLost, ExecutionReported
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import Claim, ClaimOffice
from phoenix.ports.errors import ClaimRefused, ConfigurationError
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.testing.broker_harness import ASK, BID, QUANTITY, STOP, TARGET

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACCOUNT = "SIM0001"


class Wired:
    """A broker over a wire, its clock, and what was heard on which thread."""

    def __init__(self, adapter: str) -> None:
        self.clock = SimulatedClock(START)
        self.office = ClaimOffice()
        self.heard: list[tuple[BrokerEvent, threading.Thread]] = []
        instruments = {GBPUSD.pair: GBPUSD}
        feed = QuoteFeed(GBPUSD.pair, [Tick(START, BID, ASK)])
        settings = ChaosMockSettings(
            EngineOptions(account=ACCOUNT, instruments=instruments), {GBPUSD.pair: feed}, self.clock, START
        )
        policy = AccountPolicy(ACCOUNT, AccountMode.SIMULATOR, "USD")
        context = BrokerContext({}, policy, instruments, self.clock, AlwaysOpen(), self.office, self._hear)
        self.broker = WiredBroker(WireOptions(adapter), settings, context)

    def _hear(self, event: BrokerEvent) -> None:
        self.heard.append((event, threading.current_thread()))


@contextmanager
def side(adapter: str = "ib_insync") -> Iterator[Wired]:
    made = Wired(adapter)
    try:
        run_now(made.broker.connect())
        yield made
    finally:
        made.broker.close()


def plan() -> OrderPlan:
    terms = EntryTerms(
        ACCOUNT, GBPUSD.pair, Side.LONG, QUANTITY, OrderType.MARKET, TimeInForce.DAY, ASK, STOP, TARGET
    )  # fmt: skip
    return bracket_plan(terms, "00000000-0000-0000-0000-000000000001", 10)


@pytest.mark.parametrize("adapter", ["chaos_mock", "no such adapter"])
def test_an_adapter_that_talks_to_no_gateway_is_refused_and_leaves_no_thread(adapter: str) -> None:
    before = threading.active_count()
    with pytest.raises(ConfigurationError, match=r"broker\."):
        Wired(adapter)
    assert threading.active_count() == before


@pytest.mark.parametrize("adapter", ["ib_insync", "ibapi"])
def test_closing_leaves_no_thread_and_may_be_done_again(adapter: str) -> None:
    before = threading.active_count()
    with side(adapter) as made:
        assert threading.active_count() > before
    made.broker.close()
    assert threading.active_count() == before


def test_what_came_of_a_call_is_heard_on_the_callers_thread_before_it_returns() -> None:
    with side() as made:
        sent = plan()
        claim = made.office.issue(Claim("token", "intent", sent.order_group_id, sent.order_hash(), 1))
        assert run_now(made.broker.submit(sent, claim)) == Handed()
        executions = [thread for event, thread in made.heard if isinstance(event, ExecutionReported)]
        assert executions == [threading.current_thread()]


def test_an_order_needs_its_claim_here_too() -> None:
    with side() as made:
        with pytest.raises(ClaimRefused):
            run_now(made.broker.submit(plan(), None))
        assert not [record for record in made.broker.engine.ledger.records if record.kind == "ORDER_RECEIVED"]


def test_an_answer_that_will_not_come_is_unknown_and_the_next_one_is_not() -> None:
    with side() as made:
        made.broker.engine.inject(QueryUnanswered(query=Query.EXECUTIONS, times=1))
        silence = run_now(made.broker.executions())
        assert isinstance(silence, Unknown)
        assert "did not answer for executions completely" in silence.reason
        assert isinstance(run_now(made.broker.executions()), Complete)


def test_a_line_that_drops_is_over_when_time_has_passed() -> None:
    with side() as made:
        made.broker.engine.inject(SocketDrop(START + timedelta(seconds=1), None))
        assert made.broker.next_due() == START + timedelta(seconds=1)
        assert isinstance(made.broker.session(), Complete)
        made.clock.advance_to(START + timedelta(seconds=1))
        made.broker.advance(made.clock.now())
        assert isinstance(made.broker.session(), Unknown)
        assert [event.is_socket for event, _ in made.heard if isinstance(event, ConnectionLost)] == [True]
