"""What became of a closed position against what was planned (SPEC 3.11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.vocabulary import ExitReason, Side, TradeOutcome

_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN)
_SHOWN = Decimal("0.00000001")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class AutopsyInput:
    """A closed position and the approved evidence. Money is in the account's currency; None is "not known".

    An adopted position may lack a signal, a stop, a target and evidence. `equity` is what the position was sized on.
    """

    position_id: str
    signal_id: str | None
    strategy_id: str
    pair: str
    side: Side
    setup_type: str | None
    entry_price: Decimal
    stop_price: Decimal | None
    target_price: Decimal | None
    average_entry_price: Decimal | None
    average_exit_price: Decimal | None
    pnl: Decimal
    equity: Decimal | None
    opened_at: datetime
    closed_at: datetime
    exit_reason: ExitReason | None
    evidence: Json
    evidence_hash: str | None
    shadow: bool


def perform(closed: AutopsyInput) -> AutopsyPayload:
    """The autopsy of a closed position."""
    result = AutopsyPayload(
        position_id=closed.position_id,
        signal_id=closed.signal_id,
        strategy_id=closed.strategy_id,
        outcome=outcome_of(closed.pnl).value,
        pnl=closed.pnl,
        pnl_percent=_percent_of_equity(closed),
        r_multiple=r_multiple(
            closed.side, closed.entry_price, closed.stop_price, closed.average_entry_price, closed.average_exit_price
        ),
        duration_s=Decimal((closed.closed_at - closed.opened_at) // timedelta(microseconds=1)) / 1_000_000,
        exit_reason=closed.exit_reason,
        entry_slippage=_entry_slippage(closed),
        exit_slippage=_exit_slippage(closed),
        evidence_hash=closed.evidence_hash,
        thesis=_thesis(closed),
        happened="",
        shadow=closed.shadow,
        setup_type=closed.setup_type,
    )
    return _with_story(result, closed)


def outcome_of(pnl: Decimal) -> TradeOutcome:
    """By the money alone: a good trade that was slipped into a loss is a loss."""
    if pnl == ZERO:
        return TradeOutcome.BREAKEVEN
    return TradeOutcome.WIN if pnl > ZERO else TradeOutcome.LOSS


def r_multiple(
    side: Side,
    planned_entry: Decimal,
    stop: Decimal | None,
    average_entry: Decimal | None,
    average_exit: Decimal | None,
) -> Decimal | None:
    """The result per unit in price over |planned entry - stop|, at eight decimals; None where either isn't known."""
    if stop is None or stop == planned_entry or average_entry is None or average_exit is None:
        return None
    gain = average_exit - average_entry if side is Side.LONG else average_entry - average_exit
    return _ratio(gain, abs(planned_entry - stop))


def _percent_of_equity(closed: AutopsyInput) -> Decimal | None:
    if closed.equity is None or closed.equity <= ZERO:
        return None
    return _ratio(closed.pnl * 100, closed.equity)


def _ratio(numerator: Decimal, denominator: Decimal) -> Decimal:
    return _WIDE.quantize(_WIDE.divide(numerator, denominator), _SHOWN)


def _entry_slippage(closed: AutopsyInput) -> Decimal | None:
    if closed.average_entry_price is None:
        return None
    paid_more = closed.average_entry_price - closed.entry_price
    return paid_more if closed.side is Side.LONG else -paid_more


def _exit_slippage(closed: AutopsyInput) -> Decimal | None:
    """Against the level that was meant to fill; a manual exit has none."""
    planned = {ExitReason.STOP_LOSS: closed.stop_price, ExitReason.TAKE_PROFIT: closed.target_price}.get(
        closed.exit_reason or ExitReason.MANUAL
    )
    if planned is None or closed.average_exit_price is None:
        return None
    got_less = planned - closed.average_exit_price
    return got_less if closed.side is Side.LONG else -got_less


def _thesis(closed: AutopsyInput) -> str:
    setup = closed.setup_type or "unnamed setup"
    plan = f"{setup}: {closed.side.value} {closed.pair} at {decimal_text(closed.entry_price)}"
    levels = f"stop {_price(closed.stop_price)}, target {_price(closed.target_price)}"
    return "; ".join([f"{plan}, {levels}", *_evidence_words(closed.evidence)])


def _evidence_words(evidence: Json) -> list[str]:
    """The parts of the evidence that the envelope names, as far as the source sent them."""
    if not isinstance(evidence, Mapping):
        return ["no evidence was recorded"]
    words = []
    score = _text_at(evidence.get("quality"), "score")
    if score:
        words.append(f"quality {score}")
    for name in ("htf", "ltf"):
        part = evidence.get(name)
        said = [_text_at(part, key) for key in ("timeframe", "bias", "setup", "detail")]
        if any(said):
            words.append(f"{name.upper()} " + ", ".join(text for text in said if text))
    return words + _red_checks(evidence.get("red_checks"))


def _red_checks(checks: Json) -> list[str]:
    if not isinstance(checks, Sequence) or isinstance(checks, str):
        return []
    failed = [
        _text_at(check, "name") for check in checks if isinstance(check, Mapping) and check.get("passed") is not True
    ]
    return ["red checks failed: " + ", ".join(name or "unnamed" for name in failed)] if failed else []


def _text_at(part: Json, key: str) -> str | None:
    value = part.get(key) if isinstance(part, Mapping) else None
    return value if isinstance(value, str) else None


def _with_story(result: AutopsyPayload, closed: AutopsyInput) -> AutopsyPayload:
    entry = f"entered at {_price(closed.average_entry_price)}{_slipped(result.entry_slippage)}"
    reason = "reason unknown" if closed.exit_reason is None else closed.exit_reason.value
    left = f"left at {_price(closed.average_exit_price)}{_slipped(result.exit_slippage)} by {reason}"
    multiple = "R unknown" if result.r_multiple is None else f"{result.r_multiple.quantize(_HUNDREDTH)} R"
    story = f"{entry}; {left} after {_duration_text(result.duration_s)}; {result.outcome}, {multiple}"
    return replace(result, happened=story)


def _slipped(slippage: Decimal | None) -> str:
    if slippage is None or slippage == ZERO:
        return ""
    return f" ({decimal_text(abs(slippage))} {'worse' if slippage > ZERO else 'better'} than planned)"


def _price(price: Decimal | None) -> str:
    return "unknown" if price is None else decimal_text(price)


def _duration_text(duration_s: Decimal) -> str:
    minutes, seconds = divmod(int(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"
