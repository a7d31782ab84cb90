"""Chance: what may befall an order by itself, drawn from the seed and the order's own number (SPEC 5).

Each order has a generator of its own, so what a script does to one order never shifts another's luck.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from random import Random
from types import MappingProxyType

from phoenix.adapters.simulation.fate import PLAIN_FATE, Fate
from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import ZERO

REJECTED_BY_CHANCE = 201


class ChaosMode(StrEnum):
    INSTANT = "INSTANT"
    REALISTIC = "REALISTIC"
    ADVERSARIAL = "ADVERSARIAL"


@dataclass(frozen=True, slots=True)
class ChaosProfile:
    """The five keys of a mode, and the ranges that latency (seconds) and partial ratios are drawn from.

    The probabilities are shares of one draw per parent or stand-alone order; what they leave of 1 stays unfilled.
    """

    fill_probability: float = 1.0
    partial_fill_prob: float = 0.0
    reject_prob: float = 0.0
    delay_prob: float = 0.0
    delay_range_sec: tuple[float, float] = (0.0, 0.0)
    latency_range_s: tuple[float, float] = (0.0, 0.0)
    partial_ratio_range: tuple[float, float] = (0.1, 0.9)

    def __post_init__(self) -> None:
        shares = (self.fill_probability, self.partial_fill_prob, self.reject_prob, self.delay_prob)
        if not all(0.0 <= share <= 1.0 for share in shares) or sum(shares) > 1.0 + 1e-9:
            raise InvalidValue("chaos", f"{shares} are not shares of one", "Give probabilities that sum to at most 1")
        for name in ("delay_range_sec", "latency_range_s", "partial_ratio_range"):
            low, high = getattr(self, name)
            if not 0.0 <= low <= high < float("inf"):
                raise InvalidValue(f"chaos.{name}", f"{low} to {high} is no range", "Give low and high, 0 or above")
        if not self.partial_ratio_range[1] < 1.0:
            raise InvalidValue("chaos.partial_ratio_range", "reaches 1", "A partial fill is less than the whole")

    @property
    def is_certain(self) -> bool:
        """Whether chance has no say at all."""
        return self.fill_probability == 1.0 and self.latency_range_s == (0.0, 0.0)


PROFILES: Mapping[ChaosMode, ChaosProfile] = MappingProxyType(
    {
        ChaosMode.INSTANT: ChaosProfile(),
        ChaosMode.REALISTIC: ChaosProfile(0.90, 0.05, 0.03, 0.02, (10.0, 30.0), (0.05, 0.5)),
        ChaosMode.ADVERSARIAL: ChaosProfile(0.70, 0.15, 0.10, 0.05, (10.0, 30.0), (0.05, 2.0)),
    }
)


def draw_fate(profile: ChaosProfile, seed: int, number: int) -> Fate:
    """The fate of the parent or stand-alone order with this number. All draws are made, whichever of them counts."""
    if profile.is_certain:
        return PLAIN_FATE
    luck = Random(f"{seed}/{number}")
    share = luck.random()
    delay_s = luck.uniform(*profile.delay_range_sec)
    ratio = Decimal(str(round(luck.uniform(*profile.partial_ratio_range), 4)))
    fate = replace(PLAIN_FATE, latency_s=luck.uniform(*profile.latency_range_s))
    for probability, changes in (
        (profile.reject_prob, {"reject_code": REJECTED_BY_CHANCE, "reject_reason": "the broker refuses this order"}),
        (profile.delay_prob, {"hold_s": delay_s}),
        (profile.partial_fill_prob, {"fill_ratio": ratio}),
        (profile.fill_probability, {}),
    ):
        if share < probability:
            return replace(fate, **changes)
        share -= probability
    return replace(fate, fill_ratio=ZERO)
