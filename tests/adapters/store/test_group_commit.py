"""Group commit: every unit is settled once, in order, and nobody waits for a leader who never comes."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from typing import Any

import pytest

from phoenix.adapters.store.chain import GENESIS
from phoenix.adapters.store.group_commit import BATCH_MAX, WOKEN_AT_ONCE, Fetch, GroupCommit, Unit
from phoenix.ports.errors import StoreUnavailable
from phoenix.ports.store import Committed, Proposal, View


def answer(number: int) -> Proposal[int]:
    return Proposal((), number)


def settle(fetch: Fetch[None]) -> int:
    batch = fetch()
    for unit in batch:
        unit.committed = Committed(unit.work(VIEW).result, ())
    return len(batch)


VIEW: View[Any] = View(None, None, GENESIS)  # type: ignore[arg-type]


def test_everybody_gets_the_answer_to_their_own_work() -> None:
    group: GroupCommit[None] = GroupCommit(lambda fetch: void(settle(fetch)))
    with ThreadPoolExecutor(16) as pool:
        results = pool.map(lambda number: group.submit(lambda _: answer(number)).result, range(400))
    assert list(results) == list(range(400))


def void(_: object) -> None:
    return None


def test_a_batch_is_bounded_and_the_rest_is_served_next() -> None:
    sizes: list[int] = []
    more = BATCH_MAX + 20
    with ThreadPoolExecutor(more) as pool:

        def carry_out(fetch: Fetch[None]) -> None:
            while not sizes and group.waiting < more + 1:
                os.sched_yield()
            sizes.append(settle(fetch))

        group: GroupCommit[None] = GroupCommit(carry_out)
        results = [pool.submit(group.submit, lambda _: answer(1)) for _ in range(more)]
        group.submit(lambda _: answer(1))
        assert all(result.result().result == 1 for result in results)
    assert sizes == [BATCH_MAX, 21]


def test_an_interrupted_commit_leaves_nobody_waiting_and_claims_nothing() -> None:
    interrupted: list[int] = []
    with ThreadPoolExecutor(3) as pool:

        def carry_out(fetch: Fetch[None]) -> None:
            if not interrupted:
                while group.waiting < 4:
                    os.sched_yield()
                interrupted.append(len(fetch()))
                raise KeyboardInterrupt
            settle(fetch)

        group: GroupCommit[None] = GroupCommit(carry_out)
        others = [pool.submit(submit_or_interrupt, group) for _ in range(3)]
        outcomes = [submit_or_interrupt(group), *(other.result() for other in others)]
    assert sorted(outcomes) == ["interrupted", "not known", "not known", "not known"]
    assert group.submit(lambda _: answer(5)).result == 5


def submit_or_interrupt(group: GroupCommit[None]) -> str:
    try:
        group.submit(lambda _: answer(1))
    except KeyboardInterrupt:
        return "interrupted"
    except StoreUnavailable as error:
        return "not known" if "whether it was stored is not known" in str(error) else "stored or not"
    return "stored"


def test_an_interruption_before_the_batch_is_fetched_settles_those_who_wait() -> None:
    def carry_out(fetch: Fetch[None]) -> None:
        raise KeyboardInterrupt

    group: GroupCommit[None] = GroupCommit(carry_out)
    with pytest.raises(KeyboardInterrupt):
        group.submit(lambda _: answer(1))
    assert group.waiting == 0


@pytest.mark.parametrize("moment", ["before the batch", "in the batch", "behind the batch"])
def test_an_interrupted_thread_still_has_the_others_woken(moment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every thread is to wake another; the first ones are interrupted instead, at each moment of a unit's life."""
    patient = 3 * WOKEN_AT_ONCE
    reached: set[str] = set()
    wait, wake = Unit.wait, Unit.wake

    def wait_or_be_interrupted(unit: Unit[None]) -> None:
        if unit.work(VIEW).result < 0:
            while moment not in reached:
                os.sched_yield()
            reached.add("interrupted")
            raise KeyboardInterrupt
        wait(unit)

    def wake_later(unit: Unit[None]) -> None:
        reached.add("behind the batch")
        while "interrupted" not in reached:
            os.sched_yield()
        wake(unit)

    def carry_out(fetch: Fetch[None]) -> None:
        if not reached:
            while group.waiting < 1 + WOKEN_AT_ONCE + patient:
                os.sched_yield()
            reached.add("before the batch")
            while moment == "before the batch" and group.waiting > 1 + patient:
                os.sched_yield()
        batch = fetch()
        settle(lambda: batch)
        reached.add("in the batch")
        while moment == "in the batch" and sum(unit.is_abandoned for unit in batch) < WOKEN_AT_ONCE:
            os.sched_yield()

    monkeypatch.setattr(Unit, "wait", wait_or_be_interrupted)
    monkeypatch.setattr(Unit, "wake", wake_later)
    group: GroupCommit[None] = GroupCommit(carry_out)
    numbers = [0, *range(-WOKEN_AT_ONCE, 0), *range(1, 1 + patient)]
    outcomes: dict[int, object] = {}
    threads = [in_line(group, number, outcomes) for number in numbers]
    for thread in threads:
        thread.join(timeout=2)
    assert outcomes == {number: number if number >= 0 else "interrupted" for number in numbers}
    assert group.waiting == 0


def in_line(group: GroupCommit[None], number: int, outcomes: dict[int, object]) -> Thread:
    """A thread that waits behind those that wait already, to be answered its number."""

    def submit() -> None:
        try:
            outcomes[number] = group.submit(lambda _: answer(number)).result
        except KeyboardInterrupt:
            outcomes[number] = "interrupted"

    ahead = group.waiting
    thread = Thread(target=submit, daemon=True)
    thread.start()
    while group.waiting == ahead:
        os.sched_yield()
    return thread
