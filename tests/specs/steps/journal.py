"""Steps about the journal itself: a file that is looked at from outside, tampered with, and verified."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.order_plan import OrderPlan
from phoenix.ports.broker import SendOutcome
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt, StoreUnavailable
from phoenix.ports.store import Fold, Verification
from phoenix.rehearsal.stores import created_file
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from phoenix.testing.steps.lifecycle import buys
from tests.adapters.store.raw import drop_guards, raw_connection
from tests.specs.steps.meanwhile import prepare_watched

COLUMNS = {"body": "body", "previous hash": "prev_hash", "hash": "bead_hash"}


@given("a journal in a file", target_fixture="journal")
def journal_in_file(scene: Scene, tmp_path: Path) -> Path:
    path = tmp_path / "phoenix.db"
    scene.prepare(store_factory=created_file(path))
    scene.closing.append(lambda: scene.world.container.store().close())
    return path


@given("a journal in a file, of a position that was closed at its target", target_fixture="journal")
def journal_of_a_trade(scene: Scene, tmp_path: Path) -> Path:
    path = journal_in_file(scene, tmp_path)
    buys(scene)
    scene.world.price("1.26200")
    return path


# --- before the effect ----------------------------------------------------------------------------------------------


@given("a journal in a file that is looked at whenever the broker gets an order")
def watched_journal(scene: Scene, tmp_path: Path) -> None:
    path = journal_in_file(scene, tmp_path)
    place = scene.world.broker.place

    async def looked_at(plan: OrderPlan) -> SendOutcome:
        with raw_connection(path) as connection:
            rows = connection.execute("SELECT body FROM beads ORDER BY seq").fetchall()
        scene.notes["on disk"] = [bytes(body) for (body,) in rows]
        return await place(plan)

    scene.world.broker.place = looked_at  # type: ignore[method-assign]


@then("the file then held T2_TOKEN(USED), ORDER(PREPARED) and POSITION(SUBMITTED)")
def held_the_claim(scene: Scene) -> None:
    stored = [sealed.body for sealed in scene.world.container.store().read()]
    on_disk: list[bytes] = scene.notes["on disk"]
    assert on_disk == stored[: len(on_disk)]
    words = (b'"event":"USED"', b'"event":"PREPARED"', b'"state":"SUBMITTED"')
    assert [word in body for word, body in zip(words, on_disk[-3:], strict=True)] == [True] * 3, on_disk[-3:]


@given(parsers.re(r"a disk that is full when the (?P<what>kill flag|execution) should be recorded"))
def full_disk_for(scene: Scene, what: str) -> None:
    kind = {"kill flag": KillFlagPayload, "execution": ExecutionPayload}[what]

    def fail(beads: Sequence[Bead]) -> None:
        if not scene.notes.get("disk has room") and any(isinstance(bead.payload, kind) for bead in beads):
            raise StoreUnavailable("the disk is full; nothing was stored. Free some space on the disk")

    prepare_watched(scene, before=fail)


@given("the entry could not be submitted")
def could_not_be_submitted(scene: Scene) -> None:
    with pytest.raises(StoreUnavailable):
        scene.world.submit(scene.intent())


@given("the trader tried to buy 1000000 GBPUSD")
def tried_to_buy(scene: Scene) -> None:
    buys(scene)
    assert isinstance(scene.take_refusal(), StoreUnavailable)


# --- tampering ------------------------------------------------------------------------------------------------------


@when(parsers.re(r"somebody changes one bit in the (?P<part>body|previous hash|hash) of (?P<bead>.+)"))
def changes_one_bit(scene: Scene, journal: Path, part: str, bead: str) -> None:
    column, seq = COLUMNS[part], _seq_of(scene, bead)

    def flip(connection: sqlite3.Connection) -> None:
        (content,) = connection.execute(f"SELECT {column} FROM beads WHERE seq = ?", (seq,)).fetchone()
        middle = len(content) // 2
        changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
        connection.execute(f"UPDATE beads SET {column} = ? WHERE seq = ?", (changed, seq))

    _tamper(scene, journal, flip)


@when("somebody removes bead 13")
def removes(scene: Scene, journal: Path) -> None:
    _tamper(scene, journal, lambda connection: connection.execute("DELETE FROM beads WHERE seq = 13"))


@when("somebody swaps beads 13 and 14")
def swaps(scene: Scene, journal: Path) -> None:
    def swap(connection: sqlite3.Connection) -> None:
        for before, after in ((13, -1), (14, 13), (-1, 14)):
            connection.execute("UPDATE beads SET seq = ? WHERE seq = ?", (after, before))

    _tamper(scene, journal, swap)


@when("somebody rewrites bead 13 and hashes it anew")
def rewrites(scene: Scene, journal: Path) -> None:
    def rewrite(connection: sqlite3.Connection) -> None:
        body, prev_hash = connection.execute("SELECT body, prev_hash FROM beads WHERE seq = 13").fetchone()
        body = body.replace(b"09:30:00", b"09:31:00")
        bead_hash = sha256(prev_hash + body).digest()
        connection.execute("UPDATE beads SET body = ?, bead_hash = ? WHERE seq = 13", (body, bead_hash))

    _tamper(scene, journal, rewrite)


@when("somebody tells the index of another token than bead 16 used")
def changes_index(scene: Scene, journal: Path) -> None:
    change = "UPDATE bead_keys SET value = 'another' WHERE kind = 'token_end'"
    _tamper(scene, journal, lambda connection: connection.execute(change))


@when(parsers.re(r"somebody tries to (?P<deed>change|remove|fork) bead 13 in the database"))
def tries_in_database(scene: Scene, journal: Path, deed: str) -> None:
    statement = {
        "change": "UPDATE beads SET body = x'7b7d' WHERE seq = 13",
        "remove": "DELETE FROM beads WHERE seq = 13",
        "fork": "INSERT INTO beads SELECT 1 + max(seq), 'fork', 'ALERT', NULL, (SELECT prev_hash FROM beads WHERE "
        "seq = 13), zeroblob(32), x'7b7d' FROM beads",
    }[deed]
    with raw_connection(journal) as connection, pytest.raises(sqlite3.DatabaseError) as refused:
        connection.execute(statement)
    scene.notes["refused by the database"] = refused.value


@when("somebody changes a byte of bead 14 and Phoenix is started again")
def started_on_changed(scene: Scene, journal: Path) -> None:
    copy = _copy(journal)
    with raw_connection(copy) as connection:
        guard = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'beads_no_update'").fetchone()[0]
        connection.execute("DROP TRIGGER beads_no_update")
        connection.execute("UPDATE beads SET body = CAST(replace(body, 'ISSUED', 'ISSUEE') AS BLOB) WHERE seq = 14")
        connection.execute(guard)
    with pytest.raises(StoreCorrupt) as refused:
        SqliteStore.open(copy, Fold(EMPTY, evolve), ClaimOffice())
    scene.notes["start"] = str(refused.value)


# --- what is found --------------------------------------------------------------------------------------------------


@then("the journal verifies from its first bead to its last")
def verifies(scene: Scene) -> None:
    store = scene.world.container.store()
    found = store.verify()
    assert found.ok, found
    assert found.checked == store.head().seq > 20


@then(phrase("the verification names bead {seq:d}"))
def names_bead(scene: Scene, seq: int) -> None:
    found: Verification = scene.notes["found"]
    assert found.first_bad_seq == seq, found
    assert found.problem


@then(parsers.re(r"the verification names (?P<bead>the .+)"))
def names_that_bead(scene: Scene, bead: str) -> None:
    names_bead(scene, _seq_of(scene, bead))


@then("the database refuses it")
def database_refuses(scene: Scene) -> None:
    assert isinstance(scene.notes["refused by the database"], sqlite3.IntegrityError)


@then("the start is refused, naming bead 14")
def start_refused(scene: Scene) -> None:
    assert "bead 14" in scene.notes["start"], scene.notes["start"]


def _seq_of(scene: Scene, bead: str) -> int:
    """The place of `the first bead`, `the last bead` or the first bead of a type."""
    sealed = list(scene.world.container.store().read())
    if bead == "the last bead":
        return sealed[-1].seq
    kind = bead.removeprefix("the first ").removesuffix("bead").strip()
    return next(one.seq for one in sealed if not kind or one.bead.payload.bead_type.value == kind)


def _copy(journal: Path) -> Path:
    """A copy that can be spoiled; the scenario's own journal stays sound."""
    copy = journal.with_name("copy.db")
    for suffix in ("", "-wal"):
        whole = Path(f"{journal}{suffix}")
        if whole.exists():
            shutil.copy(whole, f"{copy}{suffix}")
    return copy


def _tamper(scene: Scene, journal: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    """Open a copy, spoil it behind the store's back, and have it verified."""
    with _opened(_copy(journal)) as (store, connection):
        drop_guards(connection)
        change(connection)
        scene.notes["found"] = store.verify()


@contextmanager
def _opened(path: Path) -> Iterator[tuple[SqliteStore[object], sqlite3.Connection]]:
    store: SqliteStore[object] = SqliteStore.open(path, Fold(None, lambda state, _: state), ClaimOffice())
    try:
        with raw_connection(path) as connection:
            yield store, connection
    finally:
        store.close()
