"""Both IBKR adapters pass every card of the broker contract, over sockets, before the gateway simulator."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from phoenix.adapters.brokers.chaos_mock import ChaosMockSettings
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.adapters.wired import WireOptions, WireRig
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import ClaimOffice
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.testing.broker_contract import BrokerContract
from phoenix.testing.broker_harness import ASK, BID, BrokerHarness

T = TypeVar("T")

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class WireHarness(BrokerHarness):
    """An adapter, a gateway, and one clock for both."""

    def __init__(self, adapter: str, *, tells_sizes: bool) -> None:
        self.tells_sizes = tells_sizes
        self.events = []
        self.office = ClaimOffice()
        self.clock = SimulatedClock(START)
        self.feed = QuoteFeed(self.pair, [Tick(START, BID, ASK)])
        instruments = {self.pair: GBPUSD}
        settings = ChaosMockSettings(
            EngineOptions(account=self.account, instruments=instruments), {self.pair: self.feed}, self.clock, START
        )
        policy = AccountPolicy(self.account, AccountMode.SIMULATOR, "USD")
        context = BrokerContext({}, policy, instruments, self.clock, AlwaysOpen(), self.office, self.events.append)
        self.rig = WireRig(WireOptions(adapter), settings, context)
        self.broker = self.rig.adapter

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.rig.call(coroutine, has_sent=True)

    def pass_time(self, seconds: float) -> None:
        until = self.seconds_from_now(seconds)
        while (due := self.rig.next_due()) is not None and due <= until:
            self.clock.advance_to(max(due, self.clock.now()))
            self.rig.advance()
        self.clock.advance_to(until)
        self.rig.advance()

    def quote(self, bid: str) -> None:
        self.feed.add(Tick(self.seconds_from_now(1), Decimal(bid), Decimal(bid) + ASK - BID))
        self.pass_time(1)

    def inject(self, fault: Fault) -> None:
        self.rig.engine.inject(fault)

    def seconds_from_now(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    def ledger(self) -> Sequence[Mapping[str, Any]]:
        return [record.as_json() for record in self.rig.engine.ledger.records]


def connected(adapter: str, *, tells_sizes: bool) -> Iterator[BrokerHarness]:
    harness = WireHarness(adapter, tells_sizes=tells_sizes)
    try:
        harness.call(harness.broker.connect())
        yield harness
    finally:
        harness.rig.close()


class TestIbInsyncPassesTheContract(BrokerContract):
    @pytest.fixture
    def harness(self) -> Iterator[BrokerHarness]:
        yield from connected("ib_insync", tells_sizes=True)


class TestIbapiPassesTheContract(BrokerContract):
    @pytest.fixture
    def harness(self) -> Iterator[BrokerHarness]:
        yield from connected("ibapi", tells_sizes=False)
