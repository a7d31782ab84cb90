"""A process with a broker in a book file that kills itself at a given moment: `python -m ... BOOK MOMENT COUNT`.

Moments: `answering` and `telling`, before and after the COUNT-th message is heard; `deciding` and `writing`, before and
after the COUNT-th time that changes are written, which the commit follows.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from phoenix.adapters.simulation.book_file import keeper
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.walk import WalkFeed, WalkPlan
from tests.adapters.simulation.bench import MINUTE, PAIR, START, Bench, bracket
from tests.adapters.simulation.book_file.files import kept_bench

D = Decimal


def bench_of(book: Path, listens: bool = True) -> Bench:
    feed = WalkFeed(WalkPlan(PAIR, START, D("1.26"), D("0.0003"), D("0.0002"), MINUTE / 4, seed=5))
    return kept_bench(
        book, feed, profile=PROFILES[ChaosMode.ADVERSARIAL], listens=listens, commission_rate=D("0.00002")
    )


def die_at(count: int, after: bool, act: Callable[..., Any]) -> Callable[..., Any]:
    """The act, and the process's death at the count-th time, right after or before it."""
    left = [count]

    def acted(*args: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        outcome = act(*args)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    return acted


def main(book: Path, moment: str, count: int) -> None:
    bench = bench_of(book)
    if moment in ("answering", "telling"):

        def hear(message: Message) -> None:
            names = getattr(message, "ids", None)
            sys.stdout.write(f"{type(message).__name__} {getattr(names, 'permanent_id', '')}\n")
            sys.stdout.flush()

        bench.listener = die_at(count, moment == "telling", hear)
    else:
        setattr(keeper, "write", die_at(count, moment == "writing", getattr(keeper, "write")))  # noqa: B009, B010
    for number in range(40):
        bench.submit(*bracket(first_id=10 * number + 1), at=number)
        bench.run(number + 1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
