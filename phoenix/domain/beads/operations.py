"""Payloads about strategies, the account, the broker session and the store itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.encoding import Json
from phoenix.domain.vocabulary import AccountMode, MarketRegime, PromotionEvent, SessionEvent, StrategyMode


@dataclass(frozen=True, slots=True)
class StrategyPayload(Payload):
    """A strategy registered by a decision, or its mode changed by a promotion."""

    bead_type: ClassVar = BeadType.STRATEGY
    strategy_id: str
    mode: StrategyMode
    description: str
    promotion_intent_id: str | None = None
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class PerformancePayload(Payload):
    """What one trading session came to for a strategy in SHADOW; one for each strategy and session date.

    `trades` were closed in the session, `pnl` was realised in it, `equity` is what was realised by its end.
    `would_have_killed` counts the session's signals that a kill flag stood against, `overrides` those that a human
    passed on or handled otherwise. `origin` says who followed it: TRACKER, or where it was imported from.
    """

    bead_type: ClassVar = BeadType.PERFORMANCE
    strategy_id: str
    session_date: date
    market_regime: MarketRegime
    trades: int
    pnl: Decimal
    equity: Decimal
    would_have_killed: int
    overrides: int
    origin: str = ""
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class PromotionPayload(Payload):
    """The end of an intent to promote a strategy: promoted, or not and why. `approver` is who decided, if anybody."""

    bead_type: ClassVar = BeadType.PROMOTION
    strategy_id: str
    intent_id: str
    evidence_hash: str
    approver: str
    event: PromotionEvent = PromotionEvent.PROMOTED
    reason: str | None = None
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccountPayload(Payload):
    """An account snapshot as the broker reported it. Money is in `currency`; what it did not report is absent."""

    bead_type: ClassVar = BeadType.ACCOUNT
    account: str
    mode: AccountMode
    currency: str
    equity: Decimal
    balance: Decimal
    margin_used: Decimal | None
    buying_power: Decimal | None
    as_of: datetime


@dataclass(frozen=True, slots=True)
class SessionPayload(Payload):
    """A change of the broker session. `next_session_order_id` is the broker's floor, ours may be higher.

    `books_as_of` is the instant up to which recovery read the broker's books in full; absent where it did not.
    `is_socket` says of DISCONNECTED whether the session has ended, or only the broker's own line behind it is down.
    `decision_id` names the request that the session was opened, or refused, on. `reset_until` is the end of the
    broker's nightly reset that the session was lost in, or that an attempt to open it anew waits for.
    """

    bead_type: ClassVar = BeadType.BROKER_SESSION
    event: SessionEvent
    adapter: str
    account: str | None
    mode: AccountMode | None
    next_session_order_id: int | None
    detail: str
    books_as_of: datetime | None = None
    is_socket: bool | None = None
    decision_id: str | None = None
    reset_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeartbeatPayload(Payload):
    """A sign of life, with what was checked."""

    bead_type: ClassVar = BeadType.HEARTBEAT
    verdict: str
    checks: Json


@dataclass(frozen=True, slots=True)
class ConfigChangePayload(Payload):
    """The configuration that the executor runs under, secrets left out; `config_hash` is over `settings`."""

    bead_type: ClassVar = BeadType.CONFIG_CHANGE
    config_hash: str
    settings: Json


@dataclass(frozen=True, slots=True)
class CheckpointPayload(Payload):
    """A signed (seq, head) went outside the database. Both are those of the bead before this one."""

    bead_type: ClassVar = BeadType.CHECKPOINT
    head_seq: int
    head_hash: str
    sink: str
