"""Runs the same files through a replay and through the oracle, and compares trade by trade."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from phoenix.domain.numbers import decimal_text
from phoenix.rehearsal.signals import signal_document
from phoenix.replay.request import ReplayOptions, replay_request
from phoenix.replay.result import ReplayResult, ReplayTrade
from phoenix.replay.run import run_replay
from tests.replay.oracle import Bar, Expected, Terms, Trade, expect, read_bars, read_signals
from tests.replay.worlds import minute

_CLOSE_ENOUGH = Fraction(1, 10**6)
"""Results that need a division are cut at some decimal."""


def cse(number: int, entry: str, stop: str, target: str, at_minute: int = 0, **changes: Any) -> dict[str, Any]:
    """A signal at a minute of a made-up market, in the canonical envelope."""
    return signal_document(number=number, at=minute(at_minute), entry=entry, stop=stop, target=target, **changes)


def write_world(folder: Path, bars: Sequence[Bar], signals: Sequence[dict[str, Any]]) -> None:
    """Put a market and its signals where a replay reads them."""
    for side in ("bid", "ask"):
        lines = ["timestamp,open,high,low,close"]
        lines += [f"{bar.start.isoformat(sep=' ')},{','.join(map(_text, getattr(bar, side)))}" for bar in bars]
        (folder / f"{side}.csv").write_text("\n".join(lines) + "\n")
    (folder / "signals").mkdir()
    for number, document in enumerate(signals):
        (folder / "signals" / f"{number:03}.json").write_text(json.dumps(document))


def replayed(
    signals: Path,
    bid: Path,
    ask: Path,
    pair: str | None = None,
    *,
    currency: str = "USD",
    limits: bool = False,
    config: Path | None = None,
) -> ReplayResult:
    options = ReplayOptions(pair=pair, currency=currency, limits_apply=limits, config=config)
    return run_replay(replay_request(signals, bid, ask, options), lambda _done, _total: None)


def replay_world(folder: Path, **options: Any) -> ReplayResult:
    return replayed(folder / "signals", folder / "bid.csv", folder / "ask.csv", **options)


def expected_of(signals: Path, bid: Path, ask: Path, terms: Terms | None = None) -> Expected:
    return expect(read_signals(signals), read_bars(bid, ask), terms)


def assert_agrees(result: ReplayResult, expected: Expected) -> None:
    """The trades and refusals are the expected ones, and the record behind them can be trusted."""
    assert_same_trades(result, expected)
    assert {refused.signal_id for refused in result.refused} == set(expected.refused)
    assert_sound(result)


def assert_same_trades(result: ReplayResult, expected: Expected) -> None:
    """Every trade is the expected one, in the same order."""
    assert [trade.signal_id for trade in result.trades] == [trade.signal_id for trade in expected.trades]
    for trade, wanted in zip(result.trades, expected.trades, strict=True):
        _assert_same(trade, wanted)


def assert_sound(result: ReplayResult) -> None:
    assert result.proof.chain_ok, result.proof.chain_problem
    assert result.proof.history_problems == ()
    assert result.proof.drift == ()


def _assert_same(trade: ReplayTrade, wanted: Trade) -> None:
    assert _facts(trade) == _facts(wanted)
    for name in ("r_multiple", "pnl"):
        found, expected = _fraction(getattr(trade, name)), getattr(wanted, name)
        assert (found is None) == (expected is None), (trade.signal_id, name)
        assert found is None or abs(found - expected) <= _CLOSE_ENOUGH, (trade.signal_id, name, found, expected)


def _facts(trade: ReplayTrade | Trade) -> dict[str, object]:
    numbers = {name: _fraction(getattr(trade, name)) for name in ("quantity", "entry_price", "exit_price")}
    words = {name: _word(getattr(trade, name)) for name in ("signal_id", "state", "side", "exit_reason")}
    times: dict[str, datetime | None] = {name: getattr(trade, name) for name in ("entry_time", "exit_time")}
    return {**words, **numbers, **times}


def _word(value: object) -> str | None:
    return None if value is None else str(value)


def _fraction(number: Decimal | Fraction | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def _text(price: Fraction) -> str:
    return decimal_text(Decimal(price.numerator) / Decimal(price.denominator))
