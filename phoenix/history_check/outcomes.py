"""Rules of what is unknown: nothing is called rejected, cancelled or absent without a word that says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from phoenix.history_check.facts import Facts
from phoenix.history_check.ledger import BrokerLedger, is_ours
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Conclusion, Context, Promise, Rule, Said

_Evidence = Callable[[Facts, str], bool]


def _entry_ended(*how: str) -> _Evidence:
    return lambda facts, position_id: any(leg.ended_by in how for leg in facts.entry_legs(position_id))


def _entry_void(*how: str) -> _Evidence:
    return lambda facts, position_id: any(leg.declared in how for leg in facts.entry_legs(position_id))


def _heard_of(facts: Facts, position_id: str) -> bool:
    return any(leg.heard_of for leg in facts.entry_legs(position_id))


def _attested(facts: Facts, position_id: str) -> bool:
    """A human said that the order is absent, by any of the names it goes by, or took the word of books without it."""
    if position_id in facts.corrected:
        return True
    names = {position_id}
    for leg in facts.entry_legs(position_id):
        names |= {leg.order_group_id, leg.leg.reference, leg.intent_id or ""}
    return any(
        decision.kind == "ATTEST_ABSENT" and decision.signer_kind == "HUMAN" and decision.subject_id in names
        for decision in facts.attestations
    )


def _adopted(facts: Facts, _: str) -> bool:
    return facts.adoptions <= facts.adopt_decisions


WORD_NEEDED: Mapping[str, tuple[_Evidence, str]] = {
    "BROKER_REJECTED": (_entry_ended("REJECTED"), "no ORDER bead carries the broker's rejection"),
    "BROKER_CANCELLED": (_entry_ended("CANCELLED", "REJECTED"), "no ORDER bead carries the broker's cancellation"),
    "BROKER_ACKNOWLEDGED": (_heard_of, "no ORDER bead carries a word of the broker"),
    "NOT_SENT": (_entry_void("NOT_SENT"), "no ORDER(NOT_SENT) says so"),
    "ATTESTED_ABSENT": (_attested, "no human attested that"),
    "ORDER_ADOPTED": (_adopted, "no human decided the adoption"),
    "HOLDING_ADOPTED": (_adopted, "no human decided the adoption"),
}
"""Triggers that claim something of the broker, and what must stand behind them."""


def _has_word(context: Context, bead: Bead) -> Said:
    yield from _held_as_reported(context, bead.payload)
    trigger, position_id = bead.payload["trigger"], bead.payload["position_id"]
    if trigger in WORD_NEEDED and bead.payload["state"] != bead.payload["previous_state"]:
        evidence, lack = WORD_NEEDED[trigger]
        facts = context.facts
        yield Promise(lambda _: evidence(facts, position_id), f"position {position_id} moved on {trigger}, and {lack}")


def _bound_as_stated(context: Context, bead: Bead) -> Said:
    """An order is adopted as the broker's books last showed it, whatever the human called it."""
    name, plan = bead.payload["permanent_id"], bead.payload["plan"]
    stated = context.facts.stated.get(name or "")
    if stated is None or plan is None:
        return
    for leg in plan.legs:
        if (stated.pair, stated.action, stated.quantity) != (plan.pair, leg.action, leg.quantity):
            ours = f"{leg.action} {leg.quantity} {plan.pair}"
            yield f"order {name} was adopted as {ours}, the books show {stated.action} {stated.quantity} {stated.pair}"


def _held_as_reported(context: Context, payload: Mapping[str, Any]) -> Said:
    """An execution of nobody's is adopted as the broker reported it."""
    name = payload["adopted_execution_id"]
    reported = None if name is None else context.facts.parked.get(name)
    ours = (payload["pair"], payload["side"], payload["filled_quantity"])
    if reported is not None and ours != (reported.pair, reported.side, reported.quantity):
        yield f"execution {name} was adopted as {' '.join(map(str, ours))}, which is not what the broker reported"


def _books_known(context: Context, bead: Bead) -> Said:
    """Between a connect and the reconciled books behind it, what the broker holds is unknown."""
    event = context.facts.session.event
    if bead.payload["intent_kind"] == "ENTRY" and event != "RECONCILED":
        yield f"entry {bead.payload['intent_id']} was prepared while the session was at {event}, not RECONCILED"


def _broker_agrees(context: Context, ledger: BrokerLedger) -> Conclusion:
    for reference, leg in context.facts.legs.items():
        if leg.declared == "NOT_SENT" and reference in ledger.received:
            yield None, f"order {reference} was recorded as not sent, and the broker received it"
        is_entry = leg.leg.role == "ENTRY" and is_ours(reference)
        if is_entry and leg.ended_by is not None and reference not in ledger.ends:
            yield None, f"order {reference} was recorded as {leg.ended_by}, which the broker never said"
    yield from _contradictions(context, ledger)


def _contradictions(context: Context, ledger: BrokerLedger) -> Conclusion:
    """An order that Phoenix holds for ended unfilled, and that the broker executed: somebody must have been told."""
    if not context.settled:
        return
    for fill in ledger.fills:
        leg = context.facts.legs.get(ledger.owner(fill) or "")
        position = None if leg is None else context.facts.positions.get(leg.position_id or "")
        if position is None or not is_ours(ledger.owner(fill)):
            continue
        if position.state in ("REJECTED", "CANCELLED", "EXPIRED") and not context.facts.criticals[position.position_id]:
            what = f"{fill.text('execution_id')} for {position.state} position {position.position_id}"
            yield None, f"the broker executed {what}, and no CRITICAL alert names it"


UNKNOWN = Rule(
    "INV-UNKNOWN-1",
    before={"POSITION": _has_word, "ORDER:PREPARED": _books_known, "ORDER:BOUND": _bound_as_stated},
    books=_broker_agrees,
    touched_by=("ORDER:PREPARED", "ORDER:BOUND"),
)
