"""Where values fall on a picture, and the round numbers that its axes name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, floor, log10

_DAY = timedelta(days=1)
_TIME_STEPS = (
    timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3), timedelta(hours=6), timedelta(hours=12), _DAY,
    2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY, 28 * _DAY, 91 * _DAY, 182 * _DAY, 364 * _DAY, 1820 * _DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps [low, high] onto pixels [start, end]; an empty range lands in the middle."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def round_ticks(low: float, high: float, count: int) -> list[float]:
    """About `count` round numbers that enclose [low, high]; at least two."""
    size = max(abs(low), abs(high), 1.0)
    span = high - low if high - low > size * 1e-9 else size / 10
    rough = span / max(count - 1, 1)
    magnitude = 10.0 ** floor(log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough * 0.999)
    first, last = floor(low / step), ceil(high / step)
    return [number * step for number in range(first, max(last, first + 1) + 1)]


def time_ticks(first: datetime, last: datetime, count: int) -> list[datetime]:
    """At most about `count` round instants within [first, last], counted from midnight UTC of the first day."""
    span = last - first
    step = next((step for step in _TIME_STEPS if span / step <= count), _TIME_STEPS[-1])
    tick = first.replace(hour=0, minute=0, second=0, microsecond=0)
    ticks = []
    while tick <= last:
        if tick >= first:
            ticks.append(tick)
        tick += step
    return ticks


def time_label(tick: datetime, span: timedelta) -> str:
    """A label as coarse as the span allows; the year appears on long ones."""
    if span < 2 * _DAY:
        return f"{tick:%H:%M}"
    if span < 400 * _DAY:
        return f"{tick.day} {tick:%b}" if tick.hour == tick.minute == 0 else f"{tick:%H:%M}"
    return f"{tick:%b %Y}"
