"""Opening everything that runs on one store, or refusing to, with nothing changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from phoenix.adapters.alerts import ThreadCourier
from phoenix.adapters.brokers.loader import load_broker_factory
from phoenix.adapters.calendar import AlwaysOpen, FxWeek
from phoenix.adapters.checkpoints import CheckpointWindow, FileCheckpoints, verify_against_checkpoint
from phoenix.adapters.clock import SystemClock
from phoenix.adapters.ids import RandomIds
from phoenix.adapters.reset_windows import read_reset_window
from phoenix.application.event_queue import EventQueue
from phoenix.application.executor import Executor
from phoenix.application.watch.heart import Heart
from phoenix.config.settings import CalendarName, Settings
from phoenix.container import build_container
from phoenix.domain.policy import Policy
from phoenix.domain.state import State
from phoenix.ports.broker import Broker
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.checkpoints import CheckpointSink
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.clock import Clock
from phoenix.ports.errors import ConfigurationError
from phoenix.ports.ids import IdSource
from phoenix.ports.lock import ExecutorLock
from phoenix.ports.store import BeadStore, Fold
from phoenix.runtime.faults.points import FaultPoints
from phoenix.runtime.faults.wrappers import (
    with_faults_in_broker,
    with_faults_in_snapshots,
    with_faults_in_store,
)
from phoenix.runtime.home import Home
from phoenix.runtime.home.alert_channels import courier_of
from phoenix.runtime.home.snapshots import Snapshots, open_snapshots, starting_point
from phoenix.runtime.home.store import open_store
from phoenix.runtime.process.neighbours import Neighbours, autopsist_of, decay_source_of, performance_source_of
from phoenix.runtime.process.workers import Workers
from phoenix.runtime.saying import Say


@dataclass(frozen=True, slots=True)
class Parts:
    """What an executor's process works with. `broker` is the adapter itself; only the executor sends through it."""

    home: Home
    lock: ExecutorLock
    say: Say
    policy: Policy
    clock: Clock
    ids: IdSource
    store: BeadStore[State]
    checkpoints: CheckpointSink
    window: CheckpointWindow
    snapshots: Snapshots
    events: EventQueue
    broker: Broker
    executor: Executor
    faults: FaultPoints
    neighbours: Neighbours
    courier: ThreadCourier
    workers: Workers


def open_checkpoints(home: Home) -> FileCheckpoints:
    """The home's checkpoints, with the key that signs them. Raises ConfigurationError."""
    public_key = home.settings.checkpoints.public_key
    if not public_key:
        raise ConfigurationError(
            "checkpoints.public_key: there is none, so the end of the chain cannot be vouched for. Copy it from the "
            "configuration that phoenix init wrote"
        )
    return FileCheckpoints(home.checkpoints, home.private_key, public_key)


def open_parts(home: Home, lock: ExecutorLock, say: Say) -> Parts:
    """Everything for an executor, the chain held against its last checkpoint; the broker is not connected yet.

    The caller holds `lock`, the executor's. Raises what `open_store` and the broker's adapter raise, and StoreCorrupt
    where the chain is not the checkpointed one.
    """
    faults = FaultPoints.from_environment()
    factory = load_broker_factory(home.settings.broker.adapter)
    checkpoints = open_checkpoints(home)
    snapshot = starting_point(home, say)
    stores: list[BeadStore[State]] = []
    brokers: list[Broker] = []

    def make_store(_: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        stores.append(open_store(home, office, snapshot))
        return with_faults_in_store(stores[0], faults)

    def make_broker(context: BrokerContext) -> Broker:
        brokers.append(factory(replace(context, folder=home.directory)))
        return with_faults_in_broker(brokers[0], faults)

    policy, clock, ids, calendar = home.settings.policy(), SystemClock(), RandomIds(), calendar_of(home.settings)
    autopsist, decay = autopsist_of(home.settings), decay_source_of(home.settings)
    performance = performance_source_of(home, policy, calendar, clock)
    courier = courier_of(home, say, faults)
    container = build_container(
        policy, clock, ids, calendar, courier, make_store, make_broker, home.settings.broker.options, autopsist
    )
    try:
        store = container.store()
        window = verify_against_checkpoint(store, checkpoints)
        executor = container.executor()
        snapshots = Snapshots(
            store, with_faults_in_snapshots(open_snapshots(home), faults), home.settings.store.snapshot_every_beads,
            0 if snapshot is None else snapshot.head.seq, say,
        )  # fmt: skip
    except BaseException:
        for opened in stores:
            opened.close()
        raise
    neighbours = Neighbours(executor, store, brokers[0], policy, calendar, performance, decay)
    heart = Heart(executor, brokers[0], calendar, policy, ids)
    workers = Workers(executor, heart, policy, clock, home.settings.serve.poll_s)
    return Parts(
        home, lock, say, policy, clock, ids, store, checkpoints, window, snapshots, container.events(), brokers[0],
        executor, faults, neighbours, courier, workers,
    )  # fmt: skip


def calendar_of(settings: Settings) -> TradingCalendar:
    """The configured trading calendar."""
    kind = AlwaysOpen if settings.market.calendar is CalendarName.ALWAYS_OPEN else FxWeek
    return kind([read_reset_window(text) for text in settings.broker.reset_windows])
