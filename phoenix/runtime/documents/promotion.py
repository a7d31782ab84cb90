"""What programs see of strategies on their way to LIVE: numbers as text, instants and dates as ISO 8601."""

from __future__ import annotations

from phoenix.adapters.shadow.trades import ShadowTrade
from phoenix.domain.encoding import Json
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.promotion.bundle import checklist_json
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION
from phoenix.domain.typed_json import encode_value
from phoenix.replay.shadow import ShadowRun
from phoenix.runtime.readings.promotions import PromotionReview, StrategyRecord


def strategy_document(reading: StrategyRecord) -> dict[str, Json]:
    """A strategy's shadow record, its statistics, and its checklist or its promotion."""
    promoted = reading.promoted
    return {
        "strategy_id": reading.strategy_id,
        "mode": reading.mode.value,
        "description": reading.description,
        "currency": reading.currency,
        "as_of": instant_text(reading.as_of),
        "sessions": [encode_value(session) for session in reading.record.sessions],
        "autopsies": encode_value(reading.record.autopsies),
        "statistics": None if reading.statistics is None else encode_value(reading.statistics),
        "conventions": {"sharpe": SHARPE_CONVENTION, "max_drawdown": DRAWDOWN_CONVENTION},
        "promotion": None if reading.checklist is None else _checklist(reading),
        "promoted": None if promoted is None else encode_value(promoted),
    }


def _checklist(reading: StrategyRecord) -> Json:
    assert reading.checklist is not None
    document = checklist_json(reading.checklist)
    return {
        "complete": document["complete"],
        "checklist": document["checklist"],
        "missing": [item.name.value for item in reading.checklist.missing],
        "warnings": document["warnings"],
    }


def promotion_review_document(review: PromotionReview) -> dict[str, Json]:
    """A promotion that waits for a human."""
    return {
        "intent_id": review.intent_id,
        "kind": review.kind.value,
        "strategy_id": review.strategy_id,
        "evidence_hash": review.bundle_hash,
        "frozen_at": instant_text(review.frozen_at),
        "lapses_at": instant_text(review.lapses_at),
        "approved": review.approved,
        "outdated": review.outdated,
        "bundle": review.bundle,
        "recommendations": [
            {
                "by": given.signer.identity, "kind": given.signer.kind.value, "text": given.text,
                "made_at": instant_text(given.made_at),
            }
            for given in review.recommendations
        ],
    }  # fmt: skip


def shadow_trade_document(trade: ShadowTrade) -> dict[str, Json]:
    """A shadow trade that is followed at present."""
    return {
        "signal_id": trade.signal_id,
        "strategy_id": trade.strategy_id,
        "pair": trade.pair,
        "side": trade.side.value,
        "state": "WAITING" if trade.opened_at is None else "OPEN",
        "quantity": decimal_text(trade.quantity),
        "entry": decimal_text(trade.entry),
        "stop": decimal_text(trade.stop),
        "target": decimal_text(trade.target),
        "entry_price": None if trade.entry_price is None else decimal_text(trade.entry_price),
        "opened_at": None if trade.opened_at is None else instant_text(trade.opened_at),
    }


def shadow_run_document(run: ShadowRun) -> dict[str, Json]:
    """What following recorded signals came to."""
    return {
        "strategy_id": run.strategy_id,
        "origin": run.origin,
        "sessions": [encode_value(session) for session in run.sessions],
        "trades": str(len(run.closes)),
        "open_trades": str(run.open_trades),
        "not_followed": [
            {
                "file": one.file, "signal_id": one.signal_id, "reason": one.refusal.reason.value,
                "field": one.refusal.field, "detail": one.refusal.detail, "remedy": one.refusal.remedy,
            }
            for one in run.not_followed
        ],
    }  # fmt: skip
