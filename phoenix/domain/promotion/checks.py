"""What a recorded session and a shadow autopsy must satisfy, whoever brings them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.vocabulary import TradeOutcome

SHADOW_PREFIX = "shadow:"
"""How the position id of a shadow trade begins: no real position can ever be mistaken for one."""
MONEY_MAX = Decimal(10) ** 15
DECIMALS_MAX = 18
"""So many decimals may an amount have: sums of many of them stay short."""
COUNT_MAX = 1_000_000
TEXT_MAX = 2_000
_EARLIEST = date(1970, 1, 1)
_SATURDAY = 5
"""As Python counts days of the week. Sessions are those of the currency week."""


def shadow_position_id(signal_id: str) -> str:
    """The position id of the shadow trade of a signal."""
    return f"{SHADOW_PREFIX}{signal_id}"


def check_session(session: PerformancePayload, today: date) -> None:
    """Raises InvalidValue naming the field of a session that cannot have been."""
    if not _EARLIEST <= session.session_date < today:
        raise InvalidValue(
            "session_date", f"{session.session_date} is not a day from {_EARLIEST} on and before today, {today}",
            "Give sessions that are over",
        )  # fmt: skip
    if session.session_date.weekday() >= _SATURDAY:
        raise InvalidValue(
            "session_date", f"{session.session_date} is a day at the weekend, on which no trading session ends",
            "Date sessions by the day on which they end in New York",
        )  # fmt: skip
    for name in ("trades", "would_have_killed", "overrides"):
        count = getattr(session, name)
        if not 0 <= count <= COUNT_MAX:
            raise InvalidValue(name, f"{count} is not within 0 and {COUNT_MAX}", "Give a count")
    for name in ("equity", "pnl"):
        _require_short(name, getattr(session, name))
    if not ZERO < session.equity < MONEY_MAX:
        raise InvalidValue("equity", f"{decimal_text(session.equity)} is not above zero", "Give the realised equity")
    if not abs(session.pnl) < MONEY_MAX:
        raise InvalidValue("pnl", f"{decimal_text(session.pnl)} is absurd", "Give what the session realised")


def check_shadow_autopsy(autopsy: AutopsyPayload) -> None:
    """Raises InvalidValue naming the field of an autopsy that is no shadow trade's, or contradicts itself."""
    if not autopsy.shadow or not autopsy.position_id.startswith(SHADOW_PREFIX):
        raise InvalidValue(
            "position_id", f"{autopsy.position_id!r} is not a shadow trade's",
            f"Mark it shadow and begin its id with {SHADOW_PREFIX!r}",
        )  # fmt: skip
    if autopsy.outcome != _outcome(autopsy.pnl):
        raise InvalidValue(
            "outcome", f"{autopsy.outcome!r} does not fit a P&L of {decimal_text(autopsy.pnl)}",
            "Give WIN above zero, LOSS below, BREAKEVEN at zero",
        )  # fmt: skip
    if autopsy.duration_s < ZERO or not abs(autopsy.pnl) < MONEY_MAX:
        raise InvalidValue("duration_s", "the trade cannot have been like that", "Give seconds, zero or more")
    for name in ("pnl", "duration_s", "pnl_percent", "r_multiple", "entry_slippage", "exit_slippage"):
        _require_short(name, getattr(autopsy, name))
    if any(len(text) > TEXT_MAX for text in (autopsy.position_id, autopsy.thesis, autopsy.happened)):
        raise InvalidValue("thesis", f"longer than {TEXT_MAX} characters", "Say it in fewer words")


def _require_short(name: str, number: Decimal | None) -> None:
    if number is None:
        return
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -DECIMALS_MAX or number.adjusted() > DECIMALS_MAX:
        raise InvalidValue(name, f"more than {DECIMALS_MAX} digits before or behind the point", "Round it")


def _outcome(pnl: Decimal) -> TradeOutcome:
    if pnl == ZERO:
        return TradeOutcome.BREAKEVEN
    return TradeOutcome.WIN if pnl > ZERO else TradeOutcome.LOSS
