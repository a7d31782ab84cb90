"""The state of the core: what all beads together say, as far as it still matters.

Finished things leave; their beads stay and are looked up when a late word about them arrives. Every map is persistent,
so a step that does not commit leaves the former state as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar

from immutables import Map

from phoenix.domain.alerting.book import AlertBook
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.operations import AccountPayload
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.day_book import DayBook
from phoenix.domain.heartbeat import Pulse
from phoenix.domain.kill import KillFlag
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.promotion.bundle import PendingPromotion
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.reconciliation.record import ReconciliationRecord
from phoenix.domain.stated_order import StatedOrder
from phoenix.domain.tokens import Token
from phoenix.domain.vocabulary import AccountMode, StrategyMode

V = TypeVar("V")


class TimerKind(StrEnum):
    """What falls due by itself. The value orders timers that fall due at the same instant."""

    FLAG_EXPIRY = "1_FLAG_EXPIRY"
    TOKEN_EXPIRY = "2_TOKEN_EXPIRY"
    PROPOSAL_LAPSE = "3_PROPOSAL_LAPSE"
    ENTRY_SILENCE = "4_ENTRY_SILENCE"
    CANCEL_SILENCE = "5_CANCEL_SILENCE"
    ACTION_SILENCE = "6_ACTION_SILENCE"
    UNPROTECTED = "7_UNPROTECTED"
    UNBORNE_FILL = "7_UNBORNE_FILL"
    PROMOTION_LAPSE = "3_PROMOTION_LAPSE"
    STALL_ESCALATION = "8_STALL_ESCALATION"
    DRIFT_ESCALATION = "8_DRIFT_ESCALATION"
    ALERT_ESCALATION = "8_ALERT_ESCALATION"
    RECONNECT = "9_RECONNECT"
    RESET_OVER = "9_RESET_OVER"


class TimerKey(NamedTuple):
    kind: TimerKind
    subject: str


@dataclass(frozen=True, slots=True)
class Strategy:
    """A registered strategy. `promoted_at` is set once it is LIVE; what was signalled before then stays shadow."""

    strategy_id: str
    mode: StrategyMode
    promoted_at: datetime | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class PendingDecision:
    """A decision that the executor has not answered yet."""

    payload: DecisionPayload
    signer: Signer
    made_at: datetime


@dataclass(frozen=True, slots=True)
class SessionState:
    """The broker session as the beads tell it. Entries pass only while it is reconciled.

    `lost_at` is set from the end of a session, or the last attempt to open it anew, until it is open. It is not while
    `is_line_down`: then the session is open, and the broker behind it out of reach. `are_books_known` while the last
    read of the books in this session was complete. `reset_until`: nothing is tried before the broker's reset is over.
    """

    is_connected: bool = False
    is_reconciled: bool = False
    is_data_fresh: bool = True
    is_line_down: bool = False
    account: str | None = None
    mode: AccountMode | None = None
    lost_at: datetime | None = None
    reconnects: int = 0
    reset_until: datetime | None = None
    books_read_at: datetime | None = None
    are_books_known: bool = False
    detail: str = "never connected"


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """An entry that was sent, kept to recognise a duplicate."""

    pair: str
    side: str
    entry_price: Decimal
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class OpenDrift:
    """A drift that no human has resolved. `mismatch` holds both sides and the key under which a comparison found it.

    `agrees_since` is set while complete reads no longer show it: it is a human's to resolve all the same.
    """

    drift_bead_id: str
    pair: str
    position_id: str | None
    detail: str
    mismatch: Mismatch
    opened_at: datetime
    agrees_since: datetime | None = None

    @property
    def key(self) -> str:
        """Empty for a drift that no comparison found, but a word of the broker."""
        return self.mismatch.key


@dataclass(frozen=True, slots=True)
class Stray:
    """What a position that had ended, or that went past flat, holds after all, signed; a human has to adopt it."""

    position_id: str
    pair: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the beads come to; what has ended is left to be looked up.

    `parked` executions and `external_orders` are nobody's; the orders that a human has `set_aside` are shown no longer.
    `stated_orders` are the external orders that the broker's books showed last, by permanent id. `told` is the message
    of the last alert to each standing matter that every read of the books finds again, by the alert's key.
    """

    strategies: Map[str, Strategy] = field(default_factory=Map)
    anchors: Map[tuple[str, str], Anchor] = field(default_factory=Map)
    flags: Map[str, KillFlag] = field(default_factory=Map)
    last_kill_bead: Map[str, str] = field(default_factory=Map)
    last_decay_bead: Map[str, str] = field(default_factory=Map)
    inbox: Map[str, SignalPayload] = field(default_factory=Map)
    decisions: Map[str, PendingDecision] = field(default_factory=Map)
    positions: Map[str, Position] = field(default_factory=Map)
    position_of_intent: Map[str, str] = field(default_factory=Map)
    position_of_reference: Map[str, str] = field(default_factory=Map)
    tokens: Map[str, Token] = field(default_factory=Map)
    timers: Map[TimerKey, datetime] = field(default_factory=Map)
    parked: Map[str, ExecutionPayload] = field(default_factory=Map)
    external_orders: Map[str, str | None] = field(default_factory=Map)
    stated_orders: Map[str, StatedOrder] = field(default_factory=Map)
    told: Map[str, str] = field(default_factory=Map)
    strays: Map[str, Stray] = field(default_factory=Map)
    drifts: Map[str, OpenDrift] = field(default_factory=Map)
    reconciliation: ReconciliationRecord = field(default_factory=ReconciliationRecord)
    account: AccountPayload | None = None
    session: SessionState = SessionState()
    next_session_order_id: int = 1
    day: DayBook = field(default_factory=DayBook)
    recent_entries: tuple[RecentEntry, ...] = ()
    autopsies_due: Map[str, Position] = field(default_factory=Map)
    shadow: Map[str, ShadowRecord] = field(default_factory=Map)
    promotions: Map[str, PendingPromotion] = field(default_factory=Map)
    alerts: AlertBook = field(default_factory=AlertBook)
    pulse: Pulse | None = None
    set_aside: Map[str, datetime] = field(default_factory=Map)

    def flags_for(self, strategy_id: str) -> tuple[KillFlag, ...]:
        """The active flags that forbid this strategy an entry, oldest first."""
        if not self.flags:
            return ()
        covering = [flag for flag in self.flags.values() if flag.covers(strategy_id)]
        return tuple(sorted(covering, key=lambda flag: (flag.set_at, flag.flag_id)))

    def concerning(self, beads: Map[str, str], strategy_id: str) -> str:
        """The last bead ids, of those given by scope, that concern all strategies and this one, as one text."""
        return f"{beads.get('', '-')}/{beads.get(strategy_id, '-')}"

    def net_quantity(self, pair: str) -> Decimal:
        """Phoenix's own signed net of an instrument, strays and a human's adjustments included."""
        live = (signed_open(position) for position in self.positions.values() if position.terms.pair == pair)
        strays = (
            stray.quantity
            for stray in self.strays.values()
            if stray.pair == pair and stray.position_id not in self.positions
        )
        return sum(live, ZERO) + sum(strays, ZERO) + self.reconciliation.adjustments.get(pair, ZERO)

    @property
    def unsettled_pairs(self) -> frozenset[str]:
        """The instruments with a drift that is unresolved. One of profit closes none."""
        return frozenset(drift.pair for drift in self.drifts.values() if drift.pair)

    @property
    def settling_pairs(self) -> frozenset[str]:
        """The instruments in which it is not settled what is held: strays, and differences that may yet be a lag."""
        return frozenset(stray.pair for stray in self.strays.values()) | self.reconciliation.settling_pairs

    def drift_of(self, key: str) -> OpenDrift | None:
        """The open drift of a key; there is at most one."""
        return next((drift for drift in self.drifts.values() if drift.key == key), None) if key else None


def signed_open(position: Position) -> Decimal:
    """The open quantity of a position, positive when long."""
    return position.open_quantity if position.terms.side.value == "LONG" else -position.open_quantity


def in_order(entries: Map[str, V]) -> list[V]:
    """The values by their keys. A persistent map has an order of its own, and another one in every process."""
    return [entries[key] for key in sorted(entries)]
