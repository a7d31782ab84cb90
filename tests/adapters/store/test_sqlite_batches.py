"""Units of work that wait together share one commit, and yet each stands alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any

import pytest

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.errors import DomainError
from phoenix.ports.errors import StoreConflict, StoreUnavailable
from phoenix.ports.store import Proposal, View
from tests.adapters.store.beads import Tally, alert, proposal, signal, token_used
from tests.adapters.store.contract import append

Work = Callable[[View[Tally]], Proposal[Any]]


def in_one_batch(store: SqliteStore[Tally], works: Sequence[Work]) -> list[object]:
    """What became of each work, in their order: its result, or the error that it or its commit raised."""
    outcomes: list[object] = [None] * len(works)

    def carry_out(number: int) -> None:
        try:
            outcomes[number] = store.transact(works[number]).result
        except (DomainError, StoreConflict, StoreUnavailable) as error:
            outcomes[number] = error

    threads = [Thread(target=carry_out, args=(number,)) for number in range(len(works))]

    def hold_until_all_wait(_: View[Tally]) -> Proposal[None]:
        for number, thread in enumerate(threads):
            thread.start()
            while store._group.waiting <= number:
                os.sched_yield()
        return proposal()

    store.transact(hold_until_all_wait)
    for thread in threads:
        thread.join()
    return outcomes


def adding(*beads: Bead) -> Work:
    return lambda _: proposal(*beads)


def traced(store: SqliteStore[Tally]) -> list[str]:
    """The statements that the store's writer executes from now on."""
    statements: list[str] = []
    store._writer._connection.set_trace_callback(statements.append)  # type: ignore[attr-defined]
    return statements


def test_units_that_wait_share_one_commit(sqlite_store: SqliteStore[Tally]) -> None:
    statements = traced(sqlite_store)
    in_one_batch(sqlite_store, [adding(signal(str(number))) for number in range(10)])
    assert statements.count("COMMIT") == 1
    assert sqlite_store.verify().checked == 10


def test_a_unit_sees_what_those_before_it_in_the_batch_add(sqlite_store: SqliteStore[Tally]) -> None:
    def look(number: int) -> Work:
        def work(view: View[Tally]) -> Proposal[object]:
            found = [view.lookup.find(Key("signal", str(one))) for one in range(4)]
            seen = (view.state.count, found, list(view.lookup.story("P1")))
            return Proposal((signal(str(number)), alert(f"alert {number}", "P1")), seen)

        return work

    append(sqlite_store, alert("stored", "P1"))
    assert in_one_batch(sqlite_store, [look(number) for number in range(4)]) == [
        (
            1 + 2 * number,
            [signal(str(one)) if one < number else None for one in range(4)],
            [alert("stored", "P1"), *(alert(f"alert {one}", "P1") for one in range(number))],
        )
        for number in range(4)
    ]


def test_a_taken_name_costs_only_the_unit_that_wants_it(sqlite_store: SqliteStore[Tally]) -> None:
    append(sqlite_store, signal("taken"))
    statements = traced(sqlite_store)
    works = [adding(signal("a")), adding(alert("lost"), signal("taken")), adding(signal("b"))]
    _, conflict, _ = in_one_batch(sqlite_store, works)
    assert isinstance(conflict, StoreConflict)
    assert (conflict.kind, conflict.value) == ("signal", "taken")
    assert statements.count("COMMIT") == 1
    assert [item.bead for item in sqlite_store.read()] == [signal("taken"), signal("a"), signal("b")]
    assert sqlite_store.view().state.count == 3


@pytest.mark.parametrize(
    ("winner", "loser"),
    [(token_used("I1", "T1", "one"), token_used("I1", "T1", "two")), (alert("a"), alert("a"))],
    ids=["key", "bead id"],
)
def test_of_two_units_in_a_batch_the_first_has_the_name(
    sqlite_store: SqliteStore[Tally], winner: Bead, loser: Bead
) -> None:
    outcomes = in_one_batch(sqlite_store, [adding(winner), adding(loser), adding(signal("other"))])
    assert [type(outcome) for outcome in outcomes] == [type(None), StoreConflict, type(None)]
    assert [item.bead for item in sqlite_store.read()] == [winner, signal("other")]


def test_no_outcome_rests_on_beads_that_a_conflict_undid(sqlite_store: SqliteStore[Tally]) -> None:
    def unless_seen(view: View[Tally]) -> Proposal[int]:
        if view.lookup.find(Key("signal", "undone")) is not None:
            raise DomainError("the signal is there already")
        return Proposal((signal("kept"),), view.state.count)

    append(sqlite_store, signal("taken"))
    outcomes = in_one_batch(sqlite_store, [adding(signal("undone"), signal("taken")), unless_seen])
    assert outcomes[1] == 1
    assert [item.bead for item in sqlite_store.read()] == [signal("taken"), signal("kept")]


def test_what_a_unit_raises_costs_no_other(sqlite_store: SqliteStore[Tally]) -> None:
    def refuse(_: View[Tally]) -> Proposal[None]:
        raise DomainError("refused")

    append(sqlite_store, signal("taken"))
    outcomes = in_one_batch(sqlite_store, [adding(signal("a")), refuse, adding(signal("taken")), adding(signal("b"))])
    assert [type(outcome) for outcome in outcomes] == [type(None), DomainError, StoreConflict, type(None)]
    assert sqlite_store.head().seq == 3


def test_a_batch_that_cannot_be_run_again_is_unavailable_to_all(
    sqlite_store: SqliteStore[Tally], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse_what_was_undone(view: View[Tally]) -> Proposal[None]:
        raise DomainError("the state had a bead that was undone")

    append(sqlite_store, signal("taken"))
    begin = sqlite_store._writer.begin
    begun: list[bool] = []

    def begin_twice() -> None:
        if len(begun) == 2:
            raise StoreUnavailable("another process holds the store")
        begun.append(True)
        begin()

    monkeypatch.setattr(sqlite_store._writer, "begin", begin_twice)
    outcomes = in_one_batch(sqlite_store, [adding(signal("taken")), refuse_what_was_undone])
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable, StoreUnavailable]
    assert len(begun) == 2
    assert sqlite_store.head().seq == 1
