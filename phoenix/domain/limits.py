"""Risk limits for entries (SPEC 3.8). Each limit is one function, and what is not known does not pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from phoenix.domain.instants import instant_text
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text, is_multiple
from phoenix.domain.order_plan import EntryTerms
from phoenix.domain.vocabulary import Side

UNKNOWN = "unknown"
NO_LIMIT = "no limit"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an entry may not exceed. None means "no limit", and results say so.

    Quantities are units of the instrument, money is in the account's currency. `buying_power_share_max` is the share of
    the account's buying power that one order's notional may take, `collar_percent` the distance of the planned entry
    from the quote, `daily_loss_percent` is of equity. Grids, stalled positions, settling and drift can't be lifted.
    """

    quantity_max: Decimal | None = Decimal(1_000_000)
    notional_max: Decimal | None = Decimal(2_000_000)
    buying_power_share_max: Decimal | None = Decimal(1)
    collar_percent: Decimal | None = Decimal(1)
    position_quantity_max: Decimal | None = Decimal(2_000_000)
    open_positions_max: int | None = 5
    daily_loss_percent: Decimal | None = Decimal(3)
    orders_per_minute_max: int | None = 5
    orders_per_day_max: int | None = 50
    duplicate_window_s: int | None = 300
    pairs_allowed: frozenset[str] | None = None
    session_hours_required: bool = True
    quote_age_max_s: int | None = 15
    clock_skew_max_s: Decimal | None = Decimal(2)

    @classmethod
    def permissive(cls) -> Limits:
        """No limit at all but those that can't be lifted: for replays, which say so in their output."""
        return cls(
            quantity_max=None, notional_max=None, buying_power_share_max=None, collar_percent=None,
            position_quantity_max=None, open_positions_max=None, daily_loss_percent=None, orders_per_minute_max=None,
            orders_per_day_max=None, duplicate_window_s=None, pairs_allowed=None, session_hours_required=False,
            quote_age_max_s=None, clock_skew_max_s=None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LastQuote:
    """The best bid and ask, and when they were last heard."""

    bid: Decimal
    ask: Decimal
    as_of: datetime


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """What is known when an entry is weighed; None is "unknown", never zero or empty.

    `net_quantity` is signed and in the instrument; `in_flight_quantity` is the unsigned sum of what entry orders there
    may still fill; `open_positions` counts every position from SUBMITTED to MANAGED but this one. `order_instants`
    are the entries sent this UTC day and in the minute before it, `identical_entry_instants` those with the same terms.
    """

    now: datetime
    instrument: Instrument
    terms: EntryTerms
    notional: Decimal | None
    equity: Decimal | None
    buying_power: Decimal | None
    quote: LastQuote | None
    net_quantity: Decimal | None
    in_flight_quantity: Decimal | None
    open_positions: int | None
    daily_realised_pnl: Decimal | None
    order_instants: tuple[datetime, ...] | None
    identical_entry_instants: tuple[datetime, ...] | None
    market_open: bool | None
    clock_skew_s: Decimal | None
    stalled_pairs: frozenset[str] | None
    settling_pairs: frozenset[str] | None
    drift_pairs: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class LimitResult:
    """One limit, what was found against it, and whether the entry passes."""

    name: str
    passed: bool
    found: str
    limit: str


_Outcome = tuple[bool, str, str]
"""Whether it passed, what was found, and the limit."""


def check_limits(limits: Limits, facts: RiskFacts) -> tuple[LimitResult, ...]:
    """Every limit with its result, in the order of the specification."""
    return tuple(LimitResult(name, *check(limits, facts)) for name, check in _CHECKS)


def first_failure(results: tuple[LimitResult, ...]) -> LimitResult | None:
    """The first limit that an entry did not pass."""
    return next((result for result in results if not result.passed), None)


def _at_most(limit: T | None, found: T | None, passes: Callable[[T, T], bool], text: Callable[[T], str]) -> _Outcome:
    """Fails closed: without a found value only an absent limit passes."""
    found_text = UNKNOWN if found is None else text(found)
    if limit is None:
        return True, found_text, NO_LIMIT
    return found is not None and passes(found, limit), found_text, text(limit)


def _decimal_at_most(limit: Decimal | None, found: Decimal | None) -> _Outcome:
    return _at_most(limit, found, lambda a, b: a <= b, decimal_text)


def _quantity(limits: Limits, facts: RiskFacts) -> _Outcome:
    return _decimal_at_most(limits.quantity_max, facts.terms.quantity)


def _notional(limits: Limits, facts: RiskFacts) -> _Outcome:
    return _decimal_at_most(limits.notional_max, facts.notional)


def _margin(limits: Limits, facts: RiskFacts) -> _Outcome:
    share = limits.buying_power_share_max
    if share is None:
        return _decimal_at_most(None, facts.notional)
    if facts.buying_power is None:
        return False, "buying power unknown", f"{decimal_text(share)} of buying power"
    return _decimal_at_most(share * facts.buying_power, facts.notional)


def _price_collar(limits: Limits, facts: RiskFacts) -> _Outcome:
    distance = None
    if facts.quote is not None:
        reference = facts.quote.ask if facts.terms.side is Side.LONG else facts.quote.bid
        if reference > ZERO:
            distance = abs(facts.terms.entry_price - reference) * 100 / reference
    return _at_most(limits.collar_percent, distance, lambda a, b: a <= b, _percent_text)


def _tick(_: Limits, facts: RiskFacts) -> _Outcome:
    terms, instrument = facts.terms, facts.instrument
    prices = (terms.entry_price, terms.stop_price, terms.target_price)
    on_grid = all(instrument.on_tick_grid(price) for price in prices)
    return on_grid, " ".join(map(decimal_text, prices)), f"multiples of {decimal_text(instrument.tick)}"


def _size_step(_: Limits, facts: RiskFacts) -> _Outcome:
    quantity, instrument = facts.terms.quantity, facts.instrument
    passed = quantity >= instrument.min_size and is_multiple(quantity, instrument.size_step)
    grid = f"multiples of {decimal_text(instrument.size_step)}, at least {decimal_text(instrument.min_size)}"
    return passed, decimal_text(quantity), grid


def _position(limits: Limits, facts: RiskFacts) -> _Outcome:
    projected = None
    if facts.net_quantity is not None and facts.in_flight_quantity is not None:
        held = facts.net_quantity if facts.terms.side is Side.LONG else -facts.net_quantity
        projected = held + facts.in_flight_quantity + facts.terms.quantity
    return _decimal_at_most(limits.position_quantity_max, projected)


def _open_positions(limits: Limits, facts: RiskFacts) -> _Outcome:
    return _at_most(limits.open_positions_max, _one_more(facts.open_positions), lambda a, b: a <= b, str)


def _daily_loss(limits: Limits, facts: RiskFacts) -> _Outcome:
    loss = None if facts.daily_realised_pnl is None else max(-facts.daily_realised_pnl, ZERO)
    if limits.daily_loss_percent is None:
        return _decimal_at_most(None, loss)
    if facts.equity is None:
        return False, "equity unknown", f"{decimal_text(limits.daily_loss_percent)} % of equity"
    limit = limits.daily_loss_percent * facts.equity / 100
    return _at_most(limit, loss, lambda a, b: a < b, decimal_text)


def _orders_per_minute(limits: Limits, facts: RiskFacts) -> _Outcome:
    recent = _count_since(facts.order_instants, facts.now - timedelta(minutes=1))
    return _at_most(limits.orders_per_minute_max, _one_more(recent), lambda a, b: a <= b, str)


def _orders_per_day(limits: Limits, facts: RiskFacts) -> _Outcome:
    today = facts.now.date()
    sent = None if facts.order_instants is None else sum(instant.date() >= today for instant in facts.order_instants)
    return _at_most(limits.orders_per_day_max, _one_more(sent), lambda a, b: a <= b, str)


def _duplicate(limits: Limits, facts: RiskFacts) -> _Outcome:
    window_s = limits.duplicate_window_s
    if window_s is None:
        return True, "not counted", NO_LIMIT
    same = _count_since(facts.identical_entry_instants, facts.now - timedelta(seconds=window_s))
    found = UNKNOWN if same is None else f"{same} identical"
    return same == 0, found, f"none within {window_s} s"


def _pair_allowed(limits: Limits, facts: RiskFacts) -> _Outcome:
    allowed = limits.pairs_allowed
    if allowed is None:
        return True, facts.terms.pair, NO_LIMIT
    return facts.terms.pair in allowed, facts.terms.pair, " ".join(sorted(allowed)) or "none"


def _session_hours(limits: Limits, facts: RiskFacts) -> _Outcome:
    found = {True: "open", False: "closed", None: UNKNOWN}[facts.market_open]
    if not limits.session_hours_required:
        return True, found, NO_LIMIT
    return facts.market_open is True, found, "open"


def _quote_age(limits: Limits, facts: RiskFacts) -> _Outcome:
    """A quote dated as far ahead of now as it may be old is no better known than a stale one."""
    max_age_s = limits.quote_age_max_s
    found = UNKNOWN if facts.quote is None else f"quoted {instant_text(facts.quote.as_of)}"
    if max_age_s is None:
        return True, found, NO_LIMIT
    fresh = facts.quote is not None and abs(facts.now - facts.quote.as_of) <= timedelta(seconds=max_age_s)
    return fresh, found, f"{max_age_s} s"


def _clock_skew(limits: Limits, facts: RiskFacts) -> _Outcome:
    skew_s = None if facts.clock_skew_s is None else abs(facts.clock_skew_s)
    return _decimal_at_most(limits.clock_skew_max_s, skew_s)


def _none_stalled(_: Limits, facts: RiskFacts) -> _Outcome:
    return _absent_from(facts.stalled_pairs, facts.terms.pair, "STALLED")


def _none_settling(_: Limits, facts: RiskFacts) -> _Outcome:
    return _absent_from(facts.settling_pairs, facts.terms.pair, "SETTLING")


def _no_drift(_: Limits, facts: RiskFacts) -> _Outcome:
    return _absent_from(facts.drift_pairs, facts.terms.pair, "unresolved drift")


def _absent_from(pairs: frozenset[str] | None, pair: str, what: str) -> _Outcome:
    if pairs is None:
        return False, UNKNOWN, "none"
    return pair not in pairs, f"{what} in {pair}" if pair in pairs else "none", "none"


def _count_since(instants: tuple[datetime, ...] | None, since: datetime) -> int | None:
    """Instants later than now count as well: a clock that went back lifts no limit."""
    return None if instants is None else sum(instant > since for instant in instants)


def _one_more(count: int | None) -> int | None:
    return None if count is None else count + 1


def _percent_text(percent: Decimal) -> str:
    return f"{decimal_text(percent.quantize(Decimal('0.0001')))} %"


_CHECKS: tuple[tuple[str, Callable[[Limits, RiskFacts], _Outcome]], ...] = (
    ("quantity", _quantity),
    ("notional", _notional),
    ("margin", _margin),
    ("price_collar", _price_collar),
    ("tick", _tick),
    ("size_step", _size_step),
    ("position", _position),
    ("open_positions", _open_positions),
    ("daily_loss", _daily_loss),
    ("orders_per_minute", _orders_per_minute),
    ("orders_per_day", _orders_per_day),
    ("duplicate", _duplicate),
    ("pair_allowed", _pair_allowed),
    ("session_hours", _session_hours),
    ("quote_age", _quote_age),
    ("clock_skew", _clock_skew),
    ("stalled_position", _none_stalled),
    ("settling", _none_settling),
    ("drift", _no_drift),
)
