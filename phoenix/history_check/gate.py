"""Rules of the gate: no order without a human's token for exactly that order, on an account that fits the mode."""

from __future__ import annotations

from collections.abc import Mapping

from phoenix.history_check.facts import Decision, Evidence, Intent, LegFacts, Token
from phoenix.history_check.ledger import BrokerLedger, LedgerRecord, is_ours
from phoenix.history_check.records import Bead, Plan
from phoenix.history_check.rules import Conclusion, Context, Promise, Rule, Said

APPROVING: Mapping[str, frozenset[str]] = {
    "ENTRY": frozenset({"APPROVE"}),
    "EXIT": frozenset({"APPROVE", "CLOSE"}),
    "PROTECT": frozenset({"APPROVE", "PROTECT"}),
    "PROMOTE": frozenset({"APPROVE", "PROMOTE"}),
}
"""The decisions that may bring about a token, by the kind of intent."""

ACCOUNT_PREFIX = {"SIMULATOR": "SIM", "PAPER": "DU", "LIVE": "U"}


def _prepared_with_token(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    plan, intent = payload["plan"], facts.intents.get(payload["intent_id"] or "")
    token = facts.tokens.get(payload["token_id"] or "")
    if plan is None or intent is None:
        yield f"order group {payload['order_group_id']} was prepared without a plan or without a known intent"
        return
    if token is None or token.intent_id != intent.intent_id:
        yield f"order group {payload['order_group_id']} was prepared without a token of its intent"
        return
    if payload["order_hash"] != plan.terms_hash:
        yield f"order group {plan.order_group_id}: the order hash is not that of its legs"
    yield Promise(lambda _: token.end == "USED", f"order group {plan.order_group_id}: its token was not used")
    yield from _on_evidence(intent, token, plan)
    yield from _by_decision(facts.decisions.get(token.decision_id or ""), intent, token)


def _on_evidence(intent: Intent, token: Token, plan: Plan) -> Said:
    evidence = intent.evidence.get(token.evidence_hash)
    if evidence is None:
        yield f"token {token.token_id} is bound to evidence that no EVIDENCE bead of its intent holds"
        return
    if not evidence.genuine:
        yield f"the evidence of intent {intent.intent_id} does not hash to its stated bundle hash"
    yield from _same_order(intent, evidence, plan)


def _same_order(intent: Intent, evidence: Evidence, plan: Plan) -> Said:
    """An entry is exactly what was approved. An exit is bound to a maximum instead, see INV-EXIT-1."""
    if intent.kind == "ENTRY" and evidence.order_hash != plan.terms_hash:
        yield f"order group {plan.order_group_id} is not the order that was approved"


def _by_decision(decision: Decision | None, intent: Intent, token: Token) -> Said:
    if decision is None:
        yield f"token {token.token_id} names no decision"
        return
    if decision.signer_kind != "HUMAN" or decision.kind not in APPROVING.get(intent.kind, frozenset()):
        yield f"token {token.token_id} rests on a {decision.kind} by {decision.signer_kind}, not a human's approval"
    if decision.evidence_hash != token.evidence_hash:
        yield f"decision {decision.decision_id} approves other evidence than token {token.token_id} is bound to"


def _received_was_prepared(context: Context, ledger: BrokerLedger) -> Conclusion:
    for order in ledger.orders:
        leg = context.facts.legs.get(order.reference or "")
        if leg is None and (order.reference is None or is_ours(order.reference)):
            yield None, f"the broker received order {order.reference!r} (ledger {order.seq}), which was never prepared"
        elif leg is not None:
            yield from _same_terms(order, leg)
    for amended in ledger.amendments:
        if ledger.owner(amended) in context.facts.legs:
            yield None, f"order {ledger.owner(amended)} was amended at the broker (ledger {amended.seq})"


def _same_terms(order: LedgerRecord, leg: LegFacts) -> Conclusion:
    planned = leg.leg
    pairs = {
        "quantity": (order.number("quantity"), planned.quantity),
        "limit_price": (order.number("limit_price"), planned.limit_price),
        "stop_price": (order.number("stop_price"), planned.stop_price),
        "action": (order.text("action"), planned.action),
        "order_type": (order.text("order_type"), planned.order_type),
        "time_in_force": (order.text("time_in_force"), planned.time_in_force),
        "account": (order.text("account"), leg.account),
        "pair": (order.text("pair"), leg.pair),
    }
    for name, (received, prepared) in pairs.items():
        if received != prepared:
            yield None, f"order {planned.reference}: prepared with {name} {prepared}, received with {received}"


GATE = Rule("INV-T2-GATE-1", before={"ORDER:PREPARED": _prepared_with_token}, books=_received_was_prepared)


def _issued_by_human(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    decision = facts.decisions.get(payload["decision_id"] or "")
    if decision is None:
        yield f"token {payload['token_id']} was issued without a decision"
        return
    kind = facts.kind_of(payload["intent_id"]) or ""
    if decision.signer_kind != "HUMAN" or decision.kind not in APPROVING.get(kind, frozenset()):
        yield f"token {payload['token_id']} was issued on a {decision.kind} by {decision.signer_kind}"
    if decision.signer != payload["approver"]:
        yield f"token {payload['token_id']} names {payload['approver']}, the decision was by {decision.signer}"
    if not decision.has_proof:
        yield f"decision {decision.decision_id} carries no proof of a human"
    elif facts.session.mode in ("PAPER", "LIVE") and not decision.by_passkey:
        yield f"decision {decision.decision_id} on a {facts.session.mode} account was not proven by a passkey"


HUMAN = Rule("INV-HUMAN-1", before={"T2_TOKEN:ISSUED": _issued_by_human})


def _account_fits(context: Context, bead: Bead) -> Said:
    session, plan = context.facts.session, bead.payload["plan"]
    if plan is None:
        return
    if session.mode is None or session.account is None:
        yield f"order group {plan.order_group_id} was prepared while account and mode were unknown"
        return
    if plan.account != session.account:
        yield f"order group {plan.order_group_id} is for {plan.account}, the session has {session.account}"
    prefix = ACCOUNT_PREFIX.get(session.mode)
    is_other = session.mode == "LIVE" and plan.account.startswith("DU")
    if prefix is None or not plan.account.startswith(prefix) or is_other:
        yield f"account {plan.account} does not fit mode {session.mode}"
    if session.mode == "LIVE" and not session.live_allowed:
        yield f"order group {plan.order_group_id} was prepared live, and no configuration allows that"


PAPER_GUARD = Rule("INV-PAPER-GUARD-1", before={"ORDER:PREPARED": _account_fits})
