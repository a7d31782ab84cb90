"""Rules of promotion: complete evidence, a human's token, no kill flag, no drift (SPEC 3.10)."""

from __future__ import annotations

from phoenix.history_check.gate import APPROVING
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Context, Rule, Said

SESSIONS_MIN = 20
REGIMES_NEEDED = frozenset({"TREND", "RANGE"})


def _complete(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    intent = facts.intents.get(payload["intent_id"])
    evidence = None if intent is None else intent.evidence.get(payload["evidence_hash"])
    if evidence is None or not evidence.genuine:
        yield f"strategy {payload['strategy_id']} was promoted on evidence that no genuine EVIDENCE bead holds"
    traded = facts.sessions_traded[payload["strategy_id"]]
    if len(traded) < SESSIONS_MIN:
        yield f"strategy {payload['strategy_id']} was promoted after {len(traded)} sessions of {SESSIONS_MIN}"
    if missing := REGIMES_NEEDED - set(traded.values()):
        yield f"strategy {payload['strategy_id']} was promoted without a session of {', '.join(sorted(missing))}"


def _by_token(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    intent = facts.intents.get(payload["intent_id"])
    tokens = [] if intent is None or intent.kind != "PROMOTE" else [facts.tokens[known] for known in intent.token_ids]
    used = next((t for t in tokens if t.end == "USED" and t.evidence_hash == payload["evidence_hash"]), None)
    if used is None:
        yield f"strategy {payload['strategy_id']} was promoted without a used token of a PROMOTE intent"
        return
    decision = facts.decisions.get(used.decision_id or "")
    if decision is None or decision.signer_kind != "HUMAN" or decision.kind not in APPROVING["PROMOTE"]:
        yield f"strategy {payload['strategy_id']} was promoted without a human's decision"


def _live_by_promotion(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    if facts.modes.get(payload["strategy_id"]) != "SHADOW" or payload["mode"] != "LIVE":
        return
    if facts.promoted.get(payload["strategy_id"]) != (payload["promotion_intent_id"] or ""):
        yield f"strategy {payload['strategy_id']} became LIVE without its PROMOTION bead"


def _no_kill(context: Context, bead: Bead) -> Said:
    for flag in context.facts.flags_for(bead.payload["strategy_id"]):
        yield f"strategy {bead.payload['strategy_id']} was promoted under kill flag {flag.flag_id}"


def _no_drift(context: Context, bead: Bead) -> Said:
    strategy_id = bead.payload["strategy_id"]
    for drift in context.facts.open_drifts():
        yield f"strategy {strategy_id} was promoted with drift {drift.bead_id} in {drift.pair} unresolved"
    for position in context.facts.positions.values():
        if position.state == "STALLED":
            yield f"strategy {strategy_id} was promoted with position {position.position_id} stalled"


EVIDENCE = Rule("INV-PROMOTION-EVIDENCE-1", before={"PROMOTION": _complete})
TOKEN = Rule(
    "INV-PROMOTION-T2-1", before={"PROMOTION": _by_token, "STRATEGY": _live_by_promotion}, touched_by=("PROMOTION",)
)
NO_KILL = Rule("INV-PROMOTION-SAFE-1", before={"PROMOTION": _no_kill})
NO_DRIFT = Rule("INV-PROMOTION-SAFE-2", before={"PROMOTION": _no_drift})
