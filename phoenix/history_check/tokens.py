"""Rules of the T2 token: one use, five minutes, three per intent, and a bead for everything."""

from __future__ import annotations

from datetime import timedelta

from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Context, Promise, Rule, Said

TOKENS_PER_INTENT_MAX = 3


def _issued_once(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    token_id, intent = payload["token_id"], facts.intents.get(payload["intent_id"])
    if token_id in facts.tokens:
        yield f"token {token_id} was issued twice"
    if payload["issued_at"] is None or payload["expires_at"] is None:
        yield f"token {token_id} was issued without its instants"
    elif payload["expires_at"] - payload["issued_at"] != timedelta(seconds=context.limits.token_life_s):
        yield f"token {token_id} lives {payload['expires_at'] - payload['issued_at']}, not 5 minutes"
    if intent is None:
        yield f"token {token_id} was issued for an intent that no bead knows"
        return
    if len(intent.token_ids) >= TOKENS_PER_INTENT_MAX:
        yield f"intent {intent.intent_id} got more than {TOKENS_PER_INTENT_MAX} tokens"
    if any(facts.tokens[known].end is None for known in intent.token_ids):
        yield f"token {token_id} was issued while a former one of its intent was alive"
    if intent.prepared:
        yield f"token {token_id} was issued after the intent's attempt"


def _used_in_time(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    token = context.facts.tokens.get(payload["token_id"])
    if token is None:
        yield f"token {payload['token_id']} was used without having been issued"
        return
    if token.end is not None:
        yield f"token {token.token_id} was used after its end as {token.end}"
    if token.expires_at is not None and not bead.timestamp < token.expires_at:
        yield f"token {token.token_id} was used at {bead.timestamp}, after it expired"
    if payload["intent_id"] != token.intent_id or payload["evidence_hash"] != token.evidence_hash:
        yield f"token {token.token_id} was used for another intent or other evidence than it was issued for"


def _expired_rightly(context: Context, bead: Bead) -> Said:
    token = context.facts.tokens.get(bead.payload["token_id"])
    if token is None:
        yield f"token {bead.payload['token_id']} expired without having been issued"
    elif token.end is not None:
        yield f"token {token.token_id} expired after its end as {token.end}"
    elif token.expires_at is not None and bead.timestamp < token.expires_at:
        yield f"token {token.token_id} was recorded as expired before its time"


def _ended_once(context: Context, bead: Bead) -> Said:
    token = context.facts.tokens.get(bead.payload["token_id"])
    if bead.payload["final"] and token is not None and token.end is not None:
        yield f"token {token.token_id} was revoked after its end as {token.end}"
    if bead.payload["reason"] is None:
        yield "a token was rejected without a reason"


SINGLE_USE = Rule(
    "INV-T2-TOKEN-1",
    before={
        "T2_TOKEN:ISSUED": _issued_once,
        "T2_TOKEN:USED": _used_in_time,
        "T2_TOKEN:EXPIRED": _expired_rightly,
        "T2_TOKEN:REJECTED": _ended_once,
    },
)


def _end_recorded(context: Context, bead: Bead) -> Said:
    """A token that was not used or revoked gets its EXPIRED bead within the sweep."""
    payload, tokens = bead.payload, context.facts.tokens
    for name in ("secret_hash", "approver", "decision_id"):
        if payload[name] is None:
            yield f"the bead that issues token {payload['token_id']} lacks {name}"
    if payload["expires_at"] is not None:
        yield Promise(
            kept=lambda _: tokens[payload["token_id"]].end is not None,
            otherwise=f"token {payload['token_id']} timed out and no T2_TOKEN(EXPIRED) says so",
            due=context.after(payload["expires_at"], context.limits.token_sweep_s),
            grace_s=context.limits.token_sweep_s,
        )


def _state_has_token(context: Context, bead: Bead) -> Said:
    """APPROVED and EXPIRED come from tokens; the beads of those tokens are there."""
    intent_id, facts, state = bead.payload["intent_id"], context.facts, bead.payload["state"]
    if state == bead.payload["previous_state"] or state not in ("APPROVED", "EXPIRED"):
        return

    def ends() -> list[str | None]:
        intent = facts.intents.get(intent_id)
        return [] if intent is None else [facts.tokens[known].end for known in intent.token_ids]

    if state == "APPROVED":
        yield Promise(lambda _: bool(ends()), f"intent {intent_id} was approved and no T2_TOKEN(ISSUED) says so")
    else:
        yield Promise(
            lambda _: any(end in ("EXPIRED", "REJECTED") for end in ends()),
            f"the position of intent {intent_id} expired and no T2_TOKEN bead ends its token",
        )


AUDITED = Rule(
    "INV-T2-TOKEN-AUDIT-1",
    before={"T2_TOKEN:ISSUED": _end_recorded, "POSITION": _state_has_token},
    touched_by=("T2_TOKEN",),
)
