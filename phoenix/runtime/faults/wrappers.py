"""Wrappers that put the fault points around what the executor works with; without a point asked for there are none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar, cast

from phoenix.domain.beads.envelope import Bead, SealedBead
from phoenix.domain.state import State
from phoenix.ports.alerts import AlertChannel, Delivery, Notice
from phoenix.ports.broker import Broker
from phoenix.ports.checkpoints import Checkpoint, CheckpointSink
from phoenix.ports.snapshots import Snapshot, SnapshotSink, Unusable
from phoenix.ports.store import BeadStore, Committed, Head, Proposal, Verification, View
from phoenix.runtime.faults.points import FaultPoints, bead_name

R = TypeVar("R")

_AROUND = frozenset(
    {"connect", "disconnect", "submit", "cancel", "open_orders", "completed_orders", "executions", "holdings"}
)


def with_faults_in_store(store: BeadStore[State], faults: FaultPoints) -> BeadStore[State]:
    return store if faults.is_inert else _Store(store, faults)


def with_faults_in_broker(broker: Broker, faults: FaultPoints) -> Broker:
    """The broker with a point before and after every call that matters to submission and recovery."""
    return broker if faults.is_inert else cast("Broker", _Broker(broker, faults))


def with_faults_in_alerts(channel: AlertChannel, faults: FaultPoints) -> AlertChannel:
    return channel if faults.is_inert else _Alerts(channel, faults)


def with_faults_in_checkpoints(sink: CheckpointSink, faults: FaultPoints) -> CheckpointSink:
    return sink if faults.is_inert else _Checkpoints(sink, faults)


def with_faults_in_snapshots(sink: SnapshotSink[State], faults: FaultPoints) -> SnapshotSink[State]:
    return sink if faults.is_inert else _Snapshots(sink, faults)


class _Store(BeadStore[State]):
    """Passes a point for each bead: before the commit once it is proposed, and after the commit."""

    def __init__(self, store: BeadStore[State], faults: FaultPoints) -> None:
        self._store = store
        self._faults = faults

    def transact(self, work: Callable[[View[State]], Proposal[R]]) -> Committed[R]:
        def proposed(view: View[State]) -> Proposal[R]:
            proposal = work(view)
            self._pass("before", proposal.beads)
            return proposal

        committed = self._store.transact(proposed)
        self._pass("after", [item.bead for item in committed.sealed])
        return committed

    def _pass(self, moment: str, beads: Any) -> None:
        named: list[Bead] = list(beads)
        self._faults.reach(*dict.fromkeys(f"commit.{moment}.{bead_name(bead.payload)}" for bead in named))

    def view(self) -> View[State]:
        return self._store.view()

    def head(self) -> Head:
        return self._store.head()

    def read(self, after_seq: int = 0, limit: int | None = None) -> Iterator[SealedBead]:
        return self._store.read(after_seq, limit)

    def verify(self, *, thorough: bool = True) -> Verification:
        return self._store.verify(thorough=thorough)

    def close(self) -> None:
        self._store.close()


class _Broker:
    """Stands before a broker and lets everything through; the claim is redeemed behind it, by the broker itself."""

    def __init__(self, broker: Broker, faults: FaultPoints) -> None:
        self._broker = broker
        self._faults = faults

    def __getattr__(self, name: str) -> Any:
        there = getattr(self._broker, name)
        return self._around(name, there) if name in _AROUND else there

    def _around(self, name: str, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def called(*arguments: Any) -> Any:
            self._faults.reach(f"broker.{name}.before")
            answer = await call(*arguments)
            self._faults.reach(f"broker.{name}.after")
            return answer

        return called


class _Alerts(AlertChannel):
    def __init__(self, channel: AlertChannel, faults: FaultPoints) -> None:
        self._channel = channel
        self._faults = faults

    @property
    def name(self) -> str:
        return self._channel.name

    def deliver(self, notice: Notice) -> Delivery:
        self._faults.reach("alert.before")
        delivery = self._channel.deliver(notice)
        self._faults.reach("alert.after")
        return delivery


class _Checkpoints(CheckpointSink):
    def __init__(self, sink: CheckpointSink, faults: FaultPoints) -> None:
        self._sink = sink
        self._faults = faults

    def keep(self, checkpoint: Checkpoint) -> None:
        self._faults.reach("checkpoint.before")
        self._sink.keep(checkpoint)
        self._faults.reach("checkpoint.after")

    def latest(self) -> Checkpoint | None:
        return self._sink.latest()


class _Snapshots(SnapshotSink[State]):
    def __init__(self, sink: SnapshotSink[State], faults: FaultPoints) -> None:
        self._sink = sink
        self._faults = faults

    def keep(self, snapshot: Snapshot[State]) -> None:
        self._faults.reach("snapshot.before")
        self._sink.keep(snapshot)
        self._faults.reach("snapshot.after")

    def latest(self) -> Snapshot[State] | Unusable | None:
        return self._sink.latest()
