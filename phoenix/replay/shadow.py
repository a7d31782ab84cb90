"""Follows recorded signals as shadow over recorded bars: a month of evidence at once, by the tracker's rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from phoenix.adapters.calendar import FxWeek
from phoenix.adapters.market.bars import load_bars
from phoenix.adapters.market.minute_bar import Bars
from phoenix.adapters.shadow.tracker import ShadowTracker, TrackerOptions
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.domain.autopsy import AutopsyInput, perform
from phoenix.domain.beads.codec import encode_payload
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal, check_signal
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.performance import ShadowClose, ShadowRefusal, ShadowSession
from phoenix.replay.signal_files import SignalFile, read_folder

_ONE_MINUTE = timedelta(minutes=1)
_SKEW_S = 0


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """A file whose signal was not followed, and why."""

    file: str
    signal_id: str | None
    refusal: Refused


@dataclass(frozen=True, slots=True)
class ShadowRun:
    """What following one strategy's signals came to. `open_trades` were still open when the bars ended."""

    strategy_id: str
    origin: str
    sessions: tuple[ShadowSession, ...]
    closes: tuple[AutopsyInput, ...]
    not_followed: tuple[NotFollowed, ...]
    open_trades: int

    def as_import(self) -> dict[str, Json]:
        """The run as an import of performance takes it: sessions, and an autopsy of every trade."""
        sessions = [
            PerformancePayload(
                one.strategy_id, one.session_date, one.market_regime, one.trades, one.pnl, one.equity,
                would_have_killed=0, overrides=0,
            )
            for one in self.sessions
        ]  # fmt: skip
        return {
            "origin": self.origin,
            "sessions": [encode_payload(session) for session in sessions],
            "autopsies": [encode_payload(perform(closed)) for closed in self.closes],
        }


def follow_recorded(
    strategy_id: str, signals: Path, bid: Path, ask: Path, pair: str, options: TrackerOptions,
    calendar: TradingCalendar | None = None,
) -> ShadowRun:  # fmt: skip
    """Follow the signals of a strategy that a folder holds, over one pair's bars. Raises InvalidValue.

    Nothing is killed or overridden in a recorded market. A session that the bars do not reach the end of is not over.
    """
    files = [file for file in read_folder(signals) if _is_of(file, strategy_id)]
    if not any(isinstance(file.reading, Signal) for file in files):
        raise InvalidValue(str(signals), f"holds no signal of {strategy_id}", "Name a folder of its signals")
    bars = load_bars(pair, bid, ask)
    feeds = {pair: BarFeed(pair, bars.minutes)}
    tracker = ShadowTracker(options, feeds, calendar or FxWeek(), bars.minutes[0].start)
    not_followed = [one for file in files if (one := _follow(tracker, file, bars, options)) is not None]
    tracker.advance(bars.minutes[-1].start + _ONE_MINUTE, (strategy_id,))
    return _run(strategy_id, f"TRACKER over {bid.name} and {ask.name}", tracker, not_followed, files)


def _is_of(file: SignalFile, strategy_id: str) -> bool:
    return not isinstance(file.reading, Signal) or file.reading.strategy_id == strategy_id


def _follow(tracker: ShadowTracker, file: SignalFile, bars: Bars, options: TrackerOptions) -> NotFollowed | None:
    """Hand a signal in at its own time, or say why it cannot be followed."""
    signal = file.reading
    if isinstance(signal, Refused):
        return NotFollowed(file.name, file.signal_id, signal)
    try:
        check_signal(signal, options.instruments, signal.timestamp, _SKEW_S)
    except Refused as refusal:
        return NotFollowed(file.name, signal.signal_id, refusal)
    if not bars.minutes[0].start <= signal.timestamp <= bars.minutes[-1].start:
        raise InvalidValue(
            file.name,
            f"its signal of {signal.timestamp.isoformat()} lies outside the bars",
            "Give the bars of its time",
        )
    tracker.follow(signal, signal.timestamp)
    return None


def _run(
    strategy_id: str, origin: str, tracker: ShadowTracker, not_followed: list[NotFollowed], files: list[SignalFile]
) -> ShadowRun:
    names = {file.signal_id: file.name for file in files}
    reports = tracker.reports()
    refused = [
        NotFollowed(names[one.signal_id], one.signal_id, Refused(one.reason, one.field, one.detail, "It was left out"))
        for one in reports
        if isinstance(one, ShadowRefusal)
    ]
    return ShadowRun(
        strategy_id=strategy_id, origin=origin,
        sessions=tuple(one for one in reports if isinstance(one, ShadowSession)),
        closes=tuple(one.closed for one in reports if isinstance(one, ShadowClose)),
        not_followed=(*not_followed, *refused), open_trades=len(tracker.open_trades()),
    )  # fmt: skip
