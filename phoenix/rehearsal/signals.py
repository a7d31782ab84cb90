"""Made-up signals in the canonical envelope."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from phoenix.domain.encoding import content_hash
from phoenix.domain.instants import instant_text

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

EVIDENCE: dict[str, Any] = {
    "quality": {"score": "0.81", "breakdown": {"gap": "0.42", "displacement": "1.9"}},
    "htf": {"timeframe": "4H", "bias": "BULLISH", "aligned": True, "detail": "above the middle of the range"},
    "ltf": {"timeframe": "15M", "setup": "FVG", "detail": "gap 1.26010 to 1.26035"},
    "red_checks": [{"name": "session", "passed": True, "detail": "London"}],
}

_PARAMETERS = ("entry", "stop", "target", "risk_percent", "order_type", "time_in_force")
_ABSENT = object()


def signal_document(
    *,
    number: int = 1,
    at: datetime = MONDAY,
    captured_at: datetime | None = None,
    regime: str = "NORMAL",
    strategy_params: str = "params-1",
    market_snapshot: str = "market-1",
    **changes: Any,
) -> dict[str, Any]:
    """A valid long GBPUSD signal with the given changes, its evidence hash recomputed.

    A change named like a parameter (entry, stop, target, risk_percent, order_type, time_in_force) lands there, any
    other at the top level. `number` makes the signal's id; `at` is its time and, unless given, its anchor's.
    """
    parameters = {"entry": "1.26000", "stop": "1.25900", "target": "1.26200"}
    parameters.update({name: changes.pop(name) for name in _PARAMETERS if name in changes})
    evidence = changes.get("evidence", EVIDENCE)
    document: dict[str, Any] = {
        "cse_version": "1.0",
        "signal_id": str(UUID(int=number)),
        "timestamp": instant_text(at),
        "strategy_id": "fvg-retest",
        "source": "CSO",
        "pair": "GBPUSD",
        "setup_type": "FVG_RETEST",
        "confidence": "0.81",
        "parameters": parameters,
        "evidence": evidence,
        "evidence_hash": changes.pop("evidence_hash", _ABSENT),
        "state_anchor": {
            "captured_at": instant_text(at if captured_at is None else captured_at),
            "regime": regime,
            "components": {"strategy_params": strategy_params, "market_snapshot": market_snapshot},
        },
    }
    document.update(changes)
    if document["evidence_hash"] is _ABSENT:
        document["evidence_hash"] = content_hash(evidence)
    return document


def short_signal_document(**changes: Any) -> dict[str, Any]:
    """As `signal_document`, the other way round: stop above, target below."""
    return signal_document(**{"stop": "1.26100", "target": "1.25800", **changes})
