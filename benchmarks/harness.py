"""Paired measurements: both sides alternate, so that a busy machine or disk slows them alike.

A benchmark module defines functions decorated with `benchmark`; they return one `Measurement` or several. The result of
a block is a ratio of the two sides in that block; the result of a benchmark is the median over its blocks.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import TypeAlias

BLOCKS = 7
Side: TypeAlias = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure against its goal. `goal` is the highest ratio allowed, or the lowest where `at_least` is set.

    Where memory is measured the figure is no ratio, but what the row says; `unit` is that of both sides.
    """

    id: str
    what: str
    ratio: float
    goal: float | None
    subject: float
    floor: float
    at_least: bool = False
    unit: str = "µs"

    @property
    def is_met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal


@dataclass(frozen=True, slots=True)
class Timing:
    """Microseconds on the clock on the wall and of the processor, for each operation of one side."""

    wall_us: tuple[float, ...]
    cpu_us: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Both sides of every block."""

    subject: tuple[Timing, ...]
    floor: tuple[Timing, ...]

    def wall(self, percentile: float = 0.5) -> tuple[float, float, float]:
        """The median ratio over the blocks, and both sides' medians in microseconds, at a percentile of each block."""
        return self._compare(lambda timing: _percentile(timing.wall_us, percentile))

    def cpu(self) -> tuple[float, float, float]:
        """As `wall`, for the mean processor time of an operation."""
        return self._compare(lambda timing: sum(timing.cpu_us) / len(timing.cpu_us))

    def _compare(self, figure: Callable[[Timing], float]) -> tuple[float, float, float]:
        subject, floor = [figure(timing) for timing in self.subject], [figure(timing) for timing in self.floor]
        ratios = [one / other for one, other in zip(subject, floor, strict=True)]
        return median(ratios), median(subject), median(floor)


Benchmark: TypeAlias = Callable[[], Sequence[Measurement]]
REGISTRY: dict[str, Benchmark] = {}


def benchmark(name: str) -> Callable[[Benchmark], Benchmark]:
    """Register a benchmark under its number in the table of goals, such as P3."""

    def register(function: Benchmark) -> Benchmark:
        REGISTRY[name] = function
        return function

    return register


def _nothing() -> None:
    pass


def paired(subject: Side, floor: Side, operations: int, blocks: int = BLOCKS, *, before: Side = _nothing) -> Pair:
    """Both sides timed operation by operation, in turns, after one untimed turn each.

    `before` makes ready what every turn of the subject needs; it is not timed.
    """
    before()
    subject()
    floor()
    gc.collect()
    gc.freeze()  # what was prepared beforehand is not the measured side's to sweep
    timed = [_block(subject, floor, operations, before) for _ in range(blocks)]
    gc.unfreeze()
    return Pair(tuple(one for one, _ in timed), tuple(other for _, other in timed))


def measured(
    id_: str, what: str, figures: tuple[float, float, float], goal: float | None, at_least: bool = False
) -> Measurement:
    """The measurement of a ratio and both sides' microseconds, as `Pair` gives them."""
    ratio, subject_us, floor_us = figures
    return Measurement(id_, what, ratio, goal, subject_us, floor_us, at_least)


def _block(subject: Side, floor: Side, operations: int, before: Side) -> tuple[Timing, Timing]:
    sides: tuple[tuple[Side, list[float], list[float]], ...] = ((subject, [], []), (floor, [], []))
    for _ in range(operations):
        before()
        for side, wall_us, cpu_us in sides:
            wall_ns, cpu_ns = time.perf_counter_ns(), time.process_time_ns()
            side()
            cpu_us.append((time.process_time_ns() - cpu_ns) / 1000)
            wall_us.append((time.perf_counter_ns() - wall_ns) / 1000)
    one, other = (Timing(tuple(wall_us), tuple(cpu_us)) for _, wall_us, cpu_us in sides)
    return one, other


def _percentile(values: Sequence[float], percentile: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percentile))]
