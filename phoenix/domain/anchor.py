"""State anchors: the context an intent was made in, and when it no longer stands (SPEC 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from phoenix.domain.encoding import content_hash
from phoenix.domain.vocabulary import Regime


@dataclass(frozen=True, slots=True)
class Anchor:
    """A registered anchor: when it was captured, in which regime, and the hashes of what was seen."""

    captured_at: datetime
    regime: Regime
    strategy_params: str
    market_snapshot: str


@dataclass(frozen=True, slots=True)
class AnchorPolicy:
    """How long an anchor stands, by regime, and the age at which trading on it also sets a kill flag. Seconds."""

    ttl_s: Mapping[Regime, int] = field(
        default_factory=lambda: {Regime.NORMAL: 1800, Regime.HIGH_VOL: 900, Regime.NEWS: 600}
    )
    stale_threshold_s: int = 900
    stale_kill_s: int = 300

    def limit_s(self, regime: Regime) -> int:
        """The age beyond which nothing proceeds."""
        return min(self.ttl_s[regime], self.stale_threshold_s)


@dataclass(frozen=True, slots=True)
class Freshness:
    """The age of an anchor against its limit, in seconds. `is_beyond_threshold` also calls for a kill flag."""

    age_s: Decimal
    limit_s: int
    is_stale: bool
    is_beyond_threshold: bool


@dataclass(frozen=True, slots=True)
class Components:
    """What the combined hash covers. Kill and decay are the last bead ids that concern the strategy or all."""

    strategy_params: str
    market_snapshot: str
    kill_flags: str
    decay_alerts: str

    def as_mapping(self) -> dict[str, str]:
        return {
            "strategy_params": self.strategy_params,
            "market_snapshot": self.market_snapshot,
            "kill_flags": self.kill_flags,
            "decay_alerts": self.decay_alerts,
        }

    def combined_hash(self) -> str:
        """SHA-256 over the components; time is no part of it."""
        return content_hash(self.as_mapping())

    def changed(self, bound: Mapping[str, str]) -> tuple[str, ...]:
        """The names of the components that differ from those an intent was bound to."""
        return tuple(name for name, value in self.as_mapping().items() if bound.get(name) != value)


def freshness(captured_at: datetime, regime: Regime, policy: AnchorPolicy, now: datetime) -> Freshness:
    """How an anchor's age stands against the policy. Exactly at the limit it still stands."""
    age = now - captured_at
    limit_s = policy.limit_s(regime)
    return Freshness(
        age_s=Decimal(age // timedelta(microseconds=1)) / 1_000_000,
        limit_s=limit_s,
        is_stale=age > timedelta(seconds=limit_s),
        is_beyond_threshold=age > timedelta(seconds=policy.stale_threshold_s),
    )


def is_ahead(captured_at: datetime, clock_skew_s: int, now: datetime) -> bool:
    """Whether an anchor is from the future by more than clocks may differ: its age cannot be told."""
    return captured_at > now + timedelta(seconds=clock_skew_s)


def stale_at(captured_at: datetime, regime: Regime, policy: AnchorPolicy) -> datetime:
    """The instant after which the anchor no longer stands."""
    return captured_at + timedelta(seconds=policy.limit_s(regime))
