"""Orders, executions, positions and autopsies in a trader's words."""

from __future__ import annotations

from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.numbers import decimal_text
from phoenix.domain.order_plan import Leg
from phoenix.domain.vocabulary import ExecutionEvent, OrderEvent, Trigger


def order(payload: OrderPayload) -> str:
    name = "order" if payload.role is None else f"{payload.role.value} order"
    reason = "" if payload.reason is None else f": {payload.reason}"
    if payload.event is OrderEvent.PREPARED and payload.plan is not None:
        return f"about to be sent, once: {'; '.join(map(_leg, payload.plan.legs))}"
    if payload.event is OrderEvent.STATUS:
        status = "" if payload.status is None else payload.status.value
        filled = payload.filled_quantity
        return f"{name} is {status}{'' if not filled else f', {decimal_text(filled)} filled by its word'}{reason}"
    return f"{name} {_ORDER_WORDS[payload.event].format(id=payload.permanent_id)}{reason}"


_ORDER_WORDS = {
    OrderEvent.PREPARED: "is about to be sent, once",
    OrderEvent.NOT_SENT: "was not sent",
    OrderEvent.ACKNOWLEDGED: "is at the broker as {id}",
    OrderEvent.STATUS: "has a new status",
    OrderEvent.CANCEL_REQUESTED: "is to be cancelled; the broker is asked",
    OrderEvent.CANCELLED: "ended without filling (any further)",
    OrderEvent.REJECTED: "was rejected by the broker",
    OrderEvent.SILENT: "has no answer from the broker",
    OrderEvent.BOUND: "is known to the broker as {id}, a human says",
    OrderEvent.ABSENT: "is not at the broker, a human says",
    OrderEvent.UNMATCHED: "is none that Phoenix sent under this id",
}


def _leg(leg: Leg) -> str:
    prices = [decimal_text(price) for price in (leg.limit_price, leg.stop_price) if price is not None]
    at = f" {prices[0]}" if prices else ""
    return f"{leg.role.value} {leg.action.value} {decimal_text(leg.quantity)} {leg.order_type.value}{at}"


def execution(payload: ExecutionPayload) -> str:
    if payload.event is ExecutionEvent.COMMISSION:
        amount = "" if payload.commission is None else decimal_text(payload.commission)
        return f"execution {payload.execution_id} cost {amount} {payload.commission_currency or ''}"
    role = "" if payload.role is None else f" of the {payload.role.value}"
    action = "" if payload.action is None else payload.action.value
    quantity = "" if payload.quantity is None else decimal_text(payload.quantity)
    price = "" if payload.price is None else f" @ {decimal_text(payload.price)}"
    word = {ExecutionEvent.CORRECTED: "corrected to ", ExecutionEvent.BUSTED: "taken back: "}.get(payload.event, "")
    return f"executed{role}: {word}{action} {quantity} {payload.pair}{price} ({payload.execution_id})"


def position(payload: PositionPayload) -> str:
    former = "" if payload.previous_state in (None, payload.state) else f"{payload.previous_state} -> "
    held = (
        f"{decimal_text(payload.filled_quantity)} of {decimal_text(payload.requested_quantity)} filled, "
        f"{decimal_text(payload.open_quantity)} open, protection {payload.protection.value}"
    )
    result = "" if payload.realised_pnl is None else f", realised {decimal_text(payload.realised_pnl)}"
    detail = "" if payload.detail is None else f": {payload.detail}"
    return f"{former}{payload.state.value} ({_TRIGGERS[payload.trigger]}), {held}{result}{detail}"


_TRIGGERS = {
    Trigger.INTENT_ACCEPTED: "proposed",
    Trigger.TOKEN_ISSUED: "approved",
    Trigger.PASSED: "a human passed",
    Trigger.SESSION_ENDED: "its session ended",
    Trigger.TOKEN_ENDED: "the approval ended",
    Trigger.WITHDRAWN: "the approval was withdrawn",
    Trigger.ATTEMPT_RECORDED: "the order is on record",
    Trigger.NOT_SENT: "the order was not sent",
    Trigger.EXECUTION: "executed",
    Trigger.BROKER_ACKNOWLEDGED: "the broker has it after all",
    Trigger.BROKER_REJECTED: "the broker rejected it",
    Trigger.BROKER_CANCELLED: "the broker ended it",
    Trigger.SILENCE: "the broker is silent",
    Trigger.RECOVERY_INCONCLUSIVE: "the broker's books leave it open",
    Trigger.ATTESTED_ABSENT: "a human says that the broker does not have it",
    Trigger.PROTECTION_EXACT: "its stop works",
    Trigger.EXIT_COMPLETED: "it is exited",
    Trigger.ORDER_ADOPTED: "a human adopted an order",
    Trigger.HOLDING_ADOPTED: "a human adopted a holding",
    Trigger.ADJUSTED: "a human corrected what Phoenix holds",
}


def autopsy(payload: AutopsyPayload) -> str:
    multiple = "" if payload.r_multiple is None else f", {decimal_text(payload.r_multiple)} R"
    return f"autopsy: {payload.outcome} {decimal_text(payload.pnl)}{multiple}"
