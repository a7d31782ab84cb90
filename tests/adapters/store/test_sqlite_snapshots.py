"""A store that starts from a snapshot is the one that folded the whole chain, or it does not start."""

from __future__ import annotations

from pathlib import Path

import pytest

from phoenix.adapters.store.chain import GENESIS
from phoenix.adapters.store.sqlite import SqliteSettings, SqliteStore
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreCorrupt
from phoenix.ports.snapshots import Snapshot
from phoenix.ports.store import Fold, Head
from tests.adapters.store.beads import TALLY, Tally, alert, evolve, signal, uuid_of
from tests.adapters.store.contract import append
from tests.adapters.store.raw import unguarded

NAMES = "abcdefgh"


@pytest.fixture
def snapshots(sqlite_store: SqliteStore[Tally]) -> list[Snapshot[Tally]]:
    """A snapshot at every place of a chain of eight beads."""
    taken = [Snapshot(GENESIS, TALLY.initial)]
    for name in NAMES:
        append(sqlite_store, signal(name))
        view = sqlite_store.view()
        taken.append(Snapshot(view.head, view.state))
    sqlite_store.close()
    return taken


def opened(path: Path, snapshot: Snapshot[Tally] | None, fold: Fold[Tally] = TALLY) -> SqliteStore[Tally]:
    return SqliteStore.open(path, fold, ClaimOffice(), SqliteSettings(), snapshot)


def test_with_and_without_a_snapshot_a_store_is_the_same(path: Path, snapshots: list[Snapshot[Tally]]) -> None:
    for number, snapshot in enumerate(snapshots):
        name = f"later {number}"
        with_it, without_it = opened(path, snapshot), opened(path, None)
        append(with_it, alert(f"alert {number}"), signal(name))
        one, other = with_it.view(), without_it.view()
        assert (one.head, one.state) == (other.head, other.state)
        for key in (Key("signal", "a"), Key("signal", name)):
            assert one.lookup.find(key) == other.lookup.find(key)
            assert one.lookup.find(key) is not None
        assert [item.bead_hash for item in with_it.read()] == [item.bead_hash for item in without_it.read()]
        with_it.close()
        without_it.close()


def test_only_what_stands_behind_a_snapshot_is_folded(path: Path, snapshots: list[Snapshot[Tally]]) -> None:
    folded: list[str] = []

    def told(tally: Tally, bead: Bead) -> Tally:
        folded.append(bead.bead_id)
        return evolve(tally, bead)

    store = opened(path, snapshots[6], Fold(Tally(), told))
    assert folded == [uuid_of("bead g"), uuid_of("bead h")]
    assert store.view().state.count == len(NAMES)
    store.close()


def test_a_chain_that_ends_before_the_snapshot_is_not_opened(path: Path, snapshots: list[Snapshot[Tally]]) -> None:
    with unguarded(path) as connection:
        connection.execute("DELETE FROM bead_keys WHERE seq > 5")
        connection.execute("DELETE FROM beads WHERE seq > 5")
    with pytest.raises(StoreCorrupt, match=r"ends at bead 5.*snapshot.*bead 8: 3 or more beads are gone"):
        opened(path, snapshots[8])


def test_a_tail_that_was_cut_off_and_grew_again_is_not_opened(path: Path, snapshots: list[Snapshot[Tally]]) -> None:
    with unguarded(path) as connection:
        connection.execute("DELETE FROM bead_keys WHERE seq > 5")
        connection.execute("DELETE FROM beads WHERE seq > 5")
    store = opened(path, None)
    append(store, *map(signal, "xyz"))
    append(store, signal("and more"))
    store.close()
    with pytest.raises(StoreCorrupt, match="bead 8 is not the one"):
        opened(path, snapshots[8])


def test_a_changed_bead_in_the_place_of_the_snapshot_is_not_opened(
    path: Path, snapshots: list[Snapshot[Tally]]
) -> None:
    with unguarded(path) as connection:
        connection.execute("UPDATE beads SET body = CAST(replace(CAST(body AS TEXT), 'FVG', 'GVF') AS BLOB)")
    with pytest.raises(StoreCorrupt, match="bead 8"):
        opened(path, snapshots[8])


def test_a_snapshot_of_another_chain_does_not_fit(path: Path, snapshots: list[Snapshot[Tally]]) -> None:
    with pytest.raises(StoreCorrupt, match="bead 4 is not the one"):
        opened(path, Snapshot(Head(4, bytes(32)), snapshots[4].state))


def test_what_is_broken_behind_a_snapshot_stops_the_start(path: Path, snapshots: list[Snapshot[Tally]]) -> None:
    with unguarded(path) as connection:
        connection.execute(
            "UPDATE beads SET body = CAST(replace(CAST(body AS TEXT), 'FVG', 'GVF') AS BLOB) WHERE seq = 7"
        )
    with pytest.raises(StoreCorrupt, match="bead 7"):
        opened(path, snapshots[6])
    opened(path, snapshots[8]).close()


def test_what_is_broken_before_a_snapshot_is_found_by_verification(
    path: Path, snapshots: list[Snapshot[Tally]]
) -> None:
    with unguarded(path) as connection:
        connection.execute(
            "UPDATE beads SET body = CAST(replace(CAST(body AS TEXT), 'FVG', 'GVF') AS BLOB) WHERE seq = 3"
        )
    store = opened(path, snapshots[8])
    assert store.verify(thorough=False).first_bad_seq == 3
    assert store.verify().first_bad_seq == 3
    store.close()
