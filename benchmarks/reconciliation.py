"""P6: the comparison of two books of 10,000 positions, against a bare join of two dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from benchmarks.harness import Measurement, Side, benchmark, measured, paired
from phoenix.domain.reconciliation.books import Book
from phoenix.domain.reconciliation.compare import compare

POSITIONS = 10_000
FEWER = 1_000
ONE_IN = 100
OPERATIONS = 20

Nets = Mapping[str, Decimal]


@benchmark("P6")
def comparison() -> Sequence[Measurement]:
    """Typed differences of two books with an instrument for each position, one in a hundred of which differs."""
    mine = _nets(POSITIONS)
    few, every = _apart(mine, ONE_IN), _apart(mine, 1)
    agreeing = _nets(POSITIONS)
    some = paired(_comparing(mine, few), _joining(mine, few), OPERATIONS)
    all_ = paired(_comparing(mine, every), _joining(mine, every), OPERATIONS)
    none = paired(_comparing(mine, agreeing), _joining(mine, agreeing), OPERATIONS)
    smaller = _nets(FEWER)
    scale = paired(
        _comparing(mine, few), _repeated(_comparing(smaller, _apart(smaller, ONE_IN)), POSITIONS // FEWER), OPERATIONS
    )
    return (
        measured("P6", f"{POSITIONS:,} positions, one in {ONE_IN} apart, against a join", some.wall(), 1.5),
        measured("P6 all", "the same, each of them apart", all_.wall(), 1.5),
        measured("P6 scale", f"a position's cost, against one of {FEWER:,}", scale.wall(), 1.5),
        measured("P6 agree", "the same, none of them apart", none.wall(), 0.6),
    )


def _nets(count: int) -> dict[str, Decimal]:
    """Texts and decimals of their own, as two sides that never met would have them."""
    return {f"PAIR{number:06d}": Decimal(1000 * (number % 97 + 1)) for number in range(count)}


def _apart(nets: Nets, one_in: int) -> dict[str, Decimal]:
    return {
        "".join(pair): net + (1000 if number % one_in == 0 else 0) for number, (pair, net) in enumerate(nets.items())
    }


def _comparing(mine: Nets, theirs: Nets) -> Side:
    ours, other = Book(mine, {}), Book(theirs, {})

    def run() -> object:
        return compare(ours, other)

    return run


def _joining(mine: Nets, theirs: Nets) -> Side:
    def run() -> object:
        joined = [(pair, net, theirs.get(pair)) for pair, net in mine.items() if theirs.get(pair) != net]
        return joined + [(pair, None, net) for pair, net in theirs.items() if pair not in mine]

    return run


def _repeated(run: Side, times: int) -> Side:
    def again() -> None:
        for _ in range(times):
            run()

    return again
