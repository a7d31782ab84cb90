"""The evidence of a promotion: the whole shadow record with its checklist, frozen and hashed (SPEC 3.10, 11.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phoenix.domain.encoding import Json
from phoenix.domain.evidence import BUNDLE_VERSION
from phoenix.domain.instants import instant_text
from phoenix.domain.promotion.checklist import Checklist
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION
from phoenix.domain.typed_json import encode_value
from phoenix.domain.vocabulary import AccountMode, IntentKind


@dataclass(frozen=True, slots=True)
class PendingPromotion:
    """An intent to promote that waits for a human, or for its token to be used.

    `performance_bead_id` is the last PERFORMANCE bead that its bundle covers.
    """

    intent_id: str
    strategy_id: str
    frozen_at: datetime
    lapses_at: datetime
    bundle_hash: str = ""
    performance_bead_id: str | None = None
    token_id: str | None = None
    token_count: int = 0


@dataclass(frozen=True, slots=True)
class PromotionBundleFacts:
    """Everything a promotion's bundle is made of."""

    intent_id: str
    strategy_id: str
    account: str
    account_mode: AccountMode
    currency: str
    record: ShadowRecord
    checklist: Checklist
    reason: str | None
    frozen_at: datetime


def promote_bundle(facts: PromotionBundleFacts) -> dict[str, Json]:
    """The bundle that an approval of a promotion covers, as of its last PERFORMANCE bead."""
    return {
        "bundle_version": BUNDLE_VERSION,
        "kind": IntentKind.PROMOTE.value,
        "intent_id": facts.intent_id,
        "strategy_id": facts.strategy_id,
        "account": facts.account,
        "account_mode": facts.account_mode.value,
        "currency": facts.currency,
        "reason": facts.reason,
        "frozen_at": instant_text(facts.frozen_at),
        "performance_bead_id": facts.record.last_bead_id,
        "sessions": [encode_value(session) for session in facts.record.sessions],
        "autopsies": encode_value(facts.record.autopsies),
        **checklist_json(facts.checklist),
    }


def checklist_json(checklist: Checklist) -> dict[str, Json]:
    """A checklist with its statistics and the conventions behind them, numbers as text."""
    statistics = checklist.statistics
    return {
        "checklist": [encode_value(item) for item in checklist.items],
        "complete": checklist.is_complete,
        "statistics": None if statistics is None else encode_value(statistics),
        "conventions": {"sharpe": SHARPE_CONVENTION, "max_drawdown": DRAWDOWN_CONVENTION},
        "warnings": list(checklist.warnings),
    }
