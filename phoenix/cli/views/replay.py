"""A replay's result as a person reads it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.domain.numbers import decimal_text
from phoenix.domain.vocabulary import PositionState
from phoenix.replay.picture import money
from phoenix.replay.result import RefusedSignal, ReplayResult, ReplayTrade

WIDTH_MIN = 108
"""Columns that the widest table needs; what is narrower would cut numbers short."""

_NONE_YET = "-"


def summary(result: ReplayResult) -> RenderableType:
    """Every signal's outcome, the refusals and why, the totals, and how far the record can be trusted."""
    parts: list[RenderableType] = [_heading(result), _trades(result)]
    if result.refused:
        parts.append(_refusals(result))
    parts += [_totals(result), _proof(result)]
    return Group(*parts)


def _heading(result: ReplayResult) -> Text:
    market = result.market
    return Text(
        f"{market.pair}, {market.minutes:,} minutes from {_instant(market.first_minute)} to "
        f"{_instant(market.last_minute)} UTC, {market.crossed_minutes:,} of them crossed (kept as they are)\n"
        f"Risk profile: {result.risk_profile}",
        style="bold",
    )


def _trades(result: ReplayResult) -> Table:
    table = _table("Orders sent")
    for name in ("Signal", "Side"):
        table.add_column(name, no_wrap=True)
    for name in ("Quantity", "Entered", "at", "Left", "at", "R", f"P&L {result.currency}"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Outcome", no_wrap=True)
    for trade in result.trades:
        table.add_row(*_trade_cells(trade), style=_style(trade))
    return table


def _table(title: str) -> Table:
    return Table(
        title=f"\n{title}", title_justify="left", title_style="bold", box=SIMPLE_HEAD, collapse_padding=True,
        pad_edge=False,
    )  # fmt: skip


def _trade_cells(trade: ReplayTrade) -> tuple[str, ...]:
    return (
        trade.signal_id[:8],
        trade.side.value,
        f"{trade.quantity:,.0f}",
        _short(trade.entry_time),
        _price(trade.entry_price),
        _short(trade.exit_time),
        _price(trade.exit_price),
        _NONE_YET if trade.r_multiple is None else _signed(trade.r_multiple),
        _NONE_YET if trade.pnl is None else money(trade.pnl, signed=True),
        trade.state.value if trade.exit_reason is None else trade.exit_reason.value,
    )


def _style(trade: ReplayTrade) -> str:
    if trade.pnl is None:
        return "yellow"
    return "green" if trade.pnl > 0 else "red"


def _refusals(result: ReplayResult) -> Table:
    table = _table("Signals refused")
    for name in ("Signal", "Reason", "Field"):
        table.add_column(name, no_wrap=True)
    table.add_column("What was found, and what to do", overflow="fold")
    for refused in result.refused:
        table.add_row(*_refusal_cells(refused))
    return table


def _refusal_cells(refused: RefusedSignal) -> tuple[Text | str, ...]:
    """Contents of signals are shown as plain text: nothing in them is markup."""
    name = refused.file if refused.signal_id is None else refused.signal_id[:8]
    explained = Text(f"{refused.detail}. {refused.remedy}\n")
    explained.append(refused.file, style="dim")
    return Text(name), refused.reason.value, Text(refused.field), explained


def _totals(result: ReplayResult) -> Text:
    wins = sum(1 for trade in result.closed if trade.pnl is not None and trade.pnl > 0)
    still = len(result.trades) - len(result.closed)
    text = Text("\n")
    text.append(
        f"{len(result.trades) + len(result.refused)} signals: {len(result.closed)} closed ({wins} with a profit), "
        f"{still} {_still(result)}, {len(result.refused)} refused\n"
    )
    total_r = sum((trade.r_multiple for trade in result.trades if trade.r_multiple is not None), Decimal(0))
    text.append(
        f"Realised {money(result.realised_pnl, signed=True)} {result.currency}, {_signed(total_r)} R, "
        f"on {money(result.starting_equity)} {result.currency}\n"
    )
    return text


def _still(result: ReplayResult) -> str:
    unfilled = sum(1 for trade in result.trades if trade.state is PositionState.SUBMITTED)
    return f"not closed ({unfilled} of them without a fill)" if unfilled else "not closed"


def _proof(result: ReplayResult) -> Text:
    proof = result.proof
    text = Text(f"Beads written: {proof.beads:,}\nChain: ")
    text.append(*_verdict(proof.chain_ok, "verified from the first bead to the last", proof.chain_problem or "broken"))
    text.append("\nHistory check: ")
    problems = "; ".join(proof.history_problems)
    text.append(*_verdict(proof.history_ok, f"no invariant broken ({proof.history_scope})", problems))
    text.append("\nOpen drift: ")
    text.append(*_verdict(not proof.open_drift, "none", "; ".join(proof.drift)))
    return text


def _verdict(is_good: bool, good: str, bad: str) -> tuple[str, str]:
    return (good, "green") if is_good else (f"FAILED: {bad}", "bold red")


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M}"


def _short(instant: datetime | None) -> str:
    return _NONE_YET if instant is None else f"{instant:%d %b %H:%M}"


def _signed(number: Decimal) -> str:
    return f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")


def _price(price: Decimal | None) -> str:
    return _NONE_YET if price is None else decimal_text(price)
