"""A strategy's way from SHADOW to LIVE, as it should be recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.history_check.histories import HUMAN, History, digest, instant
from tests.history_check.trades import opened

CHECKLIST = [{"name": "SESSIONS", "passed": True, "found": "20", "needed": "at least 20 trading sessions"}]


def promoted(
    sessions: int = 20, regimes: tuple[str, ...] = ("TREND", "RANGE"), autopsies: int | None = None,
    bundle: dict[str, Any] | None = None,
) -> History:  # fmt: skip
    """A promotion at 20 s, after sessions whose regimes take turns, each with an autopsy; `bundle` changes its own."""
    history = opened()
    for number in range(sessions if autopsies is None else autopsies):
        history.add(
            "AUTOPSY", 4, position_id=f"shadow:{number}", signal_id=f"{number}", strategy_id="fvg", outcome="WIN",
            pnl="10", pnl_percent=None, r_multiple="1", duration_s="60", exit_reason="TAKE_PROFIT",
            entry_slippage=None, exit_slippage=None, evidence_hash=None, thesis="", happened="", shadow=True,
        )  # fmt: skip
    for number in range(sessions):
        history.add(
            "PERFORMANCE", 5, strategy_id="fvg", session_date=(date(2026, 1, 5) + timedelta(days=number)).isoformat(),
            market_regime=regimes[number % len(regimes)], trades="1", pnl="10", equity="100000",
            would_have_killed="0", overrides="0",
        )  # fmt: skip
    last = history.all("PERFORMANCE")[-1].bead_id
    shown = {
        "kind": "PROMOTE", "strategy_id": "fvg", "complete": True, "checklist": CHECKLIST, "performance_bead_id": last,
        **(bundle or {}),
    }  # fmt: skip
    history.add(
        "INTENT", 10, intent_id="promotion", kind="PROMOTE", position_id=None, signal_id=None, strategy_id="fvg",
        pair=None, side=None, maximum_quantity=None, lapses_at=None, origin="PROMOTE",
    )  # fmt: skip
    history.add(
        "EVIDENCE", 10, intent_id="promotion", position_id=None, bundle=shown, bundle_hash=digest(shown),
        order_hash=None, anchor_captured_at=None, anchor_regime=None, anchor_components={}, state_hash=None,
        stale_at=None,
    )  # fmt: skip
    history.add(
        "DECISION", 15, signer=HUMAN, decision_id="promote", kind="PROMOTE", subject_id="promotion",
        evidence_hash=digest(shown), reason=None, detail=None, proof={"kind": "SIMULATED"},
    )  # fmt: skip
    for event, at in (("ISSUED", 15), ("USED", 20)):
        issued = event == "ISSUED"
        history.add(
            "T2_TOKEN", at, token_id="promotion-token", intent_id="promotion", position_id=None, event=event,
            reason=None, evidence_hash=digest(shown), issued_at=instant(15), expires_at=instant(315), final=False,
            secret_hash="s" if issued else None, approver="ada" if issued else None,
            decision_id="promote" if issued else None,
        )  # fmt: skip
    history.add("PROMOTION", 20, strategy_id="fvg", intent_id="promotion", evidence_hash=digest(shown), approver="ada",
                event="PROMOTED")  # fmt: skip
    history.add("STRATEGY", 20, strategy_id="fvg", mode="LIVE", description="gaps", promotion_intent_id="promotion")
    return history
