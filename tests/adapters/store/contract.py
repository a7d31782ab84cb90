"""What every bead store must do. A backend's test class derives from this and provides the fixture `store`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import GENESIS_HASH, Bead, BeadType
from phoenix.domain.encoding import chain_hash
from phoenix.domain.errors import DomainError, InvalidValue
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import ClaimRefused, StoreConflict, StoreError, StoreUnavailable
from phoenix.ports.store import BeadStore, FoldedProposal, Head, Proposal, View
from tests.adapters.store.beads import (
    NOON,
    Tally,
    alert,
    order_plan,
    prepared,
    proposal,
    signal,
    token_used,
    uuid_of,
)

Store = BeadStore[Tally]


def append(store: Store, *beads: Bead) -> None:
    store.transact(lambda _: proposal(*beads))


class ChainContract:
    def test_a_new_chain_is_empty(self, store: Store) -> None:
        assert store.head() == Head(0, GENESIS_HASH)
        assert store.view().state == Tally()
        assert list(store.read()) == []
        assert store.verify().ok

    def test_beads_are_sealed_one_behind_the_other(self, store: Store) -> None:
        committed = store.transact(lambda _: proposal(signal("a"), signal("b")))
        first, second = committed.sealed
        assert [first.seq, second.seq] == [1, 2]
        assert first.prev_hash == GENESIS_HASH
        assert second.prev_hash == first.bead_hash == chain_hash(GENESIS_HASH, first.body)
        assert store.head() == Head(2, second.bead_hash)
        assert tuple(store.read()) == committed.sealed

    def test_state_is_the_fold_of_all_beads(self, store: Store) -> None:
        append(store, signal("a"))
        append(store, signal("b"), signal("c"))
        assert store.view().state.bead_ids == tuple(uuid_of(f"bead {name}") for name in "abc")

    def test_a_state_that_the_work_has_folded_is_not_folded_again(self, store: Store) -> None:
        marked = Tally(1, ("folded by the work",))
        store.transact(lambda _: FoldedProposal((signal("a"),), None, marked))
        assert store.view().state == marked
        append(store, signal("b"))
        assert store.view().state.bead_ids == ("folded by the work", signal("b").bead_id)
        assert [item.bead for item in store.read()] == [signal("a"), signal("b")]

    def test_a_unit_of_work_sees_what_the_one_before_it_left(self, store: Store) -> None:
        append(store, signal("a"))
        assert store.transact(lambda view: Proposal((), view.state.count)).result == 1

    def test_an_empty_proposal_answers_and_adds_nothing(self, store: Store) -> None:
        committed = store.transact(lambda _: Proposal((), "seen"))
        assert (committed.result, committed.sealed) == ("seen", ())
        assert store.head().seq == 0

    def test_reading_starts_behind_a_place_and_stops_at_a_limit(self, store: Store) -> None:
        append(store, *(signal(name) for name in "abcd"))
        assert [item.seq for item in store.read(after_seq=1, limit=2)] == [2, 3]
        assert [item.seq for item in store.read(after_seq=3)] == [4]

    def test_beads_of_some_types_are_read_in_order(self, store: Store) -> None:
        append(store, signal("a"), alert("b"), token_used("I", "T"), signal("c"), alert("d"))
        found = store.read_of({BeadType.SIGNAL, BeadType.T2_TOKEN})
        assert [item.seq for item in found] == [1, 3, 4]
        assert [item.seq for item in store.read_of({BeadType.ALERT}, after_seq=2)] == [5]
        assert list(store.read_of(())) == []

    def test_the_story_of_a_position_is_read_in_order(self, store: Store) -> None:
        append(store, alert("a", "P1"), alert("b", "P2"), signal("c"), alert("d", "P1"))
        assert [item.seq for item in store.read_story("P1")] == [1, 4]
        assert list(store.read_story("P3")) == []

    def test_a_closed_store_refuses_everything(self, store: Store) -> None:
        store.close()
        for ask in (lambda: append(store, signal("a")), store.view, store.head):
            with pytest.raises(StoreUnavailable, match="closed"):
                ask()


class AtomicityContract:
    def test_what_the_work_raises_passes_through_and_leaves_nothing(self, store: Store) -> None:
        def work(view: View[Tally]) -> Proposal[None]:
            raise LookupError("no such position")

        with pytest.raises(LookupError, match="no such position"):
            store.transact(work)
        assert store.head().seq == 0

    def test_a_bead_that_the_fold_refuses_is_not_stored(self, store: Store) -> None:
        with pytest.raises(DomainError, match="contradicts"):
            append(store, signal("a"), alert("b", kind="UNFOLDABLE"))
        assert store.head().seq == 0
        append(store, signal("a"))
        assert store.view().state.count == 1

    def test_a_bead_that_cannot_be_encoded_is_not_stored(self, store: Store) -> None:
        naive = replace(signal("b"), timestamp=NOON.replace(tzinfo=None))
        with pytest.raises(InvalidValue, match="no offset"):
            append(store, signal("a"), naive)
        assert store.head().seq == 0

    def test_a_unit_of_work_may_not_start_another(self, store: Store) -> None:
        def work(view: View[Tally]) -> Proposal[None]:
            append(store, signal("inner"))
            return proposal(signal("outer"))

        with pytest.raises(StoreError, match="may not start another"):
            store.transact(work)
        assert store.head().seq == 0


class UniquenessContract:
    @pytest.mark.parametrize(
        ("first", "second", "kind", "value"),
        [
            (signal("a"), replace(signal("a"), bead_id=uuid_of("other")), "signal", "a"),
            (token_used("I1", "T1"), token_used("I2", "T1"), "token_end", "T1"),
            (prepared("I1", "T1"), prepared("I1", "T2"), "attempt", "I1"),
            (alert("a"), alert("a"), "bead_id", uuid_of("bead a")),
        ],
        ids=["signal", "token end", "attempt", "bead id"],
    )
    def test_a_name_is_taken_once(self, store: Store, first: Bead, second: Bead, kind: str, value: str) -> None:
        append(store, first)
        with pytest.raises(StoreConflict) as conflict:
            append(store, alert("before"), second, alert("behind"))
        assert (conflict.value.kind, conflict.value.value) == (kind, value)
        assert store.head().seq == 1
        assert store.view().state.count == 1

    def test_a_name_is_taken_once_within_a_unit_of_work_too(self, store: Store) -> None:
        with pytest.raises(StoreConflict, match="token_end T1"):
            append(store, token_used("I1", "T1", "one"), token_used("I1", "T1", "two"))
        with pytest.raises(StoreConflict, match="bead_id"):
            append(store, alert("a"), alert("a"))
        assert store.head().seq == 0

    def test_after_a_conflict_the_store_goes_on(self, store: Store) -> None:
        append(store, signal("a"))
        with pytest.raises(StoreConflict):
            append(store, signal("a"))
        append(store, signal("b"))
        assert store.verify().ok
        assert store.head().seq == 2


class LookupContract:
    def test_a_bead_is_found_by_its_key(self, store: Store) -> None:
        append(store, signal("a"), prepared("I1", "T1"))
        lookup = store.view().lookup
        assert lookup.find(Key("signal", "a")) == signal("a")
        assert lookup.find(Key("attempt", "I1")) == prepared("I1", "T1")
        assert lookup.find(Key("reference", order_plan("I1").legs[2].reference)) == prepared("I1", "T1")
        assert lookup.find(Key("signal", "b")) is None
        assert lookup.find(Key("intent", "a")) is None

    def test_a_story_is_every_bead_of_one_position_in_order(self, store: Store) -> None:
        append(store, alert("a", "P1"), alert("b", "P2"))
        append(store, alert("c"), alert("d", "P1"))
        lookup = store.view().lookup
        assert list(lookup.story("P1")) == [alert("a", "P1"), alert("d", "P1")]
        assert list(lookup.story("P3")) == []

    def test_a_view_does_not_see_what_came_after_it(self, store: Store) -> None:
        append(store, alert("a", "P1"))
        view = store.view()
        append(store, signal("late"), alert("b", "P1"))
        assert view.state.count == 1
        assert view.lookup.find(Key("signal", "late")) is None
        assert list(view.lookup.story("P1")) == [alert("a", "P1")]

    def test_a_unit_of_work_looks_up_what_is_committed(self, store: Store) -> None:
        append(store, signal("a"))
        found = store.transact(lambda view: Proposal((signal("b"),), view.lookup.find(Key("signal", "a"))))
        assert found.result == signal("a")


class ClaimContract:
    def test_a_token_used_with_its_order_yields_a_claim_for_exactly_that_order(
        self, store: Store, office: ClaimOffice
    ) -> None:
        plan = order_plan("I1")
        append(store, token_used("I1", "T1"), prepared("I1", "T1"))
        claim = office.claim_for(plan.order_group_id)
        assert claim is not None
        assert (claim.token_id, claim.intent_id, claim.order_hash) == ("T1", "I1", plan.order_hash())
        assert claim.committed_seq == 2
        assert office.redeem(claim, plan) is claim
        with pytest.raises(ClaimRefused):
            office.redeem(claim, plan)

    @pytest.mark.parametrize(
        "beads",
        [
            (token_used("I1", "T1"),),
            (prepared("I1", "T1"),),
            (token_used("I2", "T1"), prepared("I1", "T1")),
            (token_used("I1", "T2"), prepared("I1", "T1")),
        ],
        ids=["no order", "no use", "another intent's use", "another token's use"],
    )
    def test_one_without_the_other_yields_none(
        self, store: Store, office: ClaimOffice, beads: tuple[Bead, ...]
    ) -> None:
        append(store, *beads)
        assert office.claim_for(order_plan("I1").order_group_id) is None

    def test_nothing_stored_yields_no_claim(self, store: Store, office: ClaimOffice) -> None:
        append(store, token_used("I1", "T1"))
        with pytest.raises(StoreConflict):
            append(store, token_used("I1", "T1", "again"), prepared("I1", "T1"))
        assert office.claim_for(order_plan("I1").order_group_id) is None


class ThreadContract:
    THREADS = 8

    def in_threads(self, count: int, call: Callable[[int], object]) -> list[object]:
        with ThreadPoolExecutor(self.THREADS) as pool:
            return list(pool.map(call, range(count)))

    def test_units_of_work_happen_one_after_another(self, store: Store) -> None:
        def count_and_append(number: int) -> int:
            return store.transact(lambda view: Proposal((signal(str(number)),), view.state.count)).result

        seen = self.in_threads(64, count_and_append)
        assert sorted(map(int, map(str, seen))) == list(range(64))
        assert store.verify().ok
        assert store.view().state.count == 64

    def test_a_token_has_one_winner(self, store: Store, office: ClaimOffice) -> None:
        def claim(number: int) -> str:
            try:
                append(store, token_used("I1", "T1", f"use {number}"), prepared("I1", "T1", f"order {number}"))
            except StoreConflict as conflict:
                return conflict.kind
            return "won"

        outcomes = self.in_threads(16, claim)
        assert outcomes.count("won") == 1
        assert outcomes.count("token_end") == 15
        assert store.head().seq == 2

    def test_a_failing_unit_of_work_harms_no_other(self, store: Store) -> None:
        append(store, signal("taken"))

        def attempt(number: int) -> str:
            if number % 3 == 0:
                with pytest.raises(StoreConflict):
                    append(store, alert(f"lost {number}"), signal("taken"))
                return "conflict"
            if number % 3 == 1:
                with pytest.raises(DomainError):
                    append(store, alert(f"odd {number}", kind="UNFOLDABLE"))
                return "refused"
            append(store, signal(f"kept {number}"))
            return "kept"

        outcomes = self.in_threads(60, attempt)
        assert store.head().seq == 1 + outcomes.count("kept") == 21
        assert store.verify().ok


class StoreContract(
    ChainContract, AtomicityContract, UniquenessContract, LookupContract, ClaimContract, ThreadContract
):
    """The whole contract."""
