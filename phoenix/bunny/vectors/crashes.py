"""Wave 5: an executor that dies between two instructions, and the next one at the same store and the same broker.

The death is an exception that nothing catches: from that instant on nothing of the former executor runs. Real processes
that are killed are in features/sudden_death.feature and in `make soak`.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from phoenix.adapters.checkpoints import FileCheckpoints, verify_against_checkpoint
from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Fault, Which
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Broken, Died, Stage
from phoenix.bunny.vectors.drift import foreign_holding
from phoenix.bunny.vectors.storage import checkpointed
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import DriftPayload, KillFlagPayload, ReconciliationRunPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.vocabulary import (
    ExecutionEvent,
    KillEvent,
    KillSource,
    LegRole,
    OrderEvent,
    PositionState,
    RefusalReason,
    TokenEvent,
)
from phoenix.ports.broker import SendOutcome
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.store import Fold
from phoenix.rehearsal.stores import Hook, created_file, is_event, nothing, opened_file, watched
from phoenix.rehearsal.world import OPERATOR

ENTRY = Which(role=LegRole.ENTRY, pair="GBPUSD")
DEATH_IS_SWEPT_S = 330
CUTS = 12


@vector("CV_CRASH_BEFORE_CLAIM")
def before_the_claim(stage: Stage) -> None:
    path = _mortal(stage, before=_dies_at(stage, lambda bead: is_event(bead, OrderEvent.PREPARED)))
    entry = stage.approved()
    _dies(lambda: stage.show(entry.shown, entry.intent_id))
    _again(stage, path)
    stage.no_bead(TokenPayload, event=TokenEvent.USED, token_id=entry.shown.token_id)
    stage.no_bead(OrderPayload, intent_id=entry.intent_id)
    stage.world.wait(DEATH_IS_SWEPT_S)
    stage.bead(TokenPayload, event=TokenEvent.EXPIRED, token_id=entry.shown.token_id, count=1)
    stage.require_orders(0)


@vector("CV_CRASH_AFTER_CLAIM")
def after_the_claim(stage: Stage) -> None:
    path = _mortal(stage, after=_dies_at(stage, lambda bead: is_event(bead, OrderEvent.PREPARED)))
    entry = stage.approved()
    _dies(lambda: stage.show(entry.shown, entry.intent_id))
    _again(stage, path)
    stage.world.wait(61)
    stage.bead(TokenPayload, event=TokenEvent.USED, token_id=entry.shown.token_id, count=1)
    stage.require_state(entry, PositionState.STALLED)
    stage.world.wait(stage.luck.seconds(60, 3600))
    stage.require_orders(0)


@vector("CV_CRASH_AFTER_SEND")
def after_the_send(stage: Stage) -> None:
    path = _mortal(stage, faults.slow(ENTRY, 3))
    entry = stage.approved()
    place = stage.world.broker.place

    async def sent(plan: OrderPlan) -> SendOutcome:
        await place(plan)
        raise Died

    stage.world.broker.place = sent  # type: ignore[method-assign]
    _dies(lambda: stage.show(entry.shown, entry.intent_id))
    _again(stage, path)
    stage.world.wait(30)
    stage.bead(OrderPayload, event=OrderEvent.ACKNOWLEDGED, role=LegRole.ENTRY, position_id=entry.position_id)
    stage.require_state(entry, PositionState.MANAGED)
    stage.require_orders(1)


@vector("CV_CRASH_BEFORE_FILL_BEAD")
def before_the_fill_bead(stage: Stage) -> None:
    def is_fill(bead: Bead) -> bool:
        return isinstance(bead.payload, ExecutionPayload) and bead.payload.pair == "GBPUSD"

    path = _mortal(stage, faults.slow(ENTRY, 2), before=_dies_at(stage, is_fill))
    entry = stage.approved()
    stage.show(entry.shown, entry.intent_id)
    _dies(lambda: stage.world.wait(10))
    _again(stage, path)
    stage.world.wait(30)
    stage.bead(ExecutionPayload, event=ExecutionEvent.BOOKED, position_id=entry.position_id, count=1)
    stage.require_state(entry, PositionState.MANAGED)
    stage.require_orders(1)


@vector("CV_CRASH_MID_RECONCILE")
def amid_a_reconciliation(stage: Stage) -> None:
    def is_run(bead: Bead) -> bool:
        return isinstance(bead.payload, ReconciliationRunPayload) and bool(bead.payload.mismatches)

    path = _mortal(stage, before=_dies_at(stage, is_run))
    stage.held()
    stage.world.wait(60)
    foreign_holding(stage, stage.luck.share(1, 50) * 100_000)
    _dies(stage.compare)
    _again(stage, path)
    for _ in range(3):
        stage.compare()
        stage.world.wait(45)
    stage.bead(ReconciliationRunPayload)
    stage.bead(DriftPayload, pair="GBPUSD", count=1)
    stage.require_orders(1)


@vector("CV_CRASH_AFTER_KILL")
def after_a_kill(stage: Stage) -> None:
    def is_kill(bead: Bead) -> bool:
        return isinstance(bead.payload, KillFlagPayload)

    path = _mortal(stage, after=_dies_at(stage, is_kill))
    entry = stage.approved()
    kill = stage.world.executor.set_kill_flag
    _dies(lambda: run_now(kill(None, "something smells", KillSource.MANUAL, OPERATOR)))
    _again(stage, path)
    stage.refused(RefusalReason.KILL_FLAG, lambda: stage.show(entry.shown, entry.intent_id))
    stage.bead(KillFlagPayload, event=KillEvent.SET, count=1)
    stage.signal_refused(RefusalReason.KILL_FLAG)
    stage.require_orders(0)


@vector("CV_WAL_CUT")
def log_cut(stage: Stage) -> None:
    path = _mortal(stage)
    stage.held()
    sink = checkpointed(stage)
    whole = len(stage.world.beads)
    log = Path(f"{path}-wal").read_bytes()
    stage.require(bool(log), "there is no write-ahead log to cut")
    opened = 0
    for number in range(CUTS):
        cut = stage.luck.seconds(0, len(log) - 1)
        copy = path.with_name(f"cut-{number}.db")
        shutil.copy(path, copy)
        Path(f"{copy}-wal").write_bytes(log[:cut])
        opened += _require_prefix(stage, copy, whole, sink)
    stage.require(opened > 0, "no cut left anything to open")
    stage.remark(f"{CUTS} cuts at random bytes")


def _require_prefix(stage: Stage, path: Path, whole: int, sink: FileCheckpoints) -> bool:
    """What is left opens as a valid prefix of the chain, whose gap the checkpoint names. False where not even the
    tables are left."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'beads'").fetchone()[0]
    if not tables:
        return False
    store: SqliteStore[object] = SqliteStore.open(path, Fold(None, lambda state, _: state), ClaimOffice())
    try:
        found, seq = store.verify(), store.head().seq
        stage.require(found.ok and seq <= whole, f"{seq} of {whole} beads are left: {found}")
        if seq < whole:
            stage.stopped(StoreCorrupt, lambda: verify_against_checkpoint(store, sink))
    finally:
        store.close()
    return True


def _mortal(stage: Stage, *scripted: Fault, before: Hook = nothing, after: Hook = nothing) -> Path:
    """A world on a store and a broker that outlive the executor. Returns the store's file."""
    folder = stage.folder()
    path = folder / "phoenix.db"
    stage.open(*scripted, store_factory=watched(created_file(path), before, after), book=folder / "book.db")
    return path


def _again(stage: Stage, path: Path) -> None:
    """The next executor, at the same store and the same broker."""
    stage.again(after_s=stage.luck.seconds(0, 5), store_factory=opened_file(path), book=path.with_name("book.db"))


def _dies_at(stage: Stage, is_it: Callable[[Bead], bool]) -> Hook:
    """A hook that is the end of a process, once."""
    done: list[bool] = []

    def hook(beads: Sequence[Bead]) -> None:
        if stage.is_set_up and not done and any(is_it(bead) for bead in beads):
            done.append(True)
            raise Died

    return hook


def _dies(act: Callable[[], object]) -> None:
    try:
        act()
    except Died:
        return
    raise Broken("the process was to die here, and went on")
