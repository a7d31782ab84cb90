"""Decay: how far a strategy has worn out, and what follows (SPEC 3.3, neighbour Signalman).

A score lies within 0..1. From `kill_at` on, a DECAY bead brings a kill flag of source SIGNALMAN on its strategy, or on
all; from `warn_at` on an alert. A later, lower score never lifts a flag: only a human does.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import ZERO, decimal_text

ALL_STRATEGIES = "ALL"
"""The subject of a decision on the decay of all strategies."""


@dataclass(frozen=True, slots=True)
class DecayPolicy:
    """The scores from which a decay warns, and from which it kills."""

    warn_at: Decimal = Decimal("0.6")
    kill_at: Decimal = Decimal("0.8")


class DecayVerdict(StrEnum):
    QUIET = "QUIET"
    WARN = "WARN"
    KILL = "KILL"


def verdict_on(score: Decimal, policy: DecayPolicy) -> DecayVerdict:
    """What a score calls for."""
    if score >= policy.kill_at:
        return DecayVerdict.KILL
    return DecayVerdict.WARN if score >= policy.warn_at else DecayVerdict.QUIET


def require_score(score: Decimal) -> Decimal:
    """The score itself. Raises InvalidValue for one outside 0..1."""
    if not ZERO <= score <= 1:
        raise InvalidValue("score", f"{decimal_text(score)} is not within 0 and 1", "Give 0 for sound, 1 for worn out")
    return score
