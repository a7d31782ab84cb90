"""Rules of what stops an entry: kill flags and stale anchors."""

from __future__ import annotations

from datetime import datetime, timedelta

from phoenix.history_check.facts import Flag
from phoenix.history_check.ledger import BrokerLedger
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Conclusion, Context, Promise, Rule, Said

_ENTRY_STEPS = {"INTENT_ACCEPTED": "proposed", "TOKEN_ISSUED": "approved", "ATTEMPT_RECORDED": "submitted"}


def _no_step_while_killed(context: Context, bead: Bead) -> Said:
    step = _ENTRY_STEPS.get(bead.payload["trigger"])
    if step is None or bead.payload["state"] == bead.payload["previous_state"]:
        return
    for flag in context.facts.flags_for(bead.payload["strategy_id"]):
        yield f"position {bead.payload['position_id']} was {step} under kill flag {flag.flag_id}"


def _no_token_while_killed(context: Context, bead: Bead) -> Said:
    yield from _entry_while_killed(context, bead.payload["intent_id"], f"T2_TOKEN({bead.event})")


def _no_order_while_killed(context: Context, bead: Bead) -> Said:
    yield from _entry_while_killed(context, bead.payload["intent_id"], "ORDER(PREPARED)")


def _entry_while_killed(context: Context, intent_id: str | None, what: str) -> Said:
    if context.facts.kind_of(intent_id) != "ENTRY":
        return
    for flag in context.facts.flags_for(context.facts.strategy_of(intent_id)):
        yield f"{what} of entry {intent_id} under kill flag {flag.flag_id}"


def _ended_rightly(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    flag = context.facts.active_flags.get(payload["flag_id"])
    if flag is None:
        yield f"kill flag {payload['flag_id']} ended without being active"
    elif bead.event == "EXPIRED" and (flag.expires_at is None or bead.timestamp < flag.expires_at):
        yield f"kill flag {flag.flag_id} was recorded as expired before its time"
    elif bead.event == "LIFTED":
        decision = context.facts.decisions.get(payload["decision_id"] or "")
        signer = bead.signer_kind if decision is None else decision.signer_kind
        reason = payload["reason"] if decision is None else decision.reason
        if signer != "HUMAN" or not (reason or "").strip():
            yield f"kill flag {flag.flag_id} was lifted without a human and a reason"


def _no_entry_received_while_killed(context: Context, ledger: BrokerLedger) -> Conclusion:
    """The last look: a flag set behind the attempt still keeps the order from the broker."""
    tolerance = context.limits.tolerance
    for order in ledger.orders:
        leg = context.facts.legs.get(order.reference or "")
        if leg is None or leg.intent_kind != "ENTRY" or order.at <= leg.prepared_at + tolerance:
            continue
        for flag in context.facts.flags.values():
            if flag.covers(context.facts.strategy_of(leg.intent_id)) and _bound(flag, tolerance, order.at):
                yield None, f"order {order.reference} was received under kill flag {flag.flag_id}"


def _bound(flag: Flag, tolerance: timedelta, at: datetime) -> bool:
    return flag.set_at + tolerance < at and (flag.ended_at is None or at < flag.ended_at)


KILL = Rule(
    "INV-KILL-BLOCKS-ENTRY-1",
    before={
        "POSITION": _no_step_while_killed,
        "T2_TOKEN:ISSUED": _no_token_while_killed,
        "T2_TOKEN:USED": _no_token_while_killed,
        "ORDER:PREPARED": _no_order_while_killed,
        "KILL_FLAG:LIFTED": _ended_rightly,
        "KILL_FLAG:EXPIRED": _ended_rightly,
    },
    books=_no_entry_received_while_killed,
    touched_by=("KILL_FLAG",),
)


def _stale_kills(context: Context, bead: Bead) -> Said:
    """Beyond the threshold, a conflict has a temporary flag on the strategy, once per intent."""
    payload, facts, limits = bead.payload, context.facts, context.limits
    flag_id, beyond = payload["kill_flag_id"], payload["age_s"] > limits.stale_threshold_s
    if flag_id is not None and not beyond:
        yield f"a conflict at an age of {payload['age_s']} s set a kill flag"
    if not beyond:
        return
    subject = payload["intent_id"] or payload["signal_id"] or ""
    if flag_id is None:
        if subject not in facts.stale_killed:
            yield f"the anchor of {subject} was {payload['age_s']} s old and no kill flag was set"
        return
    facts.stale_killed.add(subject)
    yield Promise(
        lambda _: _is_temporary(facts.flags.get(flag_id), payload["strategy_id"], limits.stale_kill_s),
        f"the conflict names kill flag {flag_id}, which is not a flag of {limits.stale_kill_s} s on the strategy",
    )


def _is_temporary(flag: Flag | None, strategy_id: str, life_s: int) -> bool:
    if flag is None or flag.expires_at is None or flag.strategy_id != strategy_id:
        return False
    return flag.expires_at - flag.set_at == timedelta(seconds=life_s)


def _nothing_on_stale(context: Context, bead: Bead) -> Said:
    """No token and no order for an entry whose evidence no longer stood."""
    intent = context.facts.intents.get(bead.payload["intent_id"] or "")
    if intent is None or intent.kind != "ENTRY" or intent.latest is None:
        return
    stale_at = intent.latest.stale_at
    if stale_at is not None and bead.timestamp > stale_at:
        yield f"{bead.kind}({bead.event}) of entry {intent.intent_id} after its anchor went stale at {stale_at}"


def _stale_instant(context: Context, bead: Bead) -> Said:
    captured_at, stale_at = bead.payload["anchor_captured_at"], bead.payload["stale_at"]
    if captured_at is None or stale_at is None:
        return
    if (stale_at - captured_at).total_seconds() > context.limits.stale_threshold_s:
        yield f"the evidence calls its anchor fresh for {stale_at - captured_at}"


STALE = Rule(
    "INV-STALE-KILL-1",
    before={
        "STATE_CONFLICT": _stale_kills,
        "T2_TOKEN:ISSUED": _nothing_on_stale,
        "ORDER:PREPARED": _nothing_on_stale,
        "EVIDENCE": _stale_instant,
    },
    touched_by=("STATE_CONFLICT",),
)
