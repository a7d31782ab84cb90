"""Wave 9, and the lock of wave 6: disks that are full, files that were changed, cut off or replaced."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from phoenix.adapters.checkpoints import FileCheckpoints, make_key, verify_against_checkpoint
from phoenix.adapters.store.schema_facts import GUARDS
from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Entry, Stage
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.state import State
from phoenix.domain.vocabulary import OrderEvent, PositionState, TokenEvent
from phoenix.ports.checkpoints import Checkpoint
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt, StoreUnavailable
from phoenix.ports.store import BeadStore, Fold
from phoenix.rehearsal.stores import created_file


@vector("CV_DISK_FULL")
def disk_full(stage: Stage) -> None:
    path = stage.folder() / "phoenix.db"
    world = stage.open(store_factory=created_file(path))
    entry = stage.approved()
    connection = world.container.store()._writer._connection  # type: ignore[attr-defined]
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    error = _until_full(stage, entry)
    connection.execute("PRAGMA max_page_count = 1000000")
    stage.remark(str(error))
    stage.no_bead(TokenPayload, event=TokenEvent.USED, token_id=entry.shown.token_id)
    stage.require_orders(0)
    stage.show(entry.shown, entry.intent_id)
    stage.let_settle()
    stage.bead(OrderPayload, event=OrderEvent.PREPARED, intent_id=entry.intent_id, count=1)
    stage.require_orders(1)


@vector("CV_LOCK_HOLDER_HANGS")
def lock_holder_hangs(stage: Stage) -> None:
    path = stage.folder() / "phoenix.db"

    def hasty(fold: Fold[State], office: ClaimOffice) -> BeadStore[State]:
        return SqliteStore.create(path, fold, office, SqliteSettings(busy_timeout_s=0.02))

    stage.open(store_factory=hasty)
    entry = stage.approved()
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        error = stage.stopped(StoreUnavailable, lambda: stage.show(entry.shown, entry.intent_id))
        holder.execute("ROLLBACK")
    stage.remark(str(error))
    stage.require_orders(0)
    stage.show(entry.shown, entry.intent_id)
    stage.let_settle()
    stage.bead(TokenPayload, event=TokenEvent.USED, token_id=entry.shown.token_id, count=1)
    stage.require_orders(1)


@vector("CV_BIT_FLIP")
def bit_flipped(stage: Stage) -> None:
    path = _traded(stage)
    seq, bit = stage.luck.seconds(1, len(stage.world.beads)), stage.luck.seconds(0, 7)

    def flip(connection: sqlite3.Connection) -> None:
        (body,) = connection.execute("SELECT body FROM beads WHERE seq = ?", (seq,)).fetchone()
        place = stage.luck.seconds(0, len(body) - 1)
        changed = body[:place] + bytes([body[place] ^ (1 << bit)]) + body[place + 1 :]
        connection.execute("UPDATE beads SET body = ? WHERE seq = ?", (changed, seq))

    copy = _tampered(path, flip)
    error = stage.stopped(StoreCorrupt, lambda: _open(copy).close())
    stage.remark(str(error).partition(". ")[0])
    stage.require(f"bead {seq}:" in str(error), f"bead {seq} was changed, and this was said: {error}")


@vector("CV_TAIL_DELETED")
def tail_deleted(stage: Stage) -> None:
    path = _traded(stage)
    sink = checkpointed(stage)
    count = stage.luck.seconds(1, 5)
    last = len(stage.world.beads) - count

    def cut(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM bead_keys WHERE seq > ?", (last,))
        connection.execute("DELETE FROM beads WHERE seq > ?", (last,))

    _mismatch(stage, _tampered(path, cut), sink)
    stage.remark(f"the last {count} beads were cut off")


@vector("CV_OLD_BACKUP")
def old_backup(stage: Stage) -> None:
    path = _traded(stage)
    backup = _copy(path)
    stage.propose()
    _mismatch(stage, backup, checkpointed(stage))


def _until_full(stage: Stage, entry: Entry) -> StoreUnavailable:
    """The claim meets a disk that is full; room left in the last page is used up first, by signals."""
    try:
        for _ in range(50):
            stage.propose()
    except StoreUnavailable:
        pass
    return stage.stopped(StoreUnavailable, lambda: stage.show(entry.shown, entry.intent_id))


def _traded(stage: Stage) -> Path:
    """A store in a file with a trade in it."""
    path = stage.folder() / "phoenix.db"
    stage.open(store_factory=created_file(path))
    stage.require_state(stage.held(), PositionState.MANAGED)
    return path


def checkpointed(stage: Stage) -> FileCheckpoints:
    """Checkpoints beside the store, with one of its head."""
    folder = stage.folder()
    public = make_key(folder / "key.pem")
    sink = FileCheckpoints(folder / "checkpoints", folder / "key.pem", public)
    head = stage.world.container.store().head()
    sink.keep(Checkpoint(head.seq, head.bead_hash.hex(), stage.world.now))
    return sink


def _mismatch(stage: Stage, path: Path, sink: FileCheckpoints) -> None:
    store = _open(path)
    try:
        error = stage.stopped(StoreCorrupt, lambda: verify_against_checkpoint(store, sink))
    finally:
        store.close()
    stage.require("checkpoint" in str(error), f"the error names no checkpoint: {error}")


def _copy(path: Path) -> Path:
    """A copy that can be spoiled; the vector's own store stays sound."""
    copy = path.with_name("copy.db")
    for suffix in ("", "-wal"):
        if Path(f"{path}{suffix}").exists():
            shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    return copy


def _tampered(path: Path, change: Callable[[sqlite3.Connection], None]) -> Path:
    """A copy, changed behind the store's back; the guards stand again afterwards."""
    copy = _copy(path)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        guards = connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for guard in GUARDS:
            connection.execute(f"DROP TRIGGER {guard}")
        change(connection)
        for (guard,) in guards:
            connection.execute(guard)
    return copy


def _open(path: Path) -> SqliteStore[object]:
    """A store that folds nothing: only its chain is looked at."""
    return SqliteStore.open(path, Fold(None, lambda state, _: state), ClaimOffice())
