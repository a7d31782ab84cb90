"""Steps about what happens between two lines of the executor: a commit that fails, other processes, a lost line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pytest_bdd import given, parsers, then

from phoenix.application.simulation import run_now
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.vocabulary import IntentKind, KillEvent, KillSource, OrderEvent
from phoenix.ports.errors import StoreUnavailable
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.stores import Hook, is_event, nothing, watched
from phoenix.rehearsal.world import SIGNALMAN
from phoenix.testing.scene import Scene


def prepare_watched(scene: Scene, before: Hook = nothing, after: Hook = nothing) -> None:
    scene.prepare(store_factory=watched(before=before, after=after))


FAILURES = {
    "the entry": (OrderEvent.PREPARED, IntentKind.ENTRY),
    "the exit": (OrderEvent.PREPARED, IntentKind.EXIT),
    "the cancel": (OrderEvent.CANCEL_REQUESTED, None),
}


@given(parsers.re(r"a disk that is full when (?P<what>the entry|the exit|the cancel) should be recorded"))
def full_disk(scene: Scene, what: str) -> None:
    event, kind = FAILURES[what]

    def fail(beads: Sequence[Bead]) -> None:
        if not scene.notes.get("disk has room") and any(is_event(bead, event, kind) for bead in beads):
            raise StoreUnavailable("the disk is full; nothing was stored. Free some space on the disk")

    prepare_watched(scene, before=fail)


@given("the disk has room again")
def disk_has_room(scene: Scene) -> None:
    scene.notes["disk has room"] = True


def _once_after(scene: Scene, kind: IntentKind, act: Callable[[], None]) -> None:
    done: list[bool] = []

    def meanwhile(beads: Sequence[Bead]) -> None:
        if not done and any(is_event(bead, OrderEvent.PREPARED, kind) for bead in beads):
            done.append(True)
            act()

    prepare_watched(scene, after=meanwhile)


@given(parsers.re(r"another process sets a kill flag just after the (?P<kind>entry|exit) is recorded"))
def kill_meanwhile(scene: Scene, kind: str) -> None:
    def kill() -> None:
        flag = KillFlagPayload("flag-of-signalman", KillEvent.SET, None, KillSource.SIGNALMAN, "decay", None)
        append_as_another_process(scene.world, flag, SIGNALMAN)

    _once_after(scene, IntentKind(kind.upper()), kill)


@given(parsers.re(r"a session that ends just after the (?P<kind>entry|exit) is recorded"))
def session_ends_meanwhile(scene: Scene, kind: str) -> None:
    _once_after(scene, IntentKind(kind.upper()), lambda: run_now(scene.world.broker.disconnect()))


@then("the caller learns that the store is unavailable")
def store_unavailable(scene: Scene) -> None:
    assert isinstance(scene.take_refusal(), StoreUnavailable)


@then("the broker has received no cancel")
def no_cancel(scene: Scene) -> None:
    assert not scene.world.ledger("CANCEL_RECEIVED")
