"""The account, the broker session, strategies and all that stops or warns, in a trader's words."""

from __future__ import annotations

from phoenix.domain.beads.operations import (
    AccountPayload,
    CheckpointPayload,
    ConfigChangePayload,
    HeartbeatPayload,
    PerformancePayload,
    PromotionPayload,
    SessionPayload,
    StrategyPayload,
)
from phoenix.domain.beads.safety import (
    AlertPayload,
    DecayPayload,
    DriftPayload,
    KillFlagPayload,
    ReconciliationRunPayload,
    ResolutionPayload,
)
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.vocabulary import KillEvent

_HASH_SHOWN = 12


def kill_flag(payload: KillFlagPayload) -> str:
    scope = "every strategy" if payload.strategy_id is None else payload.strategy_id
    until = "" if payload.expires_at is None else f" until {instant_text(payload.expires_at)}"
    if payload.event is KillEvent.SET:
        return f"kill flag SET by {payload.source.value}: no entry of {scope} passes{until}: {payload.reason}"
    return f"kill flag {payload.event.value}: it stopped entries of {scope}: {payload.reason}"


def decay(payload: DecayPayload) -> str:
    whose = "every strategy" if payload.strategy_id is None else payload.strategy_id
    return f"{whose} decays, score {decimal_text(payload.score)}: {payload.detail}"


def alert(payload: AlertPayload) -> str:
    runbook = "" if payload.runbook is None else f" [{payload.runbook}]"
    return f"{payload.severity.value} {payload.kind} {payload.event.value.lower()}: {payload.message}{runbook}"


def drift(payload: DriftPayload) -> str:
    return f"drift {payload.drift_type.value} in {payload.pair}: the books differ until a human resolves it"


def resolution(payload: ResolutionPayload) -> str:
    if payload.set_aside is not None:
        return f"{payload.resolved_by} says that {payload.set_aside} is none of Phoenix's: {payload.notes}"
    words = f"{payload.resolved_by} resolved the drift as {payload.resolution.value}: {payload.notes}"
    if not payload.quantity:
        return words
    return f"{words}; Phoenix's book changed by {decimal_text(payload.quantity)} {payload.pair}"


def comparison(payload: ReconciliationRunPayload) -> str:
    found = f"{payload.verdict.value}{_behind(payload.detail)}"
    return f"books compared ({payload.trigger}), {payload.compared} instruments and orders: {found}"


def strategy(payload: StrategyPayload) -> str:
    return f"strategy {payload.strategy_id} is {payload.mode.value}{_behind(payload.description)}"


def performance(payload: PerformancePayload) -> str:
    made = f"{payload.trades} trades, {decimal_text(payload.pnl)}, equity {decimal_text(payload.equity)}"
    return f"{payload.strategy_id} on {payload.session_date}: {made}"


def promotion(payload: PromotionPayload) -> str:
    words = f"promotion of {payload.strategy_id}: {payload.event.value}"
    return f"{words}{f', decided by {payload.approver}' if payload.approver else ''}{_behind(payload.reason or '')}"


def account(payload: AccountPayload) -> str:
    equity = f"equity {decimal_text(payload.equity)} {payload.currency}"
    return f"account {payload.account} ({payload.mode.value}): {equity}, balance {decimal_text(payload.balance)}"


def session(payload: SessionPayload) -> str:
    whose = payload.adapter if payload.account is None else f"{payload.adapter}, account {payload.account}"
    return f"broker session {payload.event.value} ({whose}){_behind(payload.detail)}"


def heartbeat(payload: HeartbeatPayload) -> str:
    return f"a sign of life: {payload.verdict}"


def configuration(payload: ConfigChangePayload) -> str:
    return f"the configuration is {payload.config_hash[:_HASH_SHOWN]}"


def checkpoint(payload: CheckpointPayload) -> str:
    return f"a checkpoint covers the chain up to bead {payload.head_seq}"


def _behind(words: str) -> str:
    return f": {words}" if words else ""
