"""Decay by the latest results: the mean R multiple of a strategy's last closed trades, real and shadow alike.

With fewer than half a window of trades nothing is said. A mean of +1 R or better is 0 (sound), of 0 R it is 0.5, of
-1 R or worse it is 1 (worn out); between these the score falls in a straight line. It is said with one decimal, and
again only when that changes, for every DECAY bead also changes the state anchor of the strategy.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import DecayPayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.ports.decay import DecayReading, DecaySource
from phoenix.ports.errors import ConfigurationError

_TENTH = Decimal("0.1")
_ONE = Decimal(1)
WINDOW_MIN = 4


class RollingResult(DecaySource):
    """Scores each strategy by its last `window` closed trades."""

    def __init__(self, window: int = 20) -> None:
        self._window = window
        self._results: dict[str, deque[Decimal]] = {}
        self._said: dict[str, Decimal] = {}

    def observe(self, bead: Bead) -> None:
        match bead.payload:
            case AutopsyPayload(strategy_id=strategy_id, r_multiple=multiple) if multiple is not None:
                self._results.setdefault(strategy_id, deque(maxlen=self._window)).append(multiple)
            case DecayPayload(strategy_id=str(strategy_id), score=score):
                self._said[strategy_id] = score
            case _:
                return

    def readings(self) -> Sequence[DecayReading]:
        return [reading for name in sorted(self._results) if (reading := self._reading(name)) is not None]

    def _reading(self, strategy_id: str) -> DecayReading | None:
        results = self._results[strategy_id]
        if 2 * len(results) < self._window:
            return None
        mean = sum(results, ZERO) / len(results)
        score = min(_ONE, max(ZERO, (_ONE - mean) / 2)).quantize(_TENTH, ROUND_HALF_EVEN)
        if score == self._said.get(strategy_id, ZERO):
            return None
        self._said[strategy_id] = score
        shown = decimal_text(mean.quantize(Decimal("0.01")))
        return DecayReading(strategy_id, score, f"the last {len(results)} trades made {shown} R on average")


def rolling_result(options: Mapping[str, object]) -> RollingResult:
    """The source that `signalman.source = "rolling"` names. Raises ConfigurationError."""
    unknown = sorted(set(options) - {"window"})
    window = options.get("window", 20)
    if unknown:
        raise ConfigurationError(f"signalman.rolling.{unknown[0]}: no such setting. Correct the spelling or remove it")
    if not isinstance(window, int) or isinstance(window, bool) or window < WINDOW_MIN:
        raise ConfigurationError(
            f"signalman.rolling.window: {window!r} is not a whole number from {WINDOW_MIN} on. Give a number of trades"
        )
    return RollingResult(window)
