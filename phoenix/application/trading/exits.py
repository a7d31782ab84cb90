"""Exits and protection: cancel what works, await its confirmed end, then send what is really open (SPEC 3.6).

Where such a sequence stands is folded from beads, so it survives a crash between any two of its steps. Kill flags,
anchors, limits and drift have no say here.
"""

from __future__ import annotations

from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.effects import CancelOrder, ContinueAction, ReadBooks, SendOrder
from phoenix.application.gate.facts import Facts
from phoenix.application.gate.guards import require_account, require_pacing_slot
from phoenix.application.gate.tokens import claim, peek, revoke
from phoenix.application.trading.submission import record_attempt
from phoenix.application.work import Work
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.order_plan import Leg, OrderPlan, action_of, leg_reference, opposite
from phoenix.domain.position import ActionIntent, ActionStage, LegState, Position
from phoenix.domain.refusals import Refused
from phoenix.domain.tokens import Presentation
from phoenix.domain.vocabulary import (
    Action,
    IntentKind,
    LegRole,
    OrderEvent,
    OrderType,
    RefusalReason,
    TimeInForce,
    TokenReason,
)


def submit_action(work: Work, intent_id: str, token_id: str, secret: str, facts: Facts) -> None:
    """Take an approved exit or protection one step further. Raises Refused when a guard of exits says no."""
    position = work.require_position_of_intent(intent_id)
    action = _require_approved(position, intent_id)
    shown = Presentation(token_id, secret, intent_id, action.bundle_hash or "")
    peek(work, shown)
    require_account(work, facts)
    require_pacing_slot(work, facts)
    if position.alive_legs:
        _request_cancels(work, position, action)
    elif position.open_quantity <= ZERO or position.has_unseen_exit:
        _send_nothing(work, position, action, token_id)
    else:
        _send(work, position, action, shown)


def is_ready_to_send(position: Position) -> bool:
    """Whether an action that waited for cancels has seen the end of all of them."""
    action = position.unsettled_action
    return action is not None and action.stage is ActionStage.CANCELLING and not position.alive_legs


def continue_if_ready(work: Work, position: Position) -> None:
    """Ask for the next step of a waiting action, with fresh facts and its secret, once its cancels have ended."""
    action = position.unsettled_action
    if action is None or not is_ready_to_send(position):
        return
    effect = ContinueAction(action.intent_id)
    if effect not in work.effects:
        work.then(effect)


def request_cancel(work: Work, position: Position, leg: LegState, intent_id: str | None,
                   decision_id: str | None = None) -> None:  # fmt: skip
    """Record that an order is to be cancelled, then ask the broker for it."""
    work.record(
        OrderPayload(
            event=OrderEvent.CANCEL_REQUESTED, order_group_id=leg.order_group_id, intent_id=intent_id,
            intent_kind=None, position_id=position.position_id, client_order_id=leg.leg.reference, role=leg.leg.role,
            session_order_id=leg.leg.session_order_id, permanent_id=leg.permanent_id, decision_id=decision_id,
        )
    )  # fmt: skip
    work.then(CancelOrder(leg.leg.reference, leg.leg.session_order_id, leg.permanent_id))


def _require_approved(position: Position, intent_id: str) -> ActionIntent:
    action = position.action(intent_id)
    if action is None or action.stage not in (ActionStage.APPROVED, ActionStage.CANCELLING):
        stage = "unknown" if action is None else action.stage.value
        raise Refused(
            RefusalReason.WRONG_STATE,
            "intent_id",
            f"intent {intent_id} is {stage}, not APPROVED",
            "Ask for the exit anew",
        )
    return action


def _request_cancels(work: Work, position: Position, action: ActionIntent) -> None:
    for leg in position.alive_legs:
        if leg.cancel_requested_at is None or action.stage is ActionStage.APPROVED:
            request_cancel(work, work.position(position.position_id) or position, leg, action.intent_id)


def _send_nothing(work: Work, position: Position, action: ActionIntent, token_id: str) -> None:
    """Nothing is open any more, or what is open is not known: sending could open the other side."""
    why = "what is open is not known" if position.has_unseen_exit else "nothing is open any more"
    token = work.state.tokens[token_id]
    revoke(work, token, TokenReason.REVOKED)
    work.alert(
        AlertKind.EXIT_NOT_SENT, f"the {action.kind.value} of position {position.position_id} was not sent: {why}",
        key=action.intent_id, position_id=position.position_id, intent_id=action.intent_id,
    )  # fmt: skip


def _send(work: Work, position: Position, action: ActionIntent, shown: Presentation) -> None:
    quantity = min(action.maximum_quantity, position.open_quantity)
    plan = action_plan(position, action, quantity, work.ids.new_id(), work.state.next_session_order_id)
    claim(work, shown)
    record_attempt(work, position, plan, action.kind, action.intent_id, shown.token_id)
    work.then(SendOrder(plan, action.kind, position.strategy_id))


def action_plan(position: Position, action: ActionIntent, quantity: Decimal, group_id: str, first_id: int) -> OrderPlan:
    """A market exit, or a new stop and target of which one cancels the other."""
    closing = opposite(action_of(position.terms.side))
    if action.kind is IntentKind.EXIT:
        exit_leg = Leg(
            LegRole.EXIT, closing, OrderType.MARKET, quantity, TimeInForce.DAY,
            leg_reference(group_id, LegRole.EXIT), first_id,
        )  # fmt: skip
        return OrderPlan(group_id, position.terms.account, position.terms.pair, (exit_leg,))
    legs = _protective_legs(action, closing, quantity, group_id, first_id)
    return OrderPlan(group_id, position.terms.account, position.terms.pair, legs)


def _protective_legs(
    action: ActionIntent, closing: Action, quantity: Decimal, group_id: str, first_id: int
) -> tuple[Leg, ...]:
    legs = []
    if action.target_price is not None:
        legs.append(
            Leg(
                LegRole.TAKE_PROFIT, closing, OrderType.LIMIT, quantity, TimeInForce.GTC,
                leg_reference(group_id, LegRole.TAKE_PROFIT), first_id + 1, limit_price=action.target_price,
            )
        )  # fmt: skip
    if action.stop_price is not None:
        legs.append(
            Leg(
                LegRole.STOP_LOSS, closing, OrderType.STOP, quantity, TimeInForce.GTC,
                leg_reference(group_id, LegRole.STOP_LOSS), first_id, stop_price=action.stop_price,
            )
        )  # fmt: skip
    return tuple(legs)


def on_action_silence(work: Work, position: Position) -> None:
    """60 s without an answer to a cancel or an exit: told to a human, never sent again, the position stays.

    The books are read, for the broker may have done what it was asked, and only not said so.
    """
    action = position.unsettled_action
    if action is None:
        return
    work.record(
        OrderPayload(
            event=OrderEvent.SILENT, order_group_id=action.order_group_id or "", intent_id=action.intent_id,
            intent_kind=action.kind, position_id=position.position_id, client_order_id=None, role=None,
            reason=f"no answer while {action.stage.value}",
        )
    )  # fmt: skip
    work.alert(
        AlertKind.EXIT_SILENT,
        f"no answer to the {action.kind.value} of position {position.position_id} ({action.stage.value}); "
        f"{decimal_text(position.open_quantity)} {position.terms.pair} is open",
        key=action.intent_id, position_id=position.position_id, intent_id=action.intent_id,
    )  # fmt: skip
    work.then(ReadBooks())
