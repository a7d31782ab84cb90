"""What the chain says of one session beside prices: which signals a kill flag stood against, which a human overrode."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Bead, BeadType
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.setup import IntentPayload, RefusalPayload, SignalPayload
from phoenix.domain.state import State
from phoenix.domain.vocabulary import DecisionKind, KillEvent, SignerKind
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.store import BeadStore

_LOOKED_AT = frozenset(
    {BeadType.SIGNAL, BeadType.KILL_FLAG, BeadType.INTENT, BeadType.DECISION, BeadType.REFUSAL}
)  # fmt: skip
_OVERRIDING = frozenset(
    {DecisionKind.PASS, DecisionKind.WITHDRAW, DecisionKind.CANCEL, DecisionKind.CLOSE, DecisionKind.PROTECT}
)
"""What a human does otherwise than the signal said: not to trade it, or to handle the trade differently."""


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """`would_have_killed`: signals that came while a kill flag covered the strategy. `overrides`: signals on which a
    human passed, or whose trade a human withdrew, cancelled, closed or protected anew. Each signal counts once."""

    would_have_killed: int
    overrides: int


@dataclass(slots=True)
class _Count:
    strategy_id: str
    flags: dict[str, str | None] = field(default_factory=dict)
    signals: set[str] = field(default_factory=set)
    killed: set[str] = field(default_factory=set)
    signal_of: dict[str, str] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)


def count_session(
    store: BeadStore[State], calendar: TradingCalendar, strategy_id: str, session_date: date
) -> SessionCounts:
    """The counts over the signals of a strategy that came in a session."""
    count = _Count(strategy_id)
    for sealed in store.read_of(_LOOKED_AT):
        _take(count, sealed.bead, calendar, session_date)
    return SessionCounts(len(count.killed), len(set(count.decided.values()) & count.signals))


def _take(count: _Count, bead: Bead, calendar: TradingCalendar, session_date: date) -> None:
    match bead.payload:
        case KillFlagPayload() as flag:
            if flag.event is KillEvent.SET:
                count.flags[flag.flag_id] = flag.strategy_id
            else:
                count.flags.pop(flag.flag_id, None)
        case SignalPayload() as signal if signal.strategy_id == count.strategy_id:
            if calendar.session(signal.pair, bead.timestamp).session_date == session_date:
                count.signals.add(signal.signal_id)
                if any(scope in (None, count.strategy_id) for scope in count.flags.values()):
                    count.killed.add(signal.signal_id)
        case IntentPayload() as intent if intent.signal_id is not None:
            for name in (intent.intent_id, intent.position_id):
                if name is not None:
                    count.signal_of[name] = intent.signal_id
        case DecisionPayload() as decision:
            signal_id = count.signal_of.get(decision.subject_id)
            if signal_id and decision.kind in _OVERRIDING and bead.signer.kind is SignerKind.HUMAN:
                count.decided[decision.decision_id] = signal_id
        case RefusalPayload() as refusal:
            count.decided.pop(refusal.decision_id or "", None)
