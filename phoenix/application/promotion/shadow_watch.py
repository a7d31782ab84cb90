"""Brings signals to whoever follows them as shadow, and what comes of them into the chain."""

from __future__ import annotations

from datetime import datetime

from phoenix.application.executor import Executor
from phoenix.application.inputs import SessionFollowed, ShadowForgotten, ShadowRefused
from phoenix.application.promotion.performance import TRACKER
from phoenix.application.promotion.session_counts import count_session
from phoenix.application.signals.cse import signal_from_document
from phoenix.domain.beads.catalogue import Key, performance_key
from phoenix.domain.beads.envelope import Bead, BeadType
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.vocabulary import StrategyMode
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.performance import PerformanceSource, ShadowClose, ShadowRefusal, ShadowReport, ShadowSession
from phoenix.ports.store import BeadStore


class ShadowWatch:
    """Takes a turn whenever its driver does. Every report is told again until its bead is in the chain."""

    def __init__(
        self, store: BeadStore[State], source: PerformanceSource, executor: Executor, calendar: TradingCalendar
    ) -> None:
        self._store = store
        self._source = source
        self._executor = executor
        self._calendar = calendar
        self._being_examined: set[str] = set()

    async def start(self) -> None:
        """Begin where the source left off; one that remembers nothing begins with the signals still to come."""
        if self._source.place is not None:
            return
        view = self._store.view()
        if any(one.origin == TRACKER for record in view.state.shadow.values() for one in record.sessions):
            detail = "the shadow tracker remembers nothing: shadow trades that were open are lost, their strategies' "
            await self._executor.take(ShadowForgotten(f"{detail}records go on"))
        self._source.mark(view.head.seq)

    async def turn(self, now: datetime) -> None:
        """Hand in new signals, let the source live on, and take in what it reports."""
        self._hand_in()
        state = self._store.view().state
        shadow = {s.strategy_id for s in state.strategies.values() if s.mode is StrategyMode.SHADOW}
        self._source.advance(now, shadow)
        reports = self._source.reports()
        for report in reports:
            await self._take(report)
        if reports:
            self._source.advance(now, shadow)

    def _hand_in(self) -> None:
        view = self._store.view()
        place = self._source.place or 0
        if view.head.seq == place:
            return
        for sealed in self._store.read_of({BeadType.SIGNAL}, place):
            payload = sealed.bead.payload
            if isinstance(payload, SignalPayload) and _is_followed(view.state, payload, sealed.bead):
                self._follow(payload, sealed.bead.timestamp)
        self._source.mark(view.head.seq)

    def _follow(self, payload: SignalPayload, received_at: datetime) -> None:
        """A document that is no signal was refused by the executor already, and nobody can follow it."""
        try:
            signal = signal_from_document(payload.document)
        except Refused:
            return
        self._source.follow(signal, received_at)

    async def _take(self, report: ShadowReport) -> None:
        if self._is_recorded(report):
            self._source.confirm(report)
            return
        match report:
            case ShadowClose(closed) if closed.position_id not in self._being_examined:
                self._being_examined.add(closed.position_id)
                await self._executor.examine(closed)
            case ShadowSession():
                await self._executor.take(SessionFollowed(self._performance(report)))
            case ShadowRefusal(signal_id, reason, field, detail):
                refusal = Refused(reason, field, f"not followed as shadow: {detail}", "Nothing was traded")
                await self._executor.take(ShadowRefused(signal_id, refusal))
        if self._is_recorded(report):
            self._source.confirm(report)

    def _is_recorded(self, report: ShadowReport) -> bool:
        """Whether a report is on record, or will never be: a session of a strategy that has left SHADOW."""
        view = self._store.view()
        if isinstance(report, ShadowSession):
            strategy = view.state.strategies.get(report.strategy_id)
            if strategy is None or strategy.mode is not StrategyMode.SHADOW:
                return True
        return view.lookup.find(_key_of(report)) is not None

    def _performance(self, session: ShadowSession) -> PerformancePayload:
        counts = count_session(self._store, self._calendar, session.strategy_id, session.session_date)
        return PerformancePayload(
            strategy_id=session.strategy_id, session_date=session.session_date, market_regime=session.market_regime,
            trades=session.trades, pnl=session.pnl, equity=session.equity,
            would_have_killed=counts.would_have_killed, overrides=counts.overrides, origin=TRACKER,
        )  # fmt: skip


def _is_followed(state: State, payload: SignalPayload, bead: Bead) -> bool:
    """A signal of a strategy that is in SHADOW, or was when the signal came."""
    strategy = state.strategies.get(payload.strategy_id)
    if strategy is None:
        return False
    return strategy.promoted_at is None or bead.timestamp <= strategy.promoted_at


def _key_of(report: ShadowReport) -> Key:
    match report:
        case ShadowClose(closed):
            return Key("autopsy", closed.position_id)
        case ShadowSession(strategy_id, session_date):
            return performance_key(strategy_id, session_date)
        case ShadowRefusal(signal_id):
            return Key("shadow_refused", signal_id)
