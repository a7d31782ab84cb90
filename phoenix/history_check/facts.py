"""What the beads so far say: one small record per thing, enough for every rule and no more.

The fold takes beads at their word. Whether they may say so is for the rules to judge.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from phoenix.history_check.records import Leg, Terms

ZERO = Decimal(0)
TERMINAL = frozenset({"CLOSED", "CANCELLED", "REJECTED", "EXPIRED"})
LEG_ENDS = frozenset({"CANCELLED", "REJECTED", "FILLED"})


@dataclass(slots=True)
class Evidence:
    """A frozen bundle. `genuine` tells whether its stated hash is that of its bytes.

    `complete` and `performance_bead_id` are what a promotion's says of its checklist, and the last session it covers.
    """

    bundle_hash: str
    genuine: bool
    order_hash: str | None
    stale_at: datetime | None
    performance_bead_id: str | None = None
    complete: bool = False


@dataclass(slots=True)
class Signal:
    """A signal as its bead and document state it. `levels` are entry, stop and target, None where they do not read."""

    signal_id: str
    strategy_id: str
    pair: str
    levels: tuple[Decimal | None, Decimal | None, Decimal | None]
    received_at: datetime

    @property
    def side(self) -> str | None:
        entry, _, target = self.levels
        if entry is None or target is None:
            return None
        return "LONG" if target > entry else "SHORT"


@dataclass(slots=True)
class Intent:
    intent_id: str
    kind: str
    position_id: str | None
    signal_id: str | None
    strategy_id: str | None
    side: str | None
    maximum_quantity: Decimal | None
    evidence: dict[str, Evidence] = field(default_factory=dict)
    latest: Evidence | None = None
    token_ids: list[str] = field(default_factory=list)
    prepared: int = 0


@dataclass(slots=True)
class Decision:
    decision_id: str
    kind: str
    subject_id: str
    evidence_hash: str | None
    reason: str | None
    signer_kind: str
    signer: str
    by_passkey: bool
    has_proof: bool


@dataclass(slots=True)
class Token:
    """`end` is USED, EXPIRED or REJECTED once the token is over."""

    token_id: str
    intent_id: str
    evidence_hash: str
    issued_at: datetime | None
    expires_at: datetime | None
    decision_id: str | None
    end: str | None = None


@dataclass(slots=True)
class LegFacts:
    """One of our orders. `total` is the quantity it works for at the broker, by the broker's last word.

    `adjusted` is what a human's correction added to what was executed. `declared` is NOT_SENT or ABSENT where Phoenix
    or a human said so; `void` holds until the broker speaks of it after all.
    """

    leg: Leg
    order_group_id: str
    intent_id: str | None
    intent_kind: str | None
    position_id: str | None
    account: str
    pair: str
    prepared_at: datetime
    total: Decimal
    status: str = "PENDING"
    heard_of: bool = False
    ended_by: str | None = None
    declared: str | None = None
    void: bool = False
    filled_reported: Decimal = ZERO
    executed: Decimal = ZERO
    adjusted: Decimal = ZERO
    cancel_requested_at: datetime | None = None

    @property
    def remaining(self) -> Decimal:
        return self.total - max(self.filled_reported, self.executed + self.adjusted)

    @property
    def is_alive(self) -> bool:
        return not self.void and self.status not in LEG_ENDS and self.remaining > ZERO


@dataclass(slots=True)
class Executed:
    """What stands of one execution: its highest revision, or nothing after a bust."""

    stem: str
    revision: int
    quantity: Decimal
    price: Decimal | None
    action: str | None
    role: str | None
    reference: str | None
    position_id: str | None
    seq: int
    busted: bool = False

    @property
    def effective(self) -> Decimal:
        return ZERO if self.busted else self.quantity


@dataclass(slots=True)
class Position:
    """A position by its own beads, and beside that what its executions add up to.

    `surprised`: the broker revised an execution, or executed an order that it had ended or that was full.
    """

    position_id: str
    strategy_id: str
    side: str
    pair: str = ""
    state: str | None = None
    reached: set[str] = field(default_factory=set)
    requested: Decimal = ZERO
    stated_filled: Decimal = ZERO
    stated_open: Decimal = ZERO
    stated_protection: str = "NONE"
    adopted: bool = False
    adjusted: Decimal = ZERO
    entered: Decimal = ZERO
    exited: Decimal = ZERO
    surprised: bool = False
    executions_since: int = 0
    last_seq: int = 0
    legs: list[str] = field(default_factory=list)
    exposed_since: datetime | None = None

    @property
    def executed_open(self) -> Decimal:
        """What is open by executions, and by what a human's correction added to them."""
        return self.entered - self.exited + self.adjusted

    @property
    def signed_open(self) -> Decimal:
        """What its last bead calls open, negative when short."""
        return self.stated_open if self.side == "LONG" else -self.stated_open

    @property
    def is_derivable(self) -> bool:
        """Whether quantities follow from Phoenix's own orders and a human's corrections: nothing was adopted."""
        return not self.adopted


@dataclass(slots=True)
class Flag:
    flag_id: str
    strategy_id: str | None
    source: str
    set_at: datetime
    set_seq: int
    expires_at: datetime | None
    ended_at: datetime | None = None

    def covers(self, strategy_id: str | None) -> bool:
        return self.strategy_id is None or self.strategy_id == strategy_id


@dataclass(slots=True)
class Drift:
    """`change` is what would make Phoenix's net the broker's, where the drift is about nets. A superseded drift is
    resolved by the one that took its place."""

    bead_id: str
    pair: str
    position_id: str | None
    key: str = ""
    change: Decimal | None = None
    resolved: bool = False


@dataclass(slots=True)
class Correction:
    """A human's correction of Phoenix's book: what of it no POSITION bead has borne yet, signed."""

    pair: str
    left: Decimal


@dataclass(slots=True)
class Raised:
    """An alert that was raised. `words` is its kind and its key, in capitals."""

    at: datetime
    critical: bool
    words: str
    position_id: str | None


@dataclass(slots=True)
class Session:
    """The broker session by its last beads. `event` is the last one that opened, closed or settled it."""

    event: str | None = None
    account: str | None = None
    mode: str | None = None
    attempts: int = 0
    live_allowed: bool = False


@dataclass(slots=True)
class Facts:
    """Everything the rules know of the past.

    `executed_at` is when something was last executed in an instrument, `compared_at` when the books were last compared
    completely, `questioned` the instruments and keys in which that found a difference, silenced ones included.
    """

    signals: dict[str, Signal] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    legs: dict[str, LegFacts] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    positions: dict[str, Position] = field(default_factory=dict)
    executed: dict[str, Executed] = field(default_factory=dict)
    execution_ids: dict[str, Executed] = field(default_factory=dict)
    parked: dict[str, Terms] = field(default_factory=dict)
    stated: dict[str, Terms] = field(default_factory=dict)
    unmatched: set[str] = field(default_factory=set)
    active_flags: dict[str, Flag] = field(default_factory=dict)
    flags: dict[str, Flag] = field(default_factory=dict)
    drifts: dict[str, Drift] = field(default_factory=dict)
    drifted_at: int = 0
    corrections: dict[str, Correction] = field(default_factory=dict)
    corrected: set[str] = field(default_factory=set)
    unattributed: dict[str, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    executed_at: dict[str, datetime] = field(default_factory=dict)
    compared_at: datetime | None = None
    questioned: frozenset[str] = frozenset()
    resolutions_by_decision: set[str] = field(default_factory=set)
    refused_decisions: set[str] = field(default_factory=set)
    criticals: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    alerts: list[Raised] = field(default_factory=list)
    modes: dict[str, str] = field(default_factory=dict)
    promoted: dict[str, str] = field(default_factory=dict)
    promoted_at: dict[str, datetime] = field(default_factory=dict)
    sessions_traded: dict[str, dict[date, str]] = field(default_factory=lambda: defaultdict(dict))
    last_performance: dict[str, str] = field(default_factory=dict)
    shadow_trades: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    shadow_autopsies: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    session: Session = field(default_factory=Session)
    stale_killed: set[str] = field(default_factory=set)
    attestations: list[Decision] = field(default_factory=list)
    adoptions: int = 0
    adopt_decisions: int = 0

    def flags_for(self, strategy_id: str | None) -> list[Flag]:
        return [flag for flag in self.active_flags.values() if flag.covers(strategy_id)]

    def strategy_of(self, intent_id: str | None) -> str | None:
        intent = self.intents.get(intent_id or "")
        return None if intent is None else intent.strategy_id

    def kind_of(self, intent_id: str | None) -> str | None:
        intent = self.intents.get(intent_id or "")
        return None if intent is None else intent.kind

    def open_drifts(self) -> list[Drift]:
        return [drift for drift in self.drifts.values() if not drift.resolved]

    def entry_legs(self, position_id: str) -> list[LegFacts]:
        position = self.positions.get(position_id)
        legs = [] if position is None else [self.legs[reference] for reference in position.legs]
        return [leg for leg in legs if leg.leg.role == "ENTRY"]

    def critical_alert(self, position_id: str, since: datetime, until: datetime) -> bool:
        """Whether a CRITICAL alert that names the position was raised within two instants, both included."""
        for at in reversed(self.criticals.get(position_id, ())):
            if at < since:
                return False
            if at <= until:
                return True
        return False


def stem_and_revision(execution_id: str) -> tuple[str, int]:
    """An execution id without its revision, the digits behind the last dot, and that revision (0 where it has none)."""
    head, dot, tail = execution_id.rpartition(".")
    return (head, int(tail)) if dot and tail.isascii() and tail.isdigit() else (execution_id, 0)
