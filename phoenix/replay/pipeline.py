"""The whole pipeline in simulated time: kernel, store and a simulated broker over recorded bars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from phoenix.adapters.alerts.recording import RecordingCourier
from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.settings import ChaosMockSettings
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ids import SeededIds
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.adapters.wired import WiredBroker, WireOptions
from phoenix.application.executor import Executor
from phoenix.application.simulation import Simulation
from phoenix.container import StoreFactory, build_container
from phoenix.domain.policy import AccountPolicy, Policy
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.sizing import SizingPolicy
from phoenix.domain.state import State
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.ids import IdSource
from phoenix.ports.store import BeadStore, Fold
from phoenix.replay.request import MOCK, ReplayRequest

ACCOUNT = "SIM0001"
SEED = "replay"
ANSWERS_WITHIN_S = 30.0
"""On a wire, in real time: nothing here is meant to stay unanswered, so only a hang is cut short."""
BOOKS_EVERY_S = 3600
"""Books are compared after every fill; with nobody to change them by hand, seldom beside that."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """An executor with the simulated world around it; `simulation` moves them all forward."""

    policy: Policy
    clock: SimulatedClock
    ids: IdSource
    store: BeadStore[State]
    broker: ChaosMockBroker | WiredBroker
    executor: Executor
    simulation: Simulation

    def close(self) -> None:
        """Let go of the store, and of the wire where there is one."""
        self.store.close()
        if isinstance(self.broker, WiredBroker):
            self.broker.close()


def build_pipeline(request: ReplayRequest, starts_at: datetime) -> Pipeline:
    """A fresh pipeline whose world begins at an instant; the same request always gives the same one."""
    policy = Policy(
        instruments={request.instrument.pair: request.instrument},
        account=AccountPolicy(ACCOUNT, AccountMode.SIMULATOR, request.currency),
        limits=request.limits, sizing=SizingPolicy(), sizes_on_balance=True,
        reconciliation=ReconciliationPolicy(interval_s=BOOKS_EVERY_S),
    )  # fmt: skip
    clock, ids = SimulatedClock(starts_at), SeededIds(SEED)
    world = _world(request, clock, starts_at)

    def broker_over_bars(context: BrokerContext) -> ChaosMockBroker | WiredBroker:
        if request.adapter != MOCK:
            return WiredBroker(WireOptions(request.adapter, query_timeout_s=ANSWERS_WITHIN_S), world, context)
        return ChaosMockBroker(world, context.office, context.sink)

    container = build_container(
        policy,
        clock,
        ids,
        AlwaysOpen(),
        RecordingCourier(),
        _store_factory(request.store),
        broker_over_bars,
        broker_options={},
    )
    broker = container.broker()
    assert isinstance(broker, ChaosMockBroker | WiredBroker)
    executor = container.executor()
    simulation = Simulation(executor, broker, clock.now, clock.advance_to)
    return Pipeline(policy, clock, ids, container.store(), broker, executor, simulation)


def _store_factory(path: Path | None) -> StoreFactory:
    """Beads in a new SQLite file, as durable as any; or in memory. Raises StoreMisconfigured for a taken path."""
    if path is None:
        return MemoryStore

    def create(fold: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        return SqliteStore.create(path, fold, office)

    return create


def _world(request: ReplayRequest, clock: SimulatedClock, starts_at: datetime) -> ChaosMockSettings:
    """A broker that acknowledges at once, charges nothing, and lets DAY orders live on (the fill rules of a replay)."""
    pair = request.instrument.pair
    options = EngineOptions(
        account=ACCOUNT, currency=request.currency, starting_balance=request.equity,
        instruments={pair: request.instrument}, bar_latency=request.latency, margin_rate=request.margin_rate,
    )  # fmt: skip
    return ChaosMockSettings(options, {pair: BarFeed(pair, request.bars.minutes)}, clock, starts_at)
