"""How the facts grow, bead by bead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from phoenix.history_check import fold_orders
from phoenix.history_check.facts import (
    Correction,
    Decision,
    Drift,
    Evidence,
    Facts,
    Flag,
    Intent,
    Raised,
    Signal,
    Token,
)
from phoenix.history_check.records import Bead, decimal, digest


def apply(facts: Facts, bead: Bead) -> None:
    """Take one more bead into the facts."""
    handler = _HANDLERS.get(bead.kind)
    if handler is not None:
        handler(facts, bead, bead.payload)


def _signal(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    document = payload.get("document")
    parameters = document.get("parameters") if isinstance(document, dict) else None
    levels = parameters if isinstance(parameters, dict) else {}
    signal = Signal(
        payload["signal_id"],
        payload["strategy_id"],
        payload["pair"],
        (_level(levels.get("entry")), _level(levels.get("stop")), _level(levels.get("target"))),
        bead.timestamp,
    )
    facts.signals.setdefault(signal.signal_id, signal)


def _level(text: object) -> Decimal | None:
    """A price of a signal; None where it does not read, which its own rule reports."""
    try:
        return decimal(text)
    except (TypeError, ValueError):
        return None


def _intent(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    intent = Intent(
        intent_id=payload["intent_id"],
        kind=payload["kind"],
        position_id=payload["position_id"],
        signal_id=payload["signal_id"],
        strategy_id=payload["strategy_id"],
        side=payload["side"],
        maximum_quantity=payload["maximum_quantity"],
    )
    facts.intents.setdefault(intent.intent_id, intent)


def _evidence(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    intent = facts.intents.get(payload["intent_id"])
    if intent is None:
        return
    evidence = Evidence(
        bundle_hash=payload["bundle_hash"],
        genuine=digest(payload.get("bundle")) == payload["bundle_hash"],
        order_hash=payload["order_hash"],
        stale_at=payload["stale_at"],
        **_promotion_bundle(payload.get("bundle")),
    )
    intent.evidence[evidence.bundle_hash] = evidence
    intent.latest = evidence


def _promotion_bundle(bundle: object) -> dict[str, Any]:
    """What the bundle of a promotion says of its checklist; of any other nothing."""
    if not isinstance(bundle, dict) or bundle.get("kind") != "PROMOTE":
        return {}
    items = bundle.get("checklist")
    passed = isinstance(items, list) and bool(items) and all(isinstance(i, dict) and i.get("passed") for i in items)
    return {"complete": passed and bundle.get("complete") is True, "performance_bead_id": bundle["performance_bead_id"]}


def _decision(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    proof = payload.get("proof")
    words = proof.values() if isinstance(proof, dict) else (proof,)
    decision = Decision(
        decision_id=payload["decision_id"],
        kind=payload["kind"],
        subject_id=payload["subject_id"],
        evidence_hash=payload["evidence_hash"],
        reason=payload["reason"],
        signer_kind=bead.signer_kind,
        signer=bead.signer,
        by_passkey="PASSKEY" in words,
        has_proof=bool(proof),
    )
    facts.decisions.setdefault(decision.decision_id, decision)
    if decision.kind == "ATTEST_ABSENT":
        facts.attestations.append(decision)
    facts.adopt_decisions += decision.kind == "ADOPT" and decision.signer_kind == "HUMAN"


def _token(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    token_id, event = payload["token_id"], payload["event"]
    if event == "ISSUED":
        _issued(facts, payload)
        return
    token = facts.tokens.get(token_id)
    if token is not None and token.end is None and (event in ("USED", "EXPIRED") or payload["final"]):
        token.end = event


def _issued(facts: Facts, payload: Mapping[str, Any]) -> None:
    token = Token(
        token_id=payload["token_id"],
        intent_id=payload["intent_id"],
        evidence_hash=payload["evidence_hash"],
        issued_at=payload["issued_at"],
        expires_at=payload["expires_at"],
        decision_id=payload["decision_id"],
    )
    facts.tokens.setdefault(token.token_id, token)
    intent = facts.intents.get(token.intent_id)
    if intent is not None:
        intent.token_ids.append(token.token_id)


def _flag(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    flag_id = payload["flag_id"]
    if payload["event"] == "SET":
        flag = Flag(flag_id, payload["strategy_id"], payload["source"], bead.timestamp, bead.seq, payload["expires_at"])
        facts.flags.setdefault(flag_id, flag)
        facts.active_flags[flag_id] = facts.flags[flag_id]
        return
    ended = facts.active_flags.pop(flag_id, None)
    if ended is not None:
        ended.ended_at = bead.timestamp


def _refusal(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    facts.refused_decisions.add(payload["decision_id"] or payload["subject_id"])


def _drift(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    former = facts.drifts.get(payload["supersedes"] or "")
    if former is not None:
        former.resolved = True
    change = _net(payload.get("broker_state")), _net(payload.get("phoenix_state"))
    facts.drifts[bead.bead_id] = Drift(
        bead.bead_id, payload["pair"], payload["position_id"], payload["key"] or "",
        None if change[0] is None or change[1] is None else change[0] - change[1],
    )  # fmt: skip
    facts.drifted_at = bead.seq


def _net(state: object) -> Decimal | None:
    """The net that one side of a drift states, where it is about nets."""
    return _level(state.get("net")) if isinstance(state, dict) else None


def _run(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    if payload["verdict"] == "UNKNOWN":
        return
    facts.compared_at = bead.timestamp
    standing = payload["mismatches"]
    facts.questioned = frozenset(
        (*(one.key for one in standing), *(one.pair for one in standing), *payload["silenced"])
    )


def _resolution(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    if payload["decision_id"] is not None:
        facts.resolutions_by_decision.add(payload["decision_id"])
    drift = facts.drifts.get(payload["drift_bead_id"])
    if drift is None:
        return
    drift.resolved = True
    pair, quantity, unattributed = payload["pair"], payload["quantity"], payload["unattributed"] or Decimal(0)
    if payload["resolution"] == "PHOENIX_CORRECTED" and bead.signer_kind == "HUMAN":
        facts.corrected.add(payload["position_id"] or "")
    if payload["resolution"] == "PHOENIX_CORRECTED" and pair is not None and quantity is not None:
        facts.corrections[payload["decision_id"] or ""] = Correction(pair, quantity - unattributed)
        facts.unattributed[pair] += unattributed


def _alert(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    if payload["event"] != "RAISED":
        return
    critical, position_id = payload["severity"] == "CRITICAL", payload["position_id"]
    words = f"{payload['kind']} {payload['dedupe_key']}".upper()
    facts.alerts.append(Raised(bead.timestamp, critical, words, position_id))
    if critical:
        facts.criticals[position_id or ""].append(bead.timestamp)


def _performance(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    strategy_id = payload["strategy_id"]
    facts.sessions_traded[strategy_id][payload["session_date"]] = payload["market_regime"]
    facts.last_performance[strategy_id] = bead.bead_id
    facts.shadow_trades[strategy_id] += payload["trades"]


def _autopsy(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    facts.shadow_autopsies[payload["strategy_id"]] += payload["shadow"]


def _promotion(facts: Facts, bead: Bead, payload: Mapping[str, Any]) -> None:
    if payload["event"] == "PROMOTED":
        facts.promoted[payload["strategy_id"]] = payload["intent_id"]
        facts.promoted_at[payload["strategy_id"]] = bead.timestamp


def _strategy(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    facts.modes[payload["strategy_id"]] = payload["mode"]


def _session(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    event, session = payload["event"], facts.session
    if event in ("DATA_STALE", "DATA_RESTORED"):
        return
    session.event = event
    session.attempts = session.attempts + 1 if event == "RECONNECTING" else session.attempts
    if event in ("CONNECTED", "RECONNECTED", "RECONCILED"):
        session.attempts = 0
    session.account = payload["account"] or session.account
    session.mode = payload["mode"] or session.mode


def _account(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    facts.session.account, facts.session.mode = payload["account"], payload["mode"]


def _config(facts: Facts, _: Bead, payload: Mapping[str, Any]) -> None:
    facts.session.live_allowed = _holds(payload.get("settings"), "allow_live")


def _holds(value: object, name: str) -> bool:
    """Whether a setting is true, wherever in the settings it stands."""
    if isinstance(value, dict):
        return value.get(name) in (True, "true") or any(_holds(item, name) for item in value.values())
    return False


_HANDLERS: Mapping[str, Callable[[Facts, Bead, Mapping[str, Any]], None]] = {
    "SIGNAL": _signal, "INTENT": _intent, "EVIDENCE": _evidence, "DECISION": _decision, "T2_TOKEN": _token,
    "ORDER": fold_orders.order, "EXECUTION": fold_orders.execution,
    "POSITION": fold_orders.position, "KILL_FLAG": _flag, "REFUSAL": _refusal,
    "RECONCILIATION_DRIFT": _drift, "RECONCILIATION_RUN": _run,
    "RECONCILIATION_RESOLUTION": _resolution, "ALERT": _alert,
    "PERFORMANCE": _performance, "AUTOPSY": _autopsy, "PROMOTION": _promotion, "STRATEGY": _strategy,
    "BROKER_SESSION": _session,
    "ACCOUNT": _account, "CONFIG_CHANGE": _config,
}  # fmt: skip
