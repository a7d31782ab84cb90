"""A second executor at the store of a world, with a broker session of its own."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from phoenix.adapters.alerts import RecordingCourier
from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker, ChaosMockSettings
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.ids import SeededIds
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.application.simulation import run_now
from phoenix.container import Container, build_container
from phoenix.ports.broker_factory import BrokerContext
from phoenix.rehearsal.instruments import GBPUSD, INSTRUMENTS
from phoenix.rehearsal.stores import opened_file
from phoenix.rehearsal.world import ACCOUNT, World


def second_executor(world: World, path: Path) -> tuple[Container, ChaosMockBroker]:
    """Another executor on the same store, at a connected broker of its own that quotes what the world's does."""

    def open_broker(context: BrokerContext) -> ChaosMockBroker:
        quote = world.broker.engine.world.market_quote(GBPUSD.pair)
        bid, ask = (Decimal("1.26000"), Decimal("1.26010")) if quote is None else (quote.bid, quote.ask)
        feed = QuoteFeed(GBPUSD.pair, [Tick(world.now - timedelta(minutes=5), bid, ask)])
        options = EngineOptions(account=ACCOUNT, instruments=INSTRUMENTS, margin_rate=Decimal("0.03"))
        starts_at = world.now - timedelta(minutes=5)
        settings = ChaosMockSettings(options=options, feeds={feed.pair: feed}, clock=world.clock, starts_at=starts_at)
        return ChaosMockBroker(settings, context.office, context.sink)

    container = build_container(
        world.policy, world.clock, SeededIds(f"beside {world.ids.new_id()}"), AlwaysOpen(), RecordingCourier(),
        opened_file(path), open_broker, {},
    )  # fmt: skip
    broker = container.broker()
    assert isinstance(broker, ChaosMockBroker)
    run_now(broker.connect())
    return container, broker
