"""Group commit: every unit is settled once, in order, and nobody waits for a leader who never comes."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from phoenix.adapters.store.chain import GENESIS
from phoenix.adapters.store.group_commit import BATCH_MAX, Fetch, GroupCommit
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
