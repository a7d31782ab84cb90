"""The store in a SQLite file keeps the contract, and keeps it over a restart and beside other processes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.catalogue import Key
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreConflict, StoreCorrupt, StoreError
from phoenix.ports.store import Lookup, Proposal, View
from tests.adapters.store.beads import TALLY, Tally, alert, order_plan, prepared, proposal, signal, token_used
from tests.adapters.store.contract import StoreContract, append


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, sqlite_store: SqliteStore[Tally]) -> SqliteStore[Tally]:
        return sqlite_store


def test_what_was_stored_is_there_after_a_restart(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"), prepared("I1", "T1"), alert("b", "P1"))
    before = (sqlite_store.view().state, list(sqlite_store.read()))
    sqlite_store.close()
    again = SqliteStore.open(path, TALLY, ClaimOffice())
    assert (again.view().state, list(again.read())) == before
    again.close()


def test_a_restart_issues_no_claims(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, token_used("I1", "T1"), prepared("I1", "T1"))
    office = ClaimOffice()
    again = SqliteStore.open(path, TALLY, office)
    assert again.view().state.count == 2
    assert office.claim_for(order_plan("I1").order_group_id) is None
    again.close()


def test_beads_of_another_process_are_folded_before_the_next_unit_of_work(
    sqlite_store: SqliteStore[Tally], path: Path
) -> None:
    office = ClaimOffice()
    other = SqliteStore.open(path, TALLY, office)
    append(sqlite_store, signal("a"), token_used("I1", "T1"), prepared("I1", "T1"))
    assert other.view().state.count == 3
    append(sqlite_store, signal("b"))
    seen = other.transact(
        lambda view: Proposal((signal("c"),), (view.state.count, view.lookup.find(Key("signal", "b"))))
    )
    assert seen.result == (4, signal("b"))
    assert sqlite_store.view().state == other.view().state
    assert office.claim_for(order_plan("I1").order_group_id) is None
    other.close()


def test_a_key_taken_by_another_process_conflicts(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    other = SqliteStore.open(path, TALLY, ClaimOffice())
    append(other, token_used("I1", "T1"))
    with pytest.raises(StoreConflict, match="token_end T1"):
        append(sqlite_store, token_used("I1", "T1", "again"), prepared("I1", "T1"))
    other.close()


def test_nothing_is_written_for_an_empty_proposal(sqlite_store: SqliteStore[Tally]) -> None:
    statements: list[str] = []
    sqlite_store._writer._connection.set_trace_callback(statements.append)  # type: ignore[attr-defined]
    sqlite_store.transact(lambda _: proposal())
    assert "COMMIT" not in statements
    assert "ROLLBACK" in statements


def test_a_lookup_ends_with_its_unit_of_work(sqlite_store: SqliteStore[Tally]) -> None:
    kept: list[Lookup] = []

    def work(view: View[Tally]) -> Proposal[None]:
        kept.append(view.lookup)
        return proposal()

    sqlite_store.transact(work)
    with pytest.raises(StoreError, match="is over"):
        kept[0].find(Key("signal", "a"))


def test_a_chain_that_became_another_is_refused(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    append(sqlite_store, signal("a"), signal("b"))
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DROP TRIGGER beads_no_delete")
    raw.execute("DELETE FROM beads WHERE seq = 2")
    raw.close()
    with pytest.raises(StoreCorrupt, match="ends at bead 1, but this process has seen another end at bead 2"):
        append(sqlite_store, signal("c"))
    with pytest.raises(StoreCorrupt):
        sqlite_store.view()


def test_a_bead_that_contradicts_the_fold_stops_the_opening(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    def lenient(tally: Tally, _: object) -> Tally:
        return tally

    sqlite_store.close()
    other = SqliteStore.open(path, type(TALLY)(Tally(), lenient), ClaimOffice())
    append(other, signal("a"), alert("b", kind="UNFOLDABLE"))
    other.close()
    with pytest.raises(StoreCorrupt, match="bead 2 contradicts those before it"):
        SqliteStore.open(path, TALLY, ClaimOffice())
