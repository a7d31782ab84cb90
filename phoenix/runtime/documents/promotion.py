"""What programs see of strategies on their way to LIVE: numbers as text, instants and dates as ISO 8601."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from phoenix.adapters.shadow.trades import ShadowTrade
from phoenix.domain.decay import DecayPolicy
from phoenix.domain.encoding import Json
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.promotion.bundle import checklist_json
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION
from phoenix.domain.typed_json import encode_value
from phoenix.replay.shadow import ShadowRun
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.readings.promotions import DecayReading, Standing, StrategyRecord
from phoenix.runtime.words.promotion import regime_rule_text


def strategy_document(reading: StrategyRecord, rule: RegimeRule) -> dict[str, Json]:
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
        "conventions": {
            "sharpe": SHARPE_CONVENTION,
            "max_drawdown": DRAWDOWN_CONVENTION,
            "market_regime": regime_rule_text(rule),
        },
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


def standing_document(standing: Standing) -> dict[str, Json]:
    """How far one strategy among several has come."""
    checklist, statistics, promoted_at = standing.checklist, standing.statistics, standing.promoted_at
    return {
        "strategy_id": standing.strategy_id,
        "mode": standing.mode.value,
        "promoted_at": optional_instant(promoted_at),
        "checks_met": None if checklist is None else str(len(checklist.items) - len(checklist.missing)),
        "checks": None if checklist is None else str(len(checklist.items)),
        "missing": None if checklist is None else [item.name.value for item in checklist.missing],
        "statistics": None if statistics is None else encode_value(statistics),
    }


def decays_document(found: Sequence[DecayReading], policy: DecayPolicy, now: datetime) -> dict[str, Json]:
    """The last word on the decay of each strategy; without a strategy it is about all of them."""
    return {
        "as_of": instant_text(now),
        "warn_at": decimal_text(policy.warn_at),
        "kill_at": decimal_text(policy.kill_at),
        "decays": [
            {
                "strategy_id": one.told.strategy_id, "score": decimal_text(one.told.score),
                "verdict": one.verdict.value, "detail": one.told.detail, "told_at": instant_text(one.told_at),
                "by": one.signer.identity, "signer": one.signer.kind.value,
            }
            for one in found
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
