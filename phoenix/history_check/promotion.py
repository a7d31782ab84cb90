"""Rules of promotion: complete evidence, a human's token, no kill flag, no drift (SPEC 3.10)."""

from __future__ import annotations

from phoenix.history_check.gate import APPROVING
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Context, Rule, Said

SESSIONS_MIN = 20
REGIMES_NEEDED = frozenset({"TREND", "RANGE"})


def _complete(context: Context, bead: Bead) -> Said:
    payload, facts = bead.payload, context.facts
    strategy_id = payload["strategy_id"]
    intent = facts.intents.get(payload["intent_id"])
    evidence = None if intent is None else intent.evidence.get(payload["evidence_hash"])
    if evidence is None or not evidence.genuine:
        yield f"strategy {strategy_id} was promoted on evidence that no genuine EVIDENCE bead holds"
    elif not evidence.complete:
        yield f"strategy {strategy_id} was promoted on evidence whose own checklist is incomplete"
    elif evidence.performance_bead_id != facts.last_performance.get(strategy_id):
        yield f"strategy {strategy_id} was promoted on evidence that lacks its last PERFORMANCE bead"
    yield from _recorded(context, strategy_id)


def _recorded(context: Context, strategy_id: str) -> Said:
    facts = context.facts
    traded = facts.sessions_traded[strategy_id]
    if len(traded) < SESSIONS_MIN:
        yield f"strategy {strategy_id} was promoted after {len(traded)} sessions of {SESSIONS_MIN}"
    if missing := REGIMES_NEEDED - set(traded.values()):
        yield f"strategy {strategy_id} was promoted without a session of {', '.join(sorted(missing))}"
    trades, examined = facts.shadow_trades[strategy_id], facts.shadow_autopsies[strategy_id]
    if examined < trades:
        yield f"strategy {strategy_id} was promoted with {examined} autopsies of {trades} shadow trades"


def _session_once(context: Context, bead: Bead) -> Said:
    strategy_id, day = bead.payload["strategy_id"], bead.payload["session_date"]
    if day in context.facts.sessions_traded[strategy_id]:
        yield f"the session of {day} was recorded twice for strategy {strategy_id}"


def _live_trades_were_promoted(context: Context, bead: Bead) -> Said:
    """On a live account an entry is of a LIVE strategy, and of a signal that came after its promotion."""
    facts, payload = context.facts, bead.payload
    if payload["intent_kind"] != "ENTRY" or facts.session.mode != "LIVE":
        return
    intent = facts.intents.get(payload["intent_id"] or "")
    if intent is None or intent.strategy_id is None:
        return
    if facts.modes.get(intent.strategy_id) == "SHADOW":
        yield f"an entry of strategy {intent.strategy_id} was prepared on a live account while it was in SHADOW"
        return
    signal, promoted_at = facts.signals.get(intent.signal_id or ""), facts.promoted_at.get(intent.strategy_id)
    if signal is not None and promoted_at is not None and signal.received_at <= promoted_at:
        yield f"signal {signal.signal_id} came before strategy {intent.strategy_id} was promoted, and was traded live"


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
    if facts.modes.get(payload["strategy_id"]) == "LIVE" and payload["mode"] != "LIVE":
        yield f"strategy {payload['strategy_id']} went back from LIVE to {payload['mode']}"
    if payload["mode"] != "LIVE":
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


_PROMOTED = "PROMOTION:PROMOTED"
"""Other PROMOTION beads say how an intent ended without one."""

EVIDENCE = Rule(
    "INV-PROMOTION-EVIDENCE-1",
    before={_PROMOTED: _complete, "PERFORMANCE": _session_once, "ORDER:PREPARED": _live_trades_were_promoted},
    touched_by=(_PROMOTED,),
)
TOKEN = Rule(
    "INV-PROMOTION-T2-1", before={_PROMOTED: _by_token, "STRATEGY": _live_by_promotion}, touched_by=(_PROMOTED,)
)
NO_KILL = Rule("INV-PROMOTION-SAFE-1", before={_PROMOTED: _no_kill})
NO_DRIFT = Rule("INV-PROMOTION-SAFE-2", before={_PROMOTED: _no_drift})
