"""A position from its proposal to its end: one aggregate, folded from the beads of its story (SPEC 3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from phoenix.domain.change import replace
from phoenix.domain.executions import FillBook
from phoenix.domain.numbers import ZERO
from phoenix.domain.order_plan import EntryTerms, Leg
from phoenix.domain.profit import MoneyRule
from phoenix.domain.vocabulary import (
    ExitReason,
    IntentKind,
    LegRole,
    OrderStatus,
    PositionState,
    Protection,
    Regime,
)

PROTECTIVE = frozenset({LegRole.STOP_LOSS, LegRole.TAKE_PROFIT})


@dataclass(frozen=True, slots=True)
class Binding:
    """The evidence an intent is bound to: what an approval has to name, and the context it stands in."""

    bundle_hash: str
    order_hash: str | None = None
    captured_at: datetime | None = None
    regime: Regime | None = None
    components: Mapping[str, str] = field(default_factory=dict)
    state_hash: str | None = None


@dataclass(frozen=True, slots=True)
class LegState:
    """One of our orders and what the broker has said of it. `total` is the quantity it works for there by now.

    `adjusted` is what a human's word added to what was executed on it.
    """

    leg: Leg
    order_group_id: str
    intent_id: str
    sent_at: datetime
    total: Decimal
    status: OrderStatus = OrderStatus.PENDING
    permanent_id: str | None = None
    filled_reported: Decimal = ZERO
    remaining_reported: Decimal | None = None
    executed: Decimal = ZERO
    cancel_requested_at: datetime | None = None
    ended_at: datetime | None = None
    is_void: bool = False
    adjusted: Decimal = ZERO

    @property
    def is_alive(self) -> bool:
        """Whether the order may still do something at the broker; what is not known to have ended is alive."""
        return not self.is_void and not self.status.is_ended and self.remaining > ZERO

    @property
    def borne(self) -> Decimal:
        """How much of it was filled, as executions or a human bear out."""
        return self.executed + self.adjusted if self.adjusted else self.executed

    @property
    def remaining(self) -> Decimal:
        return self.total - max(self.filled_reported, self.borne)

    @property
    def is_acknowledged(self) -> bool:
        return self.permanent_id is not None

    @property
    def is_unanswered(self) -> bool:
        """Whether the broker never spoke of the order, or no longer shows it."""
        return not self.is_acknowledged or self.status is OrderStatus.UNKNOWN

    @property
    def is_unborne(self) -> bool:
        """Whether the broker states more as filled than its executions have told us."""
        return not self.is_void and self.filled_reported > self.borne


class ActionStage(StrEnum):
    """Where an EXIT or PROTECT intent stands."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    CANCELLING = "CANCELLING"
    SENT = "SENT"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class ActionIntent:
    """A human's wish to exit, or to protect anew. Bound to the position and a maximum quantity, not to exact legs."""

    intent_id: str
    kind: IntentKind
    maximum_quantity: Decimal
    stop_price: Decimal | None
    target_price: Decimal | None
    bundle_hash: str | None = None
    stage: ActionStage = ActionStage.PROPOSED
    token_id: str | None = None
    token_count: int = 0
    cancelling_since: datetime | None = None
    order_group_id: str | None = None
    sent_at: datetime | None = None
    is_silent: bool = False

    @property
    def is_unsettled(self) -> bool:
        """Whether a human has approved it and it has not come to its end. A mere proposal holds nothing up."""
        return self.stage not in (ActionStage.PROPOSED, ActionStage.ENDED)


@dataclass(frozen=True, slots=True)
class Position:
    """One intent's position. `state` is None until its first POSITION bead."""

    position_id: str
    intent_id: str
    signal_id: str | None
    strategy_id: str
    terms: EntryTerms
    money_rule: MoneyRule
    lapses_at: datetime | None
    state: PositionState | None = None
    since: datetime | None = None
    binding: Binding | None = None
    token_id: str | None = None
    token_count: int = 0
    order_group_id: str | None = None
    prepared_at: datetime | None = None
    legs: tuple[LegState, ...] = ()
    fills: FillBook = FillBook()
    actions: tuple[ActionIntent, ...] = ()
    unprotected_since: datetime | None = None
    unprotected_alerted: bool = False
    stall_escalated: bool = False
    stale_kill_set: bool = False
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    adopted_from: str | None = None
    handed_over: Decimal = ZERO
    unborne_since: datetime | None = None
    unborne_alerted: bool = False
    is_dissected: bool = False
    adjusted: Decimal = ZERO
    adjusted_at: datetime | None = None

    @property
    def entry_leg(self) -> LegState | None:
        return next((leg for leg in self.legs if leg.leg.role is LegRole.ENTRY), None)

    def leg_by_reference(self, reference: str) -> LegState | None:
        return next((leg for leg in self.legs if leg.leg.reference == reference), None)

    @property
    def alive_legs(self) -> tuple[LegState, ...]:
        return tuple(leg for leg in self.legs if leg.is_alive)

    @property
    def open_quantity(self) -> Decimal:
        """What executions left open, less what an adopter took over, with what a human adjusted."""
        return self.fills.open_quantity - self.handed_over + self.adjusted

    @property
    def partial_fill_ratio(self) -> Decimal:
        """How much of the requested quantity was executed, 0..1 (more only after an overfill)."""
        if self.terms.quantity == ZERO:
            return ZERO
        return self.fills.entry_quantity / self.terms.quantity

    @property
    def protection(self) -> Protection:
        return protection_of(self.legs, self.open_quantity)

    @property
    def unsettled_action(self) -> ActionIntent | None:
        """The exit or protection that was approved and has not come to its end. There is at most one."""
        return next((action for action in self.actions if action.is_unsettled), None) if self.actions else None

    @property
    def has_unborne_fill(self) -> bool:
        """Whether the broker states more filled on any of our orders than executions have told us."""
        return any(leg.is_unborne for leg in self.legs)

    @property
    def leg_in_question(self) -> LegState | None:
        """The order that only a human can settle: filled as the broker states and without executions, or unanswered."""
        unborne = (leg for leg in self.legs if leg.is_unborne)
        return next(unborne, None) or next((leg for leg in self.alive_legs if leg.is_unanswered), None)

    def action(self, intent_id: str) -> ActionIntent | None:
        return next((action for action in self.actions if action.intent_id == intent_id), None)

    @property
    def has_unseen_exit(self) -> bool:
        """Whether the broker reports more filled on an exit-side order than executions have told us."""
        return any(leg.leg.role is not LegRole.ENTRY and leg.is_unborne for leg in self.legs)

    @property
    def in_flight_quantity(self) -> Decimal:
        """What a live entry may still add."""
        entry = self.entry_leg
        return entry.remaining if entry is not None and entry.is_alive else ZERO

    @property
    def is_exited(self) -> bool:
        """Whether something was opened, nothing is open any more, and no order of ours can change that."""
        touched = bool(self.fills.fills) or bool(self.fills.busted) or self.adjusted != ZERO
        return touched and self.open_quantity == ZERO and not self.alive_legs

    @property
    def exit_reason(self) -> ExitReason | None:
        last = self.fills.last_exit
        if self.adjusted_at is not None and (last is None or last.executed_at < self.adjusted_at):
            return ExitReason.ADJUSTED
        if last is None:
            return ExitReason.BUSTED if self.fills.busted else None
        return _REASON[last.role]

    @property
    def is_finished(self) -> bool:
        """Whether the position can leave memory: terminal, flat, and nothing of it alive."""
        return (
            self.state is not None
            and self.state.is_terminal
            and self.open_quantity == ZERO
            and not self.alive_legs
            and self.unsettled_action is None
        )

    @property
    def awaits_autopsy(self) -> bool:
        return self.state is PositionState.CLOSED and not self.is_dissected

    def with_leg(self, changed: LegState) -> Position:
        legs = tuple(changed if leg.leg.reference == changed.leg.reference else leg for leg in self.legs)
        return replace(self, legs=legs)

    def with_action(self, changed: ActionIntent) -> Position:
        known = any(action.intent_id == changed.intent_id for action in self.actions)
        if not known:
            return replace(self, actions=(*self.actions, changed))
        actions = tuple(changed if action.intent_id == changed.intent_id else action for action in self.actions)
        return replace(self, actions=actions)


_REASON = {
    LegRole.STOP_LOSS: ExitReason.STOP_LOSS,
    LegRole.TAKE_PROFIT: ExitReason.TAKE_PROFIT,
    LegRole.EXIT: ExitReason.MANUAL,
}


def protection_of(legs: tuple[LegState, ...], open_quantity: Decimal) -> Protection:
    """The stop quantity that really works at the broker, against what is open.

    A child that waits for its parent does not work yet; one whose status is not known makes the whole unknown.
    """
    stops = [leg for leg in legs if leg.leg.role is LegRole.STOP_LOSS and leg.is_alive]
    if any(leg.status in (OrderStatus.UNKNOWN, OrderStatus.PENDING_CANCEL) for leg in stops):
        return Protection.UNKNOWN
    working = sum((leg.remaining for leg in stops if leg.status is OrderStatus.WORKING), ZERO)
    if working == open_quantity:
        return Protection.EXACT if working > ZERO else Protection.NONE
    if working == ZERO:
        return Protection.NONE
    return Protection.UNDER if working < open_quantity else Protection.OVER
