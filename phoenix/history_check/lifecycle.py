"""Rules of the position lifecycle, with a table of their own (SPEC 3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from phoenix.history_check.facts import TERMINAL, ZERO
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Context, Promise, Rule, Said

MOVES: Mapping[str | None, Mapping[str, str]] = {
    None: {"INTENT_ACCEPTED": "PROPOSED", "ORDER_ADOPTED": "SUBMITTED", "HOLDING_ADOPTED": "FILLED"},
    "PROPOSED": {"TOKEN_ISSUED": "APPROVED", "PASSED": "CANCELLED", "SESSION_ENDED": "CANCELLED"},
    "APPROVED": {"ATTEMPT_RECORDED": "SUBMITTED", "TOKEN_ENDED": "EXPIRED", "WITHDRAWN": "EXPIRED"},
    "SUBMITTED": {
        "EXECUTION": "FILLED", "BROKER_REJECTED": "REJECTED", "BROKER_CANCELLED": "CANCELLED", "NOT_SENT": "CANCELLED",
        "SILENCE": "STALLED", "RECOVERY_INCONCLUSIVE": "STALLED",
    },
    "STALLED": {
        "EXECUTION": "FILLED", "BROKER_ACKNOWLEDGED": "SUBMITTED", "BROKER_REJECTED": "REJECTED",
        "BROKER_CANCELLED": "CANCELLED", "ATTESTED_ABSENT": "CANCELLED",
    },
    "FILLED": {"PROTECTION_EXACT": "MANAGED", "EXIT_COMPLETED": "CLOSED"},
    "MANAGED": {"EXIT_COMPLETED": "CLOSED"},
}  # fmt: skip
"""From a state, by a trigger, to a state. Terminal states have no moves."""

EXECUTED_IN_PLACE = frozenset({"FILLED", "MANAGED"}) | TERMINAL
"""States in which an execution, or a human's correction, changes quantities and nothing else."""


def _chained(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    position = context.facts.positions.get(payload["position_id"])
    known = None if position is None else position.state
    if payload["previous_state"] != known:
        yield f"position {payload['position_id']} says it was {payload['previous_state']}, its last bead said {known}"


def _told_of_execution(context: Context, bead: Bead) -> Said:
    position = context.facts.positions.get(bead.payload["position_id"] or "")
    if bead.event not in ("BOOKED", "CORRECTED", "BUSTED") or position is None or position.state in TERMINAL:
        return
    yield Promise(
        lambda _: position.last_seq > bead.seq,
        f"execution {bead.payload['execution_id']} has no POSITION bead of {position.position_id} behind it",
    )


def _told_of_attempt(context: Context, bead: Bead) -> Said:
    yield from _reaches(context, bead.payload["position_id"], bead.payload["intent_id"], "SUBMITTED")


def _told_of_approval(context: Context, bead: Bead) -> Said:
    intent = context.facts.intents.get(bead.payload["intent_id"])
    yield from _reaches(context, intent.position_id if intent else None, bead.payload["intent_id"], "APPROVED")


def _told_of_proposal(context: Context, bead: Bead) -> Said:
    if bead.payload["kind"] == "ENTRY" and bead.payload["origin"] != "ADOPT":
        yield from _reaches(context, bead.payload["position_id"], bead.payload["intent_id"], "PROPOSED", new=True)


def _reaches(
    context: Context, position_id: str | None, intent_id: str | None, state: str, *, new: bool = False
) -> Said:
    if position_id is None or not (new or context.facts.kind_of(intent_id) == "ENTRY"):
        return
    positions = context.facts.positions
    yield Promise(
        lambda _: position_id in positions and state in positions[position_id].reached,
        f"position {position_id} should have become {state}, and no POSITION bead says so",
    )


def _told_of_token_end(context: Context, bead: Bead) -> Said:
    """A token that ends for good takes APPROVED along, unless another one is issued."""
    token_id, facts = bead.payload["token_id"], context.facts
    intent = facts.intents.get(bead.payload["intent_id"])
    if intent is None or intent.kind != "ENTRY" or (bead.event == "REJECTED" and not bead.payload["final"]):
        return

    def moved(_: datetime) -> bool:
        position = facts.positions.get(intent.position_id or "")
        alive = any(facts.tokens[known].end is None for known in intent.token_ids)
        return alive or position is None or position.state != "APPROVED"

    yield Promise(moved, f"token {token_id} ended and the position of intent {intent.intent_id} stayed APPROVED")


AUDITED = Rule(
    "INV-POSITION-AUDIT-1",
    before={
        "POSITION": _chained,
        "EXECUTION": _told_of_execution,
        "INTENT": _told_of_proposal,
        "ORDER:PREPARED": _told_of_attempt,
        "T2_TOKEN:ISSUED": _told_of_approval,
        "T2_TOKEN:EXPIRED": _told_of_token_end,
        "T2_TOKEN:REJECTED": _told_of_token_end,
    },
    touched_by=("POSITION",),
)


def _valid_move(_: Context, bead: Bead) -> Said:
    payload = bead.payload
    former, state, trigger = payload["previous_state"], payload["state"], payload["trigger"]
    executed = trigger == "EXECUTION" and state in EXECUTED_IN_PLACE
    adjusted = trigger == "ADJUSTED" and state in EXECUTED_IN_PLACE and payload["adjusted"] is not None
    in_place = former == state and (executed or _hands_over(payload) or adjusted)
    if not in_place and MOVES.get(former, {}).get(trigger) != state:
        yield f"position {payload['position_id']}: {former} does not become {state} by {trigger}"
    if state == "MANAGED" and former == "FILLED" and payload["protection"] != "EXACT":
        yield f"position {payload['position_id']} became MANAGED with protection {payload['protection']}"
    if state == "CLOSED" and former != "CLOSED" and payload["open_quantity"] != ZERO:
        yield f"position {payload['position_id']} was closed with {payload['open_quantity']} open"


def _hands_over(payload: Mapping[str, Any]) -> bool:
    """Whether a position gives to an adopter what came after its end, or past flat."""
    given = payload["handed_over"] if payload["trigger"] == "HOLDING_ADOPTED" else None
    return given is not None and (given < ZERO or payload["state"] in TERMINAL)


VALID = Rule("INV-POSITION-SM-1", before={"POSITION": _valid_move})


def _silence_ends(context: Context, bead: Bead) -> Said:
    payload, facts, limits = bead.payload, context.facts, context.limits
    position_id = payload["position_id"]
    if payload["state"] == "SUBMITTED" and payload["previous_state"] == "APPROVED":
        yield Promise(
            kept=lambda _: any(leg.heard_of for leg in facts.entry_legs(position_id)),
            otherwise=f"position {position_id} stayed SUBMITTED without a word of the broker and did not stall",
            due=context.after(bead.timestamp, limits.ack_limit_s),
            grace_s=limits.ack_limit_s,
            off=lambda: facts.positions[position_id].state != "SUBMITTED",
        )
    if payload["state"] == "STALLED" and payload["previous_state"] != "STALLED":
        if payload["trigger"] == "SILENCE" and any(leg.heard_of for leg in facts.entry_legs(position_id)):
            yield f"position {position_id} stalled on silence although the broker had answered"
        yield Promise(
            kept=lambda until: facts.critical_alert(position_id, bead.timestamp - limits.tolerance, until),
            otherwise=f"position {position_id} stalled and no CRITICAL alert names it",
            due=bead.timestamp,
        )


SILENCE = Rule("INV-POSITION-SUBMITTED-TTL-1", after={"POSITION": _silence_ends}, touched_by=("ORDER:PREPARED",))
