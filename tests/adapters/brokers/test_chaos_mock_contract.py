"""The mock broker passes every card of the broker contract, and keeps the promises of a simulated one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker, ChaosMockSettings
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.ports.claims import ClaimOffice
from phoenix.testing.broker_contract import BrokerContract
from phoenix.testing.broker_harness import ASK, BID, BrokerHarness

T = TypeVar("T")

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
GBPUSD = Instrument(
    "GBPUSD", "GBP", "CASH", "IDEALPRO", "USD", Decimal("0.00005"), Decimal("0.0001"), Decimal(1000), Decimal(1000)
)  # fmt: skip


class ChaosMockHarness(BrokerHarness):
    """The mock broker on a clock of its own."""

    def __init__(self, book: Path | None = None) -> None:
        self.events = []
        self.office = ClaimOffice()
        self.clock = SimulatedClock(START)
        self.feed = QuoteFeed(self.pair, [Tick(START, BID, ASK)])
        options = EngineOptions(account=self.account, instruments={self.pair: GBPUSD})
        settings = ChaosMockSettings(options, {self.pair: self.feed}, self.clock, START, book=book)
        self.mock = ChaosMockBroker(settings, self.office, self.events.append)
        self.broker = self.mock

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run(coroutine)

    def pass_time(self, seconds: float) -> None:
        self.clock.advance_to(self.seconds_from_now(seconds))
        self.mock.advance(self.clock.now())

    def quote(self, bid: str) -> None:
        self.feed.add(Tick(self.seconds_from_now(1), Decimal(bid), Decimal(bid) + ASK - BID))
        self.pass_time(1)

    def inject(self, fault: Fault) -> None:
        self.mock.engine.inject(fault)

    def seconds_from_now(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    def ledger(self) -> Sequence[Mapping[str, Any]]:
        return [json.loads(line) for line in self.mock.engine.ledger.to_json_lines().splitlines()]


class TestChaosMockPassesTheContract(BrokerContract):
    @pytest.fixture
    def harness(self) -> BrokerHarness:
        harness = ChaosMockHarness()
        harness.call(harness.broker.connect())
        return harness


class TestChaosMockInABookFilePassesTheContract(BrokerContract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> Iterator[BrokerHarness]:
        harness = ChaosMockHarness(tmp_path / "book.db")
        harness.call(harness.broker.connect())
        yield harness
        harness.mock.engine.release()


def test_an_account_without_the_simulators_prefix_is_refused() -> None:
    with pytest.raises(InvalidValue, match="SIM"):
        ChaosMockSettings(EngineOptions(account="DU12345"), {}, SimulatedClock(START), START)


def test_the_mock_never_suspends() -> None:
    harness = ChaosMockHarness()
    for coroutine in (harness.broker.connect(), harness.broker.account(), harness.broker.disconnect()):
        with pytest.raises(StopIteration):
            coroutine.send(None)


def test_nothing_is_due_at_an_idle_mock_and_a_delayed_word_is() -> None:
    harness = ChaosMockHarness()
    harness.call(harness.broker.connect())
    assert harness.mock.next_due() is None
    harness.send(harness.bracket())
    harness.feed.add(Tick(harness.seconds_from_now(60), BID, ASK))
    assert harness.mock.next_due() == harness.seconds_from_now(60)
