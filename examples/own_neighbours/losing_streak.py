"""A Signalman of one's own: a strategy that loses so many times in a row has worn out."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from phoenix import Desk, open_home
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.vocabulary import TradeOutcome
from phoenix.ports.decay import DecayReading, DecaySource


class LosingStreak(DecaySource):
    """Says 1, which is worn out, when a streak reaches its length; once for each streak."""

    def __init__(self, losses: int) -> None:
        self._losses = losses
        self._streaks: dict[str, int] = {}
        self._waiting: list[DecayReading] = []

    def observe(self, bead: Bead) -> None:
        autopsy = bead.payload
        if not isinstance(autopsy, AutopsyPayload):
            return
        strategy_id = autopsy.strategy_id
        streak = self._streaks.get(strategy_id, 0) + 1 if autopsy.outcome == TradeOutcome.LOSS else 0
        self._streaks[strategy_id] = streak
        if streak == self._losses:
            self._waiting.append(DecayReading(strategy_id, Decimal(1), f"{streak} losses in a row"))

    def readings(self) -> Sequence[DecayReading]:
        said, self._waiting = self._waiting, []
        return said


def losing_streak(options: Mapping[str, object]) -> LosingStreak:
    """What the entry point names: makes the source from its own table of the configuration."""
    losses = options.get("losses", 6)
    return LosingStreak(losses if isinstance(losses, int) else 6)


def main(home: Path) -> None:
    """Read a home's chain and say what this Signalman would have said."""
    source = losing_streak({"losses": 2})
    with Desk(open_home(home)) as desk:
        for sealed in desk.beads():
            source.observe(sealed.bead)
    for reading in source.readings():
        print(f"{reading.strategy_id}: {reading.score}, {reading.detail}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
