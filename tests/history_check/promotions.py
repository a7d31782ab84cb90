"""A strategy's way from SHADOW to LIVE, as it should be recorded."""

from __future__ import annotations

from datetime import date, timedelta

from tests.history_check.histories import HUMAN, History, digest, instant
from tests.history_check.trades import opened

BUNDLE = {"strategy_id": "fvg", "sessions": "20"}


def promoted(sessions: int = 20, regimes: tuple[str, ...] = ("TREND", "RANGE")) -> History:
    """A promotion at 20 s, after sessions whose regimes take turns."""
    history = opened()
    for number in range(sessions):
        history.add(
            "PERFORMANCE", 5, strategy_id="fvg", session_date=(date(2026, 1, 5) + timedelta(days=number)).isoformat(),
            market_regime=regimes[number % len(regimes)], trades="1", pnl="10", equity="100000",
            would_have_killed="0", overrides="0",
        )  # fmt: skip
    history.add(
        "INTENT", 10, intent_id="promotion", kind="PROMOTE", position_id=None, signal_id=None, strategy_id="fvg",
        pair=None, side=None, maximum_quantity=None, lapses_at=None, origin="PROMOTE",
    )  # fmt: skip
    history.add(
        "EVIDENCE", 10, intent_id="promotion", position_id=None, bundle=BUNDLE, bundle_hash=digest(BUNDLE),
        order_hash=None, anchor_captured_at=None, anchor_regime=None, anchor_components={}, state_hash=None,
        stale_at=None,
    )  # fmt: skip
    history.add(
        "DECISION", 15, signer=HUMAN, decision_id="promote", kind="PROMOTE", subject_id="promotion",
        evidence_hash=digest(BUNDLE), reason=None, detail=None, proof={"kind": "SIMULATED"},
    )  # fmt: skip
    for event, at in (("ISSUED", 15), ("USED", 20)):
        issued = event == "ISSUED"
        history.add(
            "T2_TOKEN", at, token_id="promotion-token", intent_id="promotion", position_id=None, event=event,
            reason=None, evidence_hash=digest(BUNDLE), issued_at=instant(15), expires_at=instant(315), final=False,
            secret_hash="s" if issued else None, approver="ada" if issued else None,
            decision_id="promote" if issued else None,
        )  # fmt: skip
    history.add("PROMOTION", 20, strategy_id="fvg", intent_id="promotion", evidence_hash=digest(BUNDLE), approver="ada")
    history.add("STRATEGY", 20, strategy_id="fvg", mode="LIVE", description="gaps", promotion_intent_id="promotion")
    return history
