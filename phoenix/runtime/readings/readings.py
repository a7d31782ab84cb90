"""What surfaces show, told from the store alone: nothing here connects to a broker or takes the lock (SPEC 11.11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, TypeVar

from phoenix.domain.alerting.book import OpenAlert
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.envelope import BeadType, SealedBead
from phoenix.domain.beads.operations import AccountPayload, StrategyPayload
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.beads.trading import ExecutionPayload, PositionPayload
from phoenix.domain.evolve_position import fold_position
from phoenix.domain.kill import KillFlag
from phoenix.domain.position import LegState, Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import OpenDrift, PendingDecision, SessionState, State, Stray, in_order
from phoenix.domain.vocabulary import (
    ExecutionEvent,
    IntentKind,
    LegRole,
    RefusalReason,
    StrategyMode,
)
from phoenix.ports.clock import Clock
from phoenix.ports.store import BeadStore, View
from phoenix.runtime.readings.alerts import AlertReading, alerts_told
from phoenix.runtime.readings.books import BooksReading, books_reading, drift_named, open_drifts
from phoenix.runtime.readings.promotion_reviews import PromotionReview, pending_promotions, promotion_over
from phoenix.runtime.readings.returned import returned_positions
from phoenix.runtime.readings.reviews import Review, intents_named, pending_reviews, signals_named

T = TypeVar("T")
Waiting: TypeAlias = Review | PromotionReview
"""What waits for a human: something about a position, or about a strategy."""


@dataclass(frozen=True, slots=True)
class OrderReading:
    """One order of Phoenix: what was sent, and the broker's last word on it."""

    position_id: str
    pair: str
    leg: LegState


@dataclass(frozen=True, slots=True)
class FillReading:
    """An execution, or what was corrected or reversed of one."""

    event: ExecutionEvent
    execution_id: str
    position_id: str | None
    role: LegRole | None
    payload: ExecutionPayload
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AccountReading:
    """The last account snapshot and how old it is now."""

    snapshot: AccountPayload
    age: timedelta


@dataclass(frozen=True, slots=True)
class StrategyReading:
    """A registered strategy, and the kill flags that stop it now."""

    strategy_id: str
    mode: StrategyMode
    description: str
    flags: tuple[KillFlag, ...]


class Readings:
    """Reads one store. Every method answers as of the chain's head at that moment."""

    def __init__(self, store: BeadStore[State], clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @property
    def state(self) -> State:
        return self._store.view().state

    # --- what waits for a human ----------------------------------------------------------------------------------

    def pending(self) -> list[Waiting]:
        """Every intent that waits for a decision, oldest evidence first."""
        waiting: list[Waiting] = [*pending_reviews(self._store), *pending_promotions(self._store)]
        return sorted(waiting, key=lambda review: (review.frozen_at, review.intent_id))

    def review(self, intent_id: str | None = None) -> Waiting:
        """The review of an intent, by its id or a beginning of it that no other has; by nothing, the only one that
        waits. Raises Refused."""
        pending = self.pending()
        if intent_id is None:
            return sole(pending, "intent_id", "intent waits", "intents wait for a decision", "List what is pending")
        found = [review for review in pending if intent_id and review.intent_id.startswith(intent_id)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise self._not_waiting(intent_id)
        raise Refused(
            RefusalReason.NOT_FOUND, "intent_id", f"{intent_id} names {len(found)} intents", "List what is pending"
        )

    def _not_waiting(self, intent_id: str) -> Refused:
        """What became of an intent that waits no longer; or that there never was one."""
        known = intents_named(self._store, intent_id)
        if len(known) == 1 and known[0].kind is IntentKind.PROMOTE:
            return promotion_over(self._store.view().lookup, known[0].intent_id)
        position = None if len(known) != 1 else _from_story(self._store.view(), known[0].position_id or "")
        if position is None or position.state is None:
            detail = f"no intent {intent_id} waits for a decision"
            return Refused(RefusalReason.NOT_FOUND, "intent_id", detail, "List what is pending")
        is_spent = position.state.is_terminal and not position.fills.fills
        return Refused(
            RefusalReason.WRONG_STATE, "intent_id",
            f"{known[0].kind.value} {known[0].intent_id} waits no longer, position {position.position_id} is "
            f"{position.state.value}",
            "Propose the signal again" if is_spent else "Look at the position",
        )  # fmt: skip

    def unanswered(self) -> list[PendingDecision]:
        """Decisions on record that no executor has acted on."""
        return sorted(self.state.decisions.values(), key=lambda pending: pending.made_at)

    def unread_signals(self) -> list[SignalPayload]:
        """Signals on record that no executor has looked at."""
        return in_order(self.state.inbox)

    def signal(self, named: str) -> SignalPayload:
        """A signal by its id, by that of an intent or position it led to, or by a beginning of one. Raises Refused."""
        found = signals_named(self._store, named)
        if len(found) == 1:
            return found[0]
        detail = f"no signal {named} is known" if not found else f"{named} names {len(found)} signals"
        raise Refused(RefusalReason.NOT_FOUND, "signal_id", detail, "List the signals")

    def anchor(self, strategy_id: str, pair: str) -> Anchor | None:
        """The context that is current for a strategy in an instrument."""
        return self.state.anchors.get((strategy_id, pair))

    # --- positions, orders, fills --------------------------------------------------------------------------------

    def positions(self, *, ended: bool = False) -> list[Position]:
        """The positions that still matter; with `ended`, all there ever were, oldest first."""
        view = self._store.view()
        if not ended:
            mattering = [*view.state.positions.values(), *returned_positions(self._store, view)]
            return sorted(mattering, key=lambda position: position.position_id)
        ids = dict.fromkeys(
            item.bead.payload.position_id
            for item in self._store.read_of({BeadType.POSITION})
            if isinstance(item.bead.payload, PositionPayload)
        )
        return [position for position_id in ids if (position := _from_story(view, position_id)) is not None]

    def position(self, position_id: str | None = None) -> Position:
        """A position, living or ended, by its id or a beginning of it that no other has; by nothing, the only one that
        lives. Raises Refused."""
        if position_id is None:
            return sole(self.positions(), "position_id", "position lives", "positions live", "List the positions")
        view = self._store.view()
        exact = _from_story(view, position_id)
        if exact is not None:
            return exact
        found = [position for position in self.positions(ended=True) if position.position_id.startswith(position_id)]
        if position_id and len(found) == 1:
            return found[0]
        detail = f"no position {position_id} is known" if not found else f"{position_id} names {len(found)} positions"
        raise Refused(RefusalReason.NOT_FOUND, "position_id", detail, "List the positions")

    def history(self, position_id: str) -> list[SealedBead]:
        """Every bead of one position's story, in order."""
        return list(self._store.read_story(self.position(position_id).position_id))

    def orders(self, *, ended: bool = False) -> list[OrderReading]:
        """The orders that may still do something; with `ended`, all there ever were."""
        return [
            OrderReading(position.position_id, position.terms.pair, leg)
            for position in self.positions(ended=ended)
            for leg in position.legs
            if ended or leg.is_alive
        ]

    def fills(self) -> list[FillReading]:
        """Every execution, correction and bust, oldest first; commissions apart."""
        return list(self._fills())

    def _fills(self) -> Iterator[FillReading]:
        for item in self._store.read_of({BeadType.EXECUTION}):
            payload = item.bead.payload
            if isinstance(payload, ExecutionPayload) and payload.event is not ExecutionEvent.COMMISSION:
                yield FillReading(
                    payload.event, payload.execution_id, payload.position_id, payload.role, payload,
                    item.bead.timestamp,
                )  # fmt: skip

    def parked(self) -> list[ExecutionPayload]:
        """Executions that no order of Phoenix claims; they wait for adoption."""
        return in_order(self.state.parked)

    def strays(self) -> list[Stray]:
        """What ended positions hold after all; it waits for adoption."""
        return in_order(self.state.strays)

    def external_orders(self) -> list[str]:
        """The names of the orders that the broker spoke of and Phoenix did not make."""
        return sorted(self.state.external_orders)

    # --- account, safety, session --------------------------------------------------------------------------------

    def account(self) -> AccountReading | None:
        """The last snapshot with its age; None while none was ever taken, which says nothing about the account."""
        snapshot = self.state.account
        return None if snapshot is None else AccountReading(snapshot, self._clock.now() - snapshot.as_of)

    def kill_flags(self) -> list[KillFlag]:
        return sorted(self.state.flags.values(), key=lambda flag: (flag.set_at, flag.flag_id))

    def resting_entries(self) -> list[OrderReading]:
        """The entry orders that may still fill: what a human may want to cancel after a halt."""
        return [order for order in self.orders() if order.leg.leg.role is LegRole.ENTRY]

    def strategies(self) -> list[StrategyReading]:
        state = self.state
        told = {
            payload.strategy_id: payload.description
            for item in self._store.read_of({BeadType.STRATEGY})
            if isinstance(payload := item.bead.payload, StrategyPayload)
        }
        return [
            StrategyReading(known.strategy_id, known.mode, told.get(known.strategy_id, ""),
                            state.flags_for(known.strategy_id))
            for known in in_order(state.strategies)
        ]  # fmt: skip

    def drifts(self) -> list[OpenDrift]:
        """Differences between the books that no human has resolved, oldest first."""
        return list(open_drifts(self.state))

    def drift(self, named: str) -> OpenDrift:
        """An open drift, by its id or a beginning of it that no other has. Raises Refused."""
        return drift_named(self.drifts(), named)

    def books(self) -> BooksReading:
        """What is known of the comparison between Phoenix's book and the broker's."""
        return books_reading(self.state)

    def alerts(self, limit: int = 50) -> list[AlertReading]:
        """The newest alerts with what became of them, newest first."""
        return alerts_told(self._store.read_of({BeadType.ALERT}))[: -limit - 1 : -1]

    def open_alerts(self) -> list[OpenAlert]:
        """The CRITICAL matters that no human has acknowledged, oldest first."""
        return sorted(self.state.alerts.open.values(), key=lambda found: (found.raised_at, found.alert.alert_id))

    def open_alert(self, alert_id: str | None = None) -> OpenAlert:
        """An open matter by the id of its first or last alert, or a beginning that no other has; by nothing, the only
        one. Raises Refused."""
        matters, remedy = self.open_alerts(), "List the open alerts"
        if alert_id is None:
            return sole(matters, "alert_id", "CRITICAL alert is open", "CRITICAL alerts are open", remedy)
        found = [known for known in matters if alert_id and known.begins(alert_id)]
        if len(found) == 1:
            return found[0]
        none = f"no CRITICAL alert {alert_id} waits to be acknowledged"
        detail = none if not found else f"{alert_id} names {len(found)} alerts"
        raise Refused(RefusalReason.NOT_FOUND, "alert_id", detail, remedy)

    def session(self) -> SessionState:
        """The broker session as the beads tell it; whether an executor lives at all, its lock says."""
        return self.state.session


def sole(found: Sequence[T], field: str, one: str, several: str, remedy: str) -> T:
    """The only one there is, for those who name none. Raises Refused where there are none, or several."""
    if len(found) == 1:
        return found[0]
    detail = f"no {one}" if not found else f"{len(found)} {several}, and none was named"
    raise Refused(RefusalReason.NOT_FOUND, field, detail, remedy)


def _from_story(view: View[State], position_id: str) -> Position | None:
    living = view.state.positions.get(position_id)
    return living if living is not None else fold_position(view.lookup.story(position_id))
