"""Rules of submission: once per intent, and never before its bead."""

from __future__ import annotations

from phoenix.history_check.ledger import BrokerLedger, is_ours
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Conclusion, Context, Rule, Said


def _one_attempt(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    intent = facts.intents.get(payload["intent_id"] or "")
    if intent is not None and intent.prepared:
        yield f"intent {intent.intent_id} got a second attempt"
    if payload["intent_id"] is None:
        yield f"order group {payload['order_group_id']} was prepared for no intent"
    legs = () if payload["plan"] is None else payload["plan"].legs
    for leg in legs:
        if leg.reference in facts.legs:
            yield f"reference {leg.reference} was used for a second order"
    if len({leg.reference for leg in legs}) < len(legs) or sum(leg.role == "ENTRY" for leg in legs) > 1:
        yield f"order group {payload['order_group_id']} holds an order twice"


def _received_once(_: Context, ledger: BrokerLedger) -> Conclusion:
    for reference, orders in ledger.received.items():
        if len(orders) > 1 and is_ours(reference):
            yield None, f"the broker received order {reference} {len(orders)} times"


SUBMIT_ONCE = Rule("INV-SUBMIT-ONCE-1", before={"ORDER:PREPARED": _one_attempt}, books=_received_once)


def _word_after_bead(context: Context, bead: Bead) -> Said:
    reference = bead.payload["client_order_id"]
    if is_ours(reference) and reference not in context.facts.legs and bead.event not in ("PREPARED", "UNMATCHED"):
        yield f"ORDER({bead.event}) speaks of {reference} before it was prepared"


def _effect_after_bead(context: Context, ledger: BrokerLedger) -> Conclusion:
    for order in ledger.orders:
        leg = context.facts.legs.get(order.reference or "")
        if leg is not None and order.at < leg.prepared_at:
            yield None, f"order {order.reference} was received at {order.at}, before its bead of {leg.prepared_at}"
    for cancel in ledger.cancels:
        reference = ledger.owner(cancel)
        leg = context.facts.legs.get(reference or "")
        asked_at = None if leg is None else leg.cancel_requested_at
        if leg is not None and (asked_at is None or cancel.at < asked_at):
            yield None, f"a cancel of order {reference} was received at {cancel.at}, before a bead asked for it"


BEAD_FIRST = Rule("INV-BEAD-FIRST-1", before={"ORDER": _word_after_bead}, books=_effect_after_bead)
