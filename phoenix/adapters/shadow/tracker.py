"""Follows the signals of strategies in SHADOW against prices, by the fill rules of a replay.

Each strategy has a book of its own: realised equity, sized on at each signal. A market entry fills at the first price
event that begins at or after the signal's receipt plus the latency (at once, where prices are quotes); a DAY limit
entry that has not filled lapses with its session. Prices, and nothing else, move the book; no order exists anywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from phoenix.adapters.shadow.memory import MemoryFile, StrategyBook, TrackerMemory
from phoenix.adapters.shadow.sessions import PairSession
from phoenix.adapters.shadow.trades import ShadowTrade, met
from phoenix.adapters.simulation.prices import PriceBar, PriceFeed, Tick
from phoenix.domain.change import replace
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO
from phoenix.domain.promotion.regimes import RegimeRule, market_regime
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal
from phoenix.domain.sizing import Rate, Sizing, SizingInput, SizingPolicy, size
from phoenix.domain.vocabulary import OrderType, RefusalReason, TimeInForce
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.performance import PerformanceSource, ShadowClose, ShadowRefusal, ShadowReport, ShadowSession

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class TrackerOptions:
    """How signals are followed. `lag_max` is how late one may reach the tracker and still be followed."""

    instruments: Mapping[str, Instrument]
    currency: str = "USD"
    starting_equity: Decimal = Decimal(100_000)
    latency: timedelta = timedelta(minutes=1)
    lag_max: timedelta = timedelta(minutes=1)
    regime: RegimeRule = field(default_factory=RegimeRule)
    sizing: SizingPolicy = field(default_factory=SizingPolicy)


class ShadowTracker(PerformanceSource):
    """The tracker that Phoenix ships. `feeds` are its prices by pair; `begins_at` is where it starts to read them."""

    def __init__(
        self, options: TrackerOptions, feeds: Mapping[str, PriceFeed], calendar: TradingCalendar, begins_at: datetime,
        file: MemoryFile | None = None,
    ) -> None:  # fmt: skip
        self._options = options
        self._feeds = feeds
        self._calendar = calendar
        self._file = file
        memory = TrackerMemory() if file is None else file.load()
        self._place = memory.place
        self._begins_at = max(begins_at, memory.lived_until or begins_at)
        self._now = self._begins_at
        self._trades = {trade.signal_id: trade for trade in memory.trades}
        self._books = {book.strategy_id: book for book in memory.books}
        self._sessions = {session.pair: session for session in memory.sessions}
        self._reports: list[ShadowReport] = [*memory.closes, *memory.ended, *memory.refusals]
        self._strategies: Collection[str] | None = None
        self._is_changed = False

    # --- what the port asks for ------------------------------------------------------------------------------------

    @property
    def place(self) -> int | None:
        return self._place

    def mark(self, place: int) -> None:
        if place != self._place:
            self._place, self._is_changed = place, True

    def follow(self, signal: Signal, received_at: datetime) -> None:
        self._live_until(received_at - _INSTANT)
        try:
            self._take_up(signal, received_at)
        except Refused as refusal:
            self._report(ShadowRefusal(signal.signal_id, refusal.reason, refusal.field, refusal.detail))

    def advance(self, now: datetime, strategies: Collection[str]) -> None:
        self._strategies = strategies
        self._live_until(now)
        self._end_sessions_by(now)
        if self._is_changed:
            self._keep()

    def reports(self) -> Sequence[ShadowReport]:
        return tuple(self._reports)

    def confirm(self, report: ShadowReport) -> None:
        self._reports.remove(report)
        self._is_changed = True

    # --- signals ---------------------------------------------------------------------------------------------------

    def open_trades(self) -> list[ShadowTrade]:
        """The trades that are followed at present, by their signals' ids."""
        return [self._trades[key] for key in sorted(self._trades)]

    def _take_up(self, signal: Signal, received_at: datetime) -> None:
        if signal.signal_id in self._trades:
            return
        if received_at < self._now - self._options.lag_max:
            raise Refused(RefusalReason.LAPSED, "timestamp", "it came while nobody followed", "Keep serve running")
        feed = self._feeds.get(signal.pair)
        if feed is None:
            raise Refused(RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"no prices of {signal.pair}", "Give its prices")
        book = self._book(signal)
        sizing = self._size(signal, book, received_at)
        trade = self._trade(signal, sizing, received_at, is_quoted=feed.is_quote_driven)
        self._books[book.strategy_id] = book
        self._trades[trade.signal_id] = trade
        self._is_changed = True
        quote = feed.quote(received_at) if feed.is_quote_driven else None
        if quote is not None:
            self._meet(trade, Tick(received_at, quote.bid, quote.ask))

    def _book(self, signal: Signal) -> StrategyBook:
        known = self._books.get(signal.strategy_id)
        if known is None:
            return StrategyBook(signal.strategy_id, (signal.pair,), self._options.starting_equity)
        return known if signal.pair in known.pairs else replace(known, pairs=(*known.pairs, signal.pair))

    def _size(self, signal: Signal, book: StrategyBook, at: datetime) -> Sizing:
        quotes = {pair: feed.quote(at) for pair, feed in self._feeds.items()}
        inputs = SizingInput(
            equity=book.equity, equity_currency=self._options.currency, equity_as_of=at,
            equity_source=f"shadow book of {book.strategy_id}", risk_percent=signal.risk_percent, entry=signal.entry,
            stop=signal.stop, target=signal.target, instrument=self._options.instruments[signal.pair],
            rates=tuple(
                Rate(pair, (quote.bid + quote.ask) / 2, quote.as_of) for pair, quote in quotes.items() if quote
            ),
        )  # fmt: skip
        return size(inputs, self._options.sizing, at)

    def _trade(self, signal: Signal, sizing: Sizing, at: datetime, *, is_quoted: bool) -> ShadowTrade:
        may_wait = signal.order_type is OrderType.LIMIT and signal.time_in_force is TimeInForce.DAY
        return ShadowTrade(
            signal_id=signal.signal_id, strategy_id=signal.strategy_id, pair=signal.pair, side=signal.side,
            order_type=signal.order_type, setup_type=signal.setup_type, quantity=sizing.quantity, entry=signal.entry,
            stop=signal.stop, target=signal.target, money_rule=sizing.money_rule, equity=sizing.equity,
            evidence=signal.evidence, eligible_at=at if is_quoted else at + self._options.latency,
            lapses_at=self._calendar.session(signal.pair, at).ends_at if may_wait else None,
        )  # fmt: skip

    # --- prices ----------------------------------------------------------------------------------------------------

    def _live_until(self, until: datetime) -> None:
        """Take in every price event up to and including an instant, in order of time."""
        while (event := self._next_event()) is not None and event[0] <= until:
            at, pair = event
            self._end_sessions_by(at)
            self._price(pair, self._feeds[pair].take(self._begins_at))
        self._now = max(self._now, until)

    def _next_event(self) -> tuple[datetime, str] | None:
        events = ((feed.next_at(self._begins_at), pair) for pair, feed in self._feeds.items())
        return min(((at, pair) for at, pair in events if at is not None), default=None)

    def _price(self, pair: str, bar: PriceBar) -> None:
        session = self._sessions.get(pair)
        if session is None:
            found = self._calendar.session(pair, bar.start)
            session = PairSession(pair, found.session_date, found.ends_at)
        joined = session.joined_by(bar)
        self._is_changed = self._is_changed or len(joined.hours) != len(session.hours)
        self._sessions[pair] = joined
        for trade in [trade for trade in self._trades.values() if trade.pair == pair]:
            self._meet(trade, bar)

    def _meet(self, trade: ShadowTrade, bar: PriceBar) -> None:
        if trade.opened_at is None and trade.lapses_at is not None and bar.start >= trade.lapses_at:
            del self._trades[trade.signal_id]
            self._is_changed = True
            return
        after = met(trade, bar)
        if after is trade:
            return
        self._is_changed = True
        if after.closed_at is None:
            self._trades[trade.signal_id] = after
            return
        del self._trades[trade.signal_id]
        book = self._books[trade.strategy_id]
        self._books[trade.strategy_id] = replace(
            book, equity=book.equity + after.pnl, trades=book.trades + 1, pnl=book.pnl + after.pnl
        )
        self._report(ShadowClose(after.autopsy_input()))

    # --- sessions --------------------------------------------------------------------------------------------------

    def _end_sessions_by(self, at: datetime) -> None:
        """End the sessions that are over by an instant, each for the strategies that are at home in its instrument."""
        over = [session for session in self._sessions.values() if session.ends_at <= at]
        for session in over:
            for book in [book for book in self._books.values() if book.pairs[0] == session.pair]:
                if self._strategies is None or book.strategy_id in self._strategies:
                    self._report(self._ended(book, session))
                self._books[book.strategy_id] = replace(book, trades=0, pnl=ZERO)
        for session in over:
            del self._sessions[session.pair]
            self._is_changed = True

    def _ended(self, book: StrategyBook, session: PairSession) -> ShadowSession:
        rule = self._options.regime
        same = [self._sessions.get(pair) for pair in book.pairs]
        ratios = [one.efficiency(rule) for one in same if one and one.session_date == session.session_date]
        return ShadowSession(
            book.strategy_id, session.session_date, market_regime(ratios, rule), book.trades, book.pnl, book.equity
        )

    # --- memory ----------------------------------------------------------------------------------------------------

    def _report(self, report: ShadowReport) -> None:
        self._reports.append(report)
        self._is_changed = True

    def _keep(self) -> None:
        self._is_changed = False
        if self._file is None:
            return
        self._file.keep(
            TrackerMemory(
                place=self._place, lived_until=self._now, trades=tuple(self.open_trades()),
                books=tuple(self._books.values()), sessions=tuple(self._sessions.values()),
                closes=tuple(one for one in self._reports if isinstance(one, ShadowClose)),
                ended=tuple(one for one in self._reports if isinstance(one, ShadowSession)),
                refusals=tuple(one for one in self._reports if isinstance(one, ShadowRefusal)),
            )
        )  # fmt: skip
