"""Breaches of promotion: incomplete evidence, no token, unsafe moments, and what trades live without it."""

from __future__ import annotations

from dataclasses import replace

from tests.history_check.breaches import breaks
from tests.history_check.histories import History, alert, drift, kill_flag
from tests.history_check.promotions import CHECKLIST, promoted
from tests.history_check.trades import Trade, opened


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_after_nineteen_sessions() -> History:
    return promoted(sessions=19)


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_without_a_range_session() -> History:
    return promoted(regimes=("TREND",))


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_whose_trades_were_not_all_examined() -> History:
    return promoted(autopsies=19)


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_on_an_incomplete_checklist() -> History:
    return promoted(bundle={"checklist": [{**CHECKLIST[0], "passed": False}]})


@breaks("INV-PROMOTION-EVIDENCE-1")
def promotion_on_outdated_performance() -> History:
    return promoted(bundle={"performance_bead_id": "an earlier one"})


@breaks("INV-PROMOTION-EVIDENCE-1")
def session_recorded_twice() -> History:
    history = promoted()
    history.drafts.append(replace(history.all("PERFORMANCE")[0], bead_id=history.new_id(), at=30))
    return history


def live_entry(*, is_promoted: bool) -> History:
    """An entry at 40 s on a live account that allows it, of a strategy that was promoted at 20 s or is in SHADOW."""
    history = promoted()
    if not is_promoted:
        del history.drafts[history.drafts.index(history.find("INTENT", kind="PROMOTE")) :]
    for draft in history.all("BROKER_SESSION"):
        draft.payload.update(mode="LIVE", account="U1")
    history.find("CONFIG_CHANGE").payload["settings"] = {"account": {"allow_live": True}}
    for decision in history.all("DECISION"):
        decision.payload["proof"] = {"kind": "PASSKEY"}
    Trade(history, at=40, account="U1", proof="PASSKEY").closed()
    return history


@breaks("INV-PROMOTION-EVIDENCE-1")
def shadow_strategy_on_a_live_account() -> History:
    return live_entry(is_promoted=False)


@breaks("INV-PROMOTION-EVIDENCE-1")
def signal_from_before_the_promotion_traded_live() -> History:
    history = live_entry(is_promoted=True)
    signal = history.find("SIGNAL")
    signal.at = 19
    history.move_before(signal, history.find("PROMOTION"))
    return history


@breaks("INV-PROMOTION-T2-1")
def promotion_taken_back() -> History:
    history = promoted()
    history.add("STRATEGY", 30, strategy_id="fvg", mode="SHADOW", description="gaps", promotion_intent_id=None)
    return history


@breaks("INV-PROMOTION-T2-1")
def promotion_without_a_token() -> History:
    history = promoted()
    history.find("T2_TOKEN", event="USED").payload.update(event="REJECTED", reason="REVOKED", final=True)
    return history


@breaks("INV-PROMOTION-T2-1")
def strategy_live_without_a_promotion() -> History:
    history = opened()
    history.add("STRATEGY", 10, strategy_id="fvg", mode="LIVE", description="", promotion_intent_id=None)
    return history


@breaks("INV-PROMOTION-SAFE-1")
def promotion_under_a_kill_flag() -> History:
    history = promoted()
    kill_flag(history, 20, "flag")
    history.last_to(history.drafts.index(history.find("PROMOTION")))
    return history


@breaks("INV-PROMOTION-SAFE-2")
def promotion_in_drift() -> History:
    history = promoted()
    drift(history, 20)
    history.last_to(history.drafts.index(history.find("PROMOTION")))
    alert(history, 21, "DRIFT_FOUND")
    return history
