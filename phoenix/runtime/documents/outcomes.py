"""What became of signals and decisions, as JSON documents and in one line of words, the same on every surface."""

from __future__ import annotations

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.beads.trading import OrderPayload, PositionPayload
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, OrderEvent, PositionState, PromotionEvent
from phoenix.runtime.readings.outcomes import Outcome, OutcomeStatus


def outcome_document(outcome: Outcome) -> dict[str, Json]:
    """A decision's outcome. `settled` is false while the broker's word is awaited; `said` is the whole in words."""
    document: dict[str, Json] = {
        "decision_id": outcome.decision_id, "decision": outcome.kind.value, "subject_id": outcome.subject_id,
        "outcome": outcome.status.value, "settled": outcome.is_settled, "said": outcome_text(outcome),
        "intent_id": outcome.intent_id, "position_id": outcome.position_id,
        "state": None if outcome.state is None else outcome.state.value,
        "order": None if outcome.order is None else _order(outcome.order),
        "position": None if outcome.position is None else _position(outcome.position),
        "promotion": None if outcome.promotion is None else _promotion(outcome.promotion),
    }  # fmt: skip
    if outcome.refusal is not None:
        document["refusal"] = refusal_document(outcome.refusal)
    return document


def signal_outcome_document(outcome: SignalOutcome) -> dict[str, Json]:
    """A signal's outcome: PROPOSED, REFUSED, or NOT_YET_KNOWN while no executor has looked at it."""
    document: dict[str, Json] = {
        "signal_id": outcome.signal_id or None, "outcome": _word_of(outcome), "repeated": outcome.is_repeat,
        "intent_id": outcome.intent_id, "position_id": outcome.position_id,
    }  # fmt: skip
    if outcome.refusal is not None:
        document["refusal"] = refusal_document(outcome.refusal)
    return document


def refusal_document(refusal: Refused) -> dict[str, Json]:
    return {
        "reason": refusal.reason.value, "field": refusal.field, "detail": refusal.detail, "remedy": refusal.remedy
    }  # fmt: skip


def outcome_text(outcome: Outcome) -> str:
    """What became of a decision, in words, without what to do next."""
    if outcome.status is OutcomeStatus.NOT_YET_KNOWN:
        return "not yet known: the decision is on record, and no executor has answered it"
    if outcome.refusal is not None:
        return f"refused: {refusal_text(outcome.refusal)}"
    if outcome.promotion is not None:
        return _promotion_text(outcome.promotion)
    if outcome.kind is DecisionKind.APPROVE:
        return _approved(outcome)
    if outcome.kind is DecisionKind.IMPORT_PERFORMANCE:
        return _imported(*outcome.imported)
    if outcome.kind is DecisionKind.CANCEL:
        return _cancelled(outcome)
    return _DONE[outcome.kind]


def refusal_text(refusal: Refused) -> str:
    """Why something was not done: the reason, the field, and what was found there."""
    return f"{refusal.reason.value} {refusal.field}: {refusal.detail}"


_DONE = {
    DecisionKind.PASS: "passed: it will not be sent",
    DecisionKind.WITHDRAW: "withdrawn: the approval is taken back, nothing is sent",
    DecisionKind.CLOSE: "asked for: an EXIT waits for approval",
    DecisionKind.PROTECT: "asked for: a PROTECT waits for approval",
    DecisionKind.BIND: "bound: the order has the permanent id now",
    DecisionKind.ATTEST_ABSENT: "attested: the order is recorded as absent at the broker",
    DecisionKind.ADOPT: "adopted",
    DecisionKind.RESOLVE: "resolved",
    DecisionKind.ACKNOWLEDGE: "acknowledged: it is not told again",
    DecisionKind.TEST_ALERTS: "raised: a test alert is on its way through the channels",
    DecisionKind.REFRESH: "refreshed: new evidence is frozen, the old one can no longer be approved",
    DecisionKind.REPROPOSE: "proposed again: a new intent waits for approval",
    DecisionKind.KILL_LIFT: "lifted: the kill flag is gone",
    DecisionKind.PROMOTE: "asked for: the promotion waits for approval",
    DecisionKind.RECOMMEND: "recommended: recorded as an opinion, it decides nothing",
    DecisionKind.REGISTER_STRATEGY: "registered: signals may name the strategy now",
    DecisionKind.RECONCILE: "compared: what came of it is on record",
    DecisionKind.DECAY: "recorded: anchors that stood on the former decay no longer do",
    DecisionKind.RECONNECT: "reconnected: entries open once the broker's books have been read and agree",
}


def _promotion_text(promotion: PromotionPayload) -> str:
    name, why = promotion.strategy_id, f" ({promotion.reason})" if promotion.reason else ""
    if promotion.event is PromotionEvent.PROMOTED:
        return f"promoted: {name} is LIVE"
    return f"{promotion.event.value.lower()}: {name} stays in SHADOW{why}"


def _imported(sessions: int, autopsies: int) -> str:
    return f"imported: {counted(sessions, 'session')} and {counted(autopsies, 'autopsy', 'autopsies')}"


def counted(count: int, one: str, several: str | None = None) -> str:
    """A number of things in words."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def _approved(outcome: Outcome) -> str:
    if outcome.order is None:
        if outcome.is_settled:
            return "approved, and nothing was sent: nothing is open any more, or what is open is not known"
        if outcome.position_id is None:
            return "approved, and not carried out yet: the strategy is still in SHADOW"
        return "approved: the orders at work are being cancelled first; nothing was sent yet"
    if outcome.order.event is OrderEvent.REJECTED:
        return f"REJECTED by the broker: {outcome.order.reason or 'without a reason'}"
    if not outcome.is_settled:
        return "sent, and without a word from the broker yet"
    return _followed(outcome, outcome.order)


def _followed(outcome: Outcome, order: OrderPayload) -> str:
    """What the position tells of an order that the broker knows."""
    position = outcome.position
    if position is not None and position.state is PositionState.CLOSED:
        return _closed(position)
    if order.event is OrderEvent.CANCELLED:
        return f"CANCELLED at the broker: {order.reason or 'without a reason'}"
    is_entry = position is not None and position.intent_id == outcome.intent_id
    if position is not None and is_entry and position.filled_quantity > ZERO:
        return _filled(position)
    if position is not None and is_entry:
        return f"sent: {position.state.value}, acknowledged"
    return "sent: acknowledged" if position is None else f"sent: acknowledged, {_open(position)}"


def _filled(position: PositionPayload) -> str:
    filled, requested = position.filled_quantity, position.requested_quantity
    part = "" if filled == requested else f" of {decimal_text(requested)}"
    price = position.average_entry_price
    at = "" if price is None else f" @ {decimal_text(price)}"
    return f"FILLED {decimal_text(filled)}{part}{at}, {position.state.value}, protection {position.protection.value}"


def _closed(position: PositionPayload) -> str:
    price = position.average_exit_price
    at = "" if price is None else f" @ {decimal_text(price)}"
    result = "" if position.realised_pnl is None else f", result {decimal_text(position.realised_pnl)}"
    reason = "" if position.exit_reason is None else f", {position.exit_reason.value}"
    return f"CLOSED {decimal_text(position.filled_quantity)}{at}{result}{reason}"


def _open(position: PositionPayload) -> str:
    return f"{decimal_text(position.open_quantity)} open, {position.state.value}"


def _cancelled(outcome: Outcome) -> str:
    if not outcome.is_settled:
        return "cancel asked for, and without the broker's word yet"
    if outcome.order is not None and outcome.order.event is OrderEvent.CANCELLED:
        return "cancelled: the broker has confirmed it"
    return "the order came to its end at the broker before the cancel did"


def _word_of(outcome: SignalOutcome) -> str:
    if outcome.refusal is not None:
        return "REFUSED"
    return "PROPOSED" if outcome.intent_id is not None else "NOT_YET_KNOWN"


def _order(order: OrderPayload) -> Json:
    return {
        "event": order.event.value,
        "client_order_id": order.client_order_id,
        "permanent_id": order.permanent_id,
        "role": None if order.role is None else order.role.value,
        "code": None if order.code is None else str(order.code),
        "reason": order.reason,
    }


def _promotion(promotion: PromotionPayload) -> Json:
    return {
        "strategy_id": promotion.strategy_id, "event": promotion.event.value, "approver": promotion.approver or None,
        "evidence_hash": promotion.evidence_hash, "reason": promotion.reason,
    }  # fmt: skip


def _position(position: PositionPayload) -> Json:
    prices = {
        name: None if number is None else decimal_text(number)
        for name, number in (
            ("average_entry_price", position.average_entry_price), ("average_exit_price", position.average_exit_price),
            ("realised_pnl", position.realised_pnl),
        )
    }  # fmt: skip
    return {
        "pair": position.pair, "side": position.side.value, "state": position.state.value,
        "requested_quantity": decimal_text(position.requested_quantity),
        "filled_quantity": decimal_text(position.filled_quantity),
        "open_quantity": decimal_text(position.open_quantity), "protection": position.protection.value,
        "exit_reason": None if position.exit_reason is None else position.exit_reason.value, **prices,
    }  # fmt: skip
