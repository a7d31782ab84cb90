"""The promotion checklist: every item that a strategy must show before it goes LIVE (SPEC 3.10).

An item passes only where its fact is known and says so. What is unknown, unconfigured or absent fails, and is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from phoenix.domain.numbers import decimal_text
from phoenix.domain.promotion.record import AutopsySummary, Pattern, ShadowRecord
from phoenix.domain.promotion.statistics import Figure, Statistics, statistics_of
from phoenix.domain.vocabulary import MarketRegime

REGIMES_NEEDED = (MarketRegime.TREND, MarketRegime.RANGE)
SESSIONS_MIN = 20
_HUNDREDTH = Decimal("0.01")


class CheckName(StrEnum):
    """The items, in the order in which they answer: what makes promoting unsafe comes first."""

    KILL_FLAGS = "KILL_FLAGS"
    DRIFT = "DRIFT"
    STALLED = "STALLED"
    SESSIONS = "SESSIONS"
    REGIMES = "REGIMES"
    MAX_DRAWDOWN = "MAX_DRAWDOWN"
    WORST_DAY = "WORST_DAY"
    SHARPE = "SHARPE"
    WOULD_HAVE_KILLED = "WOULD_HAVE_KILLED"
    OVERRIDE_FREQUENCY = "OVERRIDE_FREQUENCY"
    AUTOPSY_SUMMARY = "AUTOPSY_SUMMARY"


@dataclass(frozen=True, slots=True)
class PromotionPolicy:
    """How many sessions are needed (never fewer than 20), and how long an intent to promote waits, in seconds."""

    sessions_min: int = SESSIONS_MIN
    intent_life_s: int = 86_400


@dataclass(frozen=True, slots=True)
class Unread:
    """What a check looks at could not be read, or nothing is set up that would know it."""

    why: str


Found: TypeAlias = tuple[str, ...] | Unread
"""What stands in the way, in words; an empty tuple really is nothing."""


@dataclass(frozen=True, slots=True)
class PromotionFacts:
    """What the checks look at. Without a record nothing was ever recorded of the strategy."""

    flags: Found
    drifts: Found
    stalled: Found
    record: ShadowRecord | None


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item: what was found, and what is needed."""

    name: CheckName
    passed: bool
    found: str
    needed: str

    def text(self) -> str:
        return f"{self.name.value}: {self.found}; needed: {self.needed}"


@dataclass(frozen=True, slots=True)
class Checklist:
    """All items with their verdicts; `statistics` is None where nothing was ever recorded."""

    items: tuple[CheckItem, ...]
    statistics: Statistics | None
    warnings: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[CheckItem, ...]:
        """The items that fail, in order."""
        return tuple(item for item in self.items if not item.passed)

    @property
    def is_complete(self) -> bool:
        return not self.missing

    def item(self, name: CheckName) -> CheckItem:
        return next(item for item in self.items if item.name is name)


def check_promotion(facts: PromotionFacts, policy: PromotionPolicy | None) -> Checklist:
    """The checklist of a strategy. Without a policy nothing is configured, and every item fails."""
    if policy is None:
        return Checklist(tuple(_unread(name, "promotion is not configured") for name in CheckName), None)
    record = facts.record or ShadowRecord()
    statistics = statistics_of(record.sessions)
    items = (
        _clear(CheckName.KILL_FLAGS, facts.flags, "no active kill flag, global or of the strategy"),
        _clear(CheckName.DRIFT, facts.drifts, "no unresolved drift anywhere"),
        _clear(CheckName.STALLED, facts.stalled, "no STALLED position anywhere"),
        _sessions(record, policy),
        _regimes(record),
        *_recorded(statistics),
        _autopsies(statistics, record.autopsies),
    )
    return Checklist(items, statistics, tuple(_warnings(record)))


def _clear(name: CheckName, found: Found, needed: str) -> CheckItem:
    if isinstance(found, Unread):
        return _unread(name, f"not known: {found.why}", needed)
    return CheckItem(name, not found, "; ".join(found) or "none", needed)


def _unread(name: CheckName, why: str, needed: str = "a check that can be read") -> CheckItem:
    return CheckItem(name, False, why, needed)


def _sessions(record: ShadowRecord, policy: PromotionPolicy) -> CheckItem:
    wanted = max(policy.sessions_min, SESSIONS_MIN)
    count = len(record.sessions)
    return CheckItem(CheckName.SESSIONS, count >= wanted, str(count), f"at least {wanted} trading sessions")


def _regimes(record: ShadowRecord) -> CheckItem:
    counts = {
        regime: sum(one.market_regime is regime for one in record.sessions)
        for regime in (*REGIMES_NEEDED, MarketRegime.UNKNOWN)
    }
    found = ", ".join(f"{regime.value} {count}" for regime, count in counts.items())
    passed = all(counts[regime] > 0 for regime in REGIMES_NEEDED)
    return CheckItem(
        CheckName.REGIMES, passed, found, "sessions of TREND and of RANGE; those of unknown regime don't count"
    )


def _recorded(statistics: Statistics | None) -> Iterator[CheckItem]:
    known = statistics
    yield _figure(CheckName.MAX_DRAWDOWN, None if known is None else known.max_drawdown, " %")
    yield _figure(CheckName.WORST_DAY, None if known is None else known.worst_day)
    yield _figure(CheckName.SHARPE, None if known is None else known.sharpe)
    killed = "absent" if known is None else str(known.would_have_killed)
    yield CheckItem(CheckName.WOULD_HAVE_KILLED, known is not None, killed, "recorded")
    yield _figure(CheckName.OVERRIDE_FREQUENCY, None if known is None else known.override_frequency)


def _figure(name: CheckName, figure: Figure | None, unit: str = "") -> CheckItem:
    """Undefined with its reason is recorded; absent is not."""
    if figure is None or (figure.value is None and not figure.reason):
        return CheckItem(name, False, "absent", "recorded")
    return CheckItem(name, True, figure.text(unit), "recorded")


def _autopsies(statistics: Statistics | None, summary: AutopsySummary) -> CheckItem:
    name, needed = CheckName.AUTOPSY_SUMMARY, "a shadow autopsy of every trade"
    if statistics is None:
        return CheckItem(name, False, "absent", needed)
    if statistics.trades == 0:
        return CheckItem(name, True, "no trade was closed, so there is nothing to examine", needed)
    if summary.all.count < statistics.trades:
        return CheckItem(name, False, f"{summary.all.count} of {statistics.trades} trades have one", needed)
    return CheckItem(name, True, summary_text(summary), needed)


def summary_text(summary: AutopsySummary) -> str:
    """The autopsies in one line: outcomes, mean R, and how trades were left."""
    whole = summary.all
    parts = [f"{whole.wins} won, {summary.losses} lost, {summary.breakevens} even; {_mean(whole)}"]
    parts += [f"{one.name} {one.count}" for one in summary.by_exit]
    return ", ".join(parts)


def _mean(pattern: Pattern) -> str:
    if pattern.r_count == 0:
        return "mean R unknown"
    return f"mean {decimal_text((pattern.r_sum / pattern.r_count).quantize(_HUNDREDTH))} R"


def _warnings(record: ShadowRecord) -> Iterable[str]:
    """What does not stop a promotion, and a human should see."""
    pairs = zip(record.sessions, record.sessions[1:], strict=False)
    odd = [later.session_date for earlier, later in pairs if later.starting_equity != earlier.equity]
    if odd:
        yield f"equity does not follow from the session before and the P&L in {len(odd)} sessions, first on {odd[0]}"
    origins = sorted({one.origin or "not stated" for one in record.sessions})
    if len(origins) > 1:
        yield f"the sessions come from {len(origins)} sources: {', '.join(origins)}"


_BETWEEN = re.compile(rf"; (?=(?:{'|'.join(CheckName)}): )")


def items_in(missing: str) -> list[str]:
    """The items of a refusal that lists several, one by one."""
    return _BETWEEN.split(missing)
