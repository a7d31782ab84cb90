"""Submitting an approved entry: all guards again, the claim, the recorded attempt; then, and only then, the send.

The anchor answers before the state of the position, so that a caller who is late learns why (SPEC 3.2, 11.7).
"""

from __future__ import annotations

from phoenix.application.alerts import AlertKind
from phoenix.application.effects import SendOrder
from phoenix.application.gate.facts import Facts
from phoenix.application.gate.guards import (
    require_account_and_connection,
    require_entry_allowed,
    require_pacing_slot,
)
from phoenix.application.gate.tokens import claim, conflict, expire, peek
from phoenix.application.trading.matching import find_leg
from phoenix.application.trading.positions import move
from phoenix.application.work import Work
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.order_plan import OrderPlan, bracket_plan
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.tokens import Presentation
from phoenix.domain.vocabulary import IntentKind, OrderEvent, PositionState, RefusalReason, TokenReason, Trigger


def submit_entry(work: Work, intent_id: str, token_id: str, secret: str, facts: Facts) -> None:
    """Use the token for the entry it was issued for, and ask for the send. Raises Refused when any guard says no."""
    position = work.require_position_of_intent(intent_id)
    _expire_if_due(work, position)
    position = work.position(position.position_id) or position
    shown = Presentation(token_id, secret, intent_id, position.binding.bundle_hash if position.binding else "")
    if position.order_group_id is None:
        _require_allowed(work, position, facts, shown)
    peek(work, shown)
    _require_state(position)
    require_account_and_connection(work, position.terms.pair, facts)
    require_pacing_slot(work, facts)
    plan = _plan(work, position)
    _require_unaltered(position, plan)
    claim(work, shown)
    record_attempt(work, position, plan, IntentKind.ENTRY, intent_id, token_id)
    move(work, work.position(position.position_id) or position, Trigger.ATTEMPT_RECORDED)
    work.then(SendOrder(plan, IntentKind.ENTRY, position.strategy_id))


def _require_allowed(work: Work, position: Position, facts: Facts, shown: Presentation) -> None:
    try:
        require_entry_allowed(work, position, facts, "SUBMISSION")
    except Refused as refusal:
        if refusal.reason is RefusalReason.STATE_CONFLICT:
            conflict(work, shown)
        raise


def record_attempt(
    work: Work, position: Position, plan: OrderPlan, kind: IntentKind, intent_id: str, token_id: str
) -> None:
    """The ORDER(PREPARED) bead, durable before the send; one for each intent, for ever."""
    work.record(
        OrderPayload(
            event=OrderEvent.PREPARED, order_group_id=plan.order_group_id, intent_id=intent_id, intent_kind=kind,
            position_id=position.position_id, client_order_id=None, role=None, plan=plan, order_hash=plan.order_hash(),
            token_id=token_id,
        )
    )  # fmt: skip


def record_not_sent(work: Work, plan: OrderPlan, reason: str) -> None:
    """The last look refused in the process that held the order back: it surely was not sent (SPEC 3.6)."""
    match = find_leg(work, plan.legs[0].reference, None)
    if match is None:
        raise Refused(
            RefusalReason.NOT_FOUND, "order", f"{plan.legs[0].reference} was never prepared", "Verify the chain"
        )
    position, intent_id = match.position, match.leg.intent_id
    if plan.entry is None:
        _record_not_sent(work, position, plan, intent_id, reason)
        work.alert(
            AlertKind.EXIT_NOT_SENT, f"an exit of position {position.position_id} was not sent: {reason}",
            key=intent_id, position_id=position.position_id, intent_id=intent_id,
        )  # fmt: skip
    elif position.state is PositionState.SUBMITTED and not match.leg.is_acknowledged:
        _record_not_sent(work, position, plan, intent_id, reason)
        move(work, work.position(position.position_id) or position, Trigger.NOT_SENT, detail=reason)
    else:
        _tell_not_sent(work, position, reason)


def _record_not_sent(work: Work, position: Position, plan: OrderPlan, intent_id: str, reason: str) -> None:
    work.record(
        OrderPayload(
            event=OrderEvent.NOT_SENT, order_group_id=plan.order_group_id, intent_id=intent_id,
            intent_kind=None, position_id=position.position_id, client_order_id=None, role=None, reason=reason,
        )
    )  # fmt: skip


def _tell_not_sent(work: Work, position: Position, reason: str) -> None:
    """Other things were said of the entry since it was prepared: no rule ends it, a human has to."""
    state = position.state.value if position.state else "none"
    work.alert(
        AlertKind.ENTRY_NOT_SENT,
        f"the entry of position {position.position_id}, by now {state}, was never sent: {reason}; settle it",
        key=position.position_id, position_id=position.position_id, intent_id=position.intent_id,
    )  # fmt: skip


def _expire_if_due(work: Work, position: Position) -> None:
    """Whichever token is shown: the one that the entry was waiting on may have run out unseen."""
    token = work.state.tokens.get(position.token_id or "")
    if token is not None and not work.now < token.expires_at:
        expire(work, token)


def _require_state(position: Position) -> None:
    if position.state is not PositionState.APPROVED:
        state = position.state.value if position.state else "none"
        raise Refused(
            RefusalReason.WRONG_STATE, "position", f"position {position.position_id} is {state}, not APPROVED",
            "Approve the intent first",
        )  # fmt: skip


def _plan(work: Work, position: Position) -> OrderPlan:
    return bracket_plan(position.terms, work.ids.new_id(), work.state.next_session_order_id)


def _require_unaltered(position: Position, plan: OrderPlan) -> None:
    """The order follows from the approved bundle and from nothing else."""
    if position.binding is None or plan.order_hash() != position.binding.order_hash:
        raise Refused(
            RefusalReason.TOKEN, "order_hash",
            f"the order is not the approved one ({TokenReason.EVIDENCE_MISMATCH.value})", "Refresh and approve again",
        )  # fmt: skip
