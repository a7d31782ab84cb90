"""How the state follows from beads: `evolve(state, bead) -> state`, and nothing else ever changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from immutables import Map

from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.catalogue import story_of
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.operations import (
    AccountPayload,
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
from phoenix.domain.beads.setup import AnchorPayload, EvidencePayload, IntentPayload, RefusalPayload, SignalPayload
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.change import replace
from phoenix.domain.day_book import DayBook
from phoenix.domain.evolve_alerts import with_alert
from phoenix.domain.evolve_position import evolve_position
from phoenix.domain.evolve_promotion import (
    with_autopsy,
    with_evidence,
    with_performance,
    with_promotion,
    with_token,
    without_promotion,
    without_shadow,
)
from phoenix.domain.evolve_reconciliation import (
    with_drift,
    with_escalation,
    with_execution,
    with_realised,
    with_resolution,
    with_run,
)
from phoenix.domain.heartbeat import Pulse, signs_of
from phoenix.domain.kill import KillFlag, announced_flag
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.state import (
    PendingDecision,
    RecentEntry,
    SessionState,
    State,
    Strategy,
    Stray,
    TimerKey,
    TimerKind,
)
from phoenix.domain.timers import timers_of
from phoenix.domain.tokens import Token
from phoenix.domain.vocabulary import (
    AlertEvent,
    DecisionKind,
    ExecutionEvent,
    IntentKind,
    KillEvent,
    OrderEvent,
    SessionEvent,
    Side,
    StrategyMode,
    TokenEvent,
)

RECENT_ENTRIES_MAX = 64
INCOMPLETE = "RECOVERY_INCOMPLETE"
TWO_ORDERS = "PERMANENT_ID_CONFLICT"
REFUSED_MOVE = "TRANSITION_REFUSED"
STANDING = frozenset({INCOMPLETE, TWO_ORDERS, REFUSED_MOVE})
"""The kinds of alerts to what every read of the books finds again until somebody puts it right."""
EMPTY = State()


def evolve(state: State, bead: Bead) -> State:
    """The state after one more bead."""
    payload = bead.payload
    position_id = story_of(payload)
    if position_id is not None:
        state = _with_story(state, position_id, bead)
    if state.decisions and not isinstance(payload, DecisionPayload):
        state = _answered(state, getattr(payload, "decision_id", None))
    handler = _HANDLERS.get(type(payload))
    return state if handler is None else handler(state, payload, bead)


def _with_story(state: State, position_id: str, bead: Bead) -> State:
    live = state.positions.get(position_id)
    before = live or state.autopsies_due.get(position_id)
    after = evolve_position(before, bead)
    if after is None or after is before:
        return state
    due = _autopsies_due(state.autopsies_due, after)
    if live is None and before is not None:
        return replace(state, autopsies_due=due)
    timers = _timers(state.timers, live, after)
    if after.is_finished:
        return _without_position(state, after, timers, due)
    return replace(state, timers=timers, positions=state.positions.set(position_id, after), autopsies_due=due)


def _autopsies_due(due: Map[str, Position], position: Position) -> Map[str, Position]:
    if position.awaits_autopsy:
        return due.set(position.position_id, position)
    return due.delete(position.position_id) if position.position_id in due else due


def _timers(timers: Map[TimerKey, datetime], before: Position | None, after: Position) -> Map[TimerKey, datetime]:
    """The timers once those of a position are what they are now; the same map when nothing changed."""
    old = {} if before is None else dict(timers_of(before))
    new = {} if after.is_finished else dict(timers_of(after))
    if old == new:
        return timers
    for key in old:
        timers = timers.delete(key)
    return timers.update(new)


def _without_position(
    state: State, position: Position, timers: Map[TimerKey, datetime], due: Map[str, Position]
) -> State:
    intents, references = state.position_of_intent, state.position_of_reference
    for intent_id in (position.intent_id, *(action.intent_id for action in position.actions)):
        if intent_id in intents:
            intents = intents.delete(intent_id)
    for leg in position.legs:
        if leg.leg.reference in references:
            references = references.delete(leg.leg.reference)
    return replace(
        state, positions=state.positions.delete(position.position_id), position_of_intent=intents,
        position_of_reference=references, timers=timers, autopsies_due=due,
    )  # fmt: skip


def _on_signal(state: State, payload: SignalPayload, _: Bead) -> State:
    return replace(state, inbox=state.inbox.set(payload.signal_id, payload))


def _on_intent(state: State, payload: IntentPayload, bead: Bead) -> State:
    if payload.signal_id is not None and payload.signal_id in state.inbox:
        state = replace(state, inbox=state.inbox.delete(payload.signal_id))
    if payload.kind is IntentKind.PROMOTE:
        return with_promotion(state, payload, bead)
    if payload.position_id is None:
        return state
    return replace(state, position_of_intent=state.position_of_intent.set(payload.intent_id, payload.position_id))


def _on_refusal(state: State, payload: RefusalPayload, _: Bead) -> State:
    if payload.subject_kind == "SIGNAL" and payload.subject_id in state.inbox:
        return replace(state, inbox=state.inbox.delete(payload.subject_id))
    return state


def _on_anchor(state: State, payload: AnchorPayload, _: Bead) -> State:
    anchor = Anchor(payload.captured_at, payload.regime, payload.strategy_params, payload.market_snapshot)
    return replace(state, anchors=state.anchors.set((payload.strategy_id, payload.pair), anchor))


def _on_decision(state: State, payload: DecisionPayload, bead: Bead) -> State:
    if payload.kind is DecisionKind.RECOMMEND:
        return state
    pending = PendingDecision(payload, bead.signer, bead.timestamp)
    return replace(state, decisions=state.decisions.set(payload.decision_id, pending))


def _answered(state: State, decision_id: str | None) -> State:
    if decision_id is None or decision_id not in state.decisions:
        return state
    return replace(state, decisions=state.decisions.delete(decision_id))


def _on_token(state: State, payload: TokenPayload, _: Bead) -> State:
    key = TimerKey(TimerKind.TOKEN_EXPIRY, payload.token_id)
    if payload.event is TokenEvent.ISSUED:
        token = _issued(state, payload)
        if token is None:
            return state
        state = replace(
            state, tokens=state.tokens.set(token.token_id, token), timers=state.timers.set(key, token.expires_at)
        )
        return with_token(state, token) if token.kind is IntentKind.PROMOTE else state
    ended = payload.event is not TokenEvent.REJECTED or payload.final
    if not ended or payload.token_id not in state.tokens:
        return state
    return replace(state, tokens=state.tokens.delete(payload.token_id), timers=state.timers.delete(key))


def _issued(state: State, payload: TokenPayload) -> Token | None:
    if payload.issued_at is None or payload.expires_at is None or payload.secret_hash is None:
        return None
    position = state.positions.get(payload.position_id or "")
    acts_for = position or state.promotions.get(payload.intent_id)
    return Token(
        token_id=payload.token_id, intent_id=payload.intent_id, kind=_kind_of(payload, position),
        position_id=payload.position_id,
        strategy_id=None if acts_for is None else acts_for.strategy_id, evidence_hash=payload.evidence_hash,
        secret_hash=payload.secret_hash, issued_at=payload.issued_at, expires_at=payload.expires_at,
        approver=payload.approver or "",
    )  # fmt: skip


def _kind_of(payload: TokenPayload, position: Position | None) -> IntentKind:
    """What a token is for. A position that has left memory has ended: only an exit can still act on what it holds."""
    if payload.position_id is None:
        return IntentKind.PROMOTE
    if position is None:
        return IntentKind.EXIT
    action = position.action(payload.intent_id)
    return IntentKind.ENTRY if action is None else action.kind


def _on_order(state: State, payload: OrderPayload, bead: Bead) -> State:
    if payload.event is OrderEvent.UNMATCHED:
        return _with_external(state, payload, bead)
    if payload.event is OrderEvent.BOUND:
        return _without_stated(state, payload.permanent_id)
    if payload.event is not OrderEvent.PREPARED or payload.plan is None or payload.position_id is None:
        return state
    references = state.position_of_reference
    for leg in payload.plan.legs:
        references = references.set(leg.reference, payload.position_id)
    highest = max(leg.session_order_id for leg in payload.plan.legs)
    state = replace(
        state, position_of_reference=references, next_session_order_id=max(state.next_session_order_id, highest + 1)
    )
    return _with_entry_sent(state, payload, bead) if payload.intent_kind is IntentKind.ENTRY else state


def _with_external(state: State, payload: OrderPayload, bead: Bead) -> State:
    name = payload.permanent_id or payload.client_order_id or bead.bead_id
    state = replace(state, external_orders=state.external_orders.set(name, payload.position_id))
    if payload.stated is not None and payload.permanent_id is not None:
        return replace(state, stated_orders=state.stated_orders.set(payload.permanent_id, payload.stated))
    return _without_stated(state, name)


def _without_stated(state: State, name: str | None) -> State:
    if name is None or name not in state.stated_orders:
        return state
    return replace(state, stated_orders=state.stated_orders.delete(name))


def _with_entry_sent(state: State, payload: OrderPayload, bead: Bead) -> State:
    position = state.positions.get(payload.position_id or "")
    state = replace(state, day=_today(state, bead).with_order(bead.timestamp))
    if position is None:
        return state
    terms = position.terms
    recent = RecentEntry(terms.pair, terms.side.value, terms.entry_price, bead.timestamp)
    return replace(state, recent_entries=(*state.recent_entries, recent)[-RECENT_ENTRIES_MAX:])


def _today(state: State, bead: Bead) -> DayBook:
    """The daily counters, anew with every UTC day."""
    at = bead.occurred_at or bead.timestamp
    if state.day.covers(at):
        return state.day
    return state.day.succeeded(at, {*state.positions, story_of(bead.payload) or ""})


def _on_execution(state: State, payload: ExecutionPayload, bead: Bead) -> State:
    if payload.event is ExecutionEvent.COMMISSION:
        return state
    state = with_execution(state, payload, bead)
    if payload.event is ExecutionEvent.PARKED:
        return replace(state, parked=state.parked.set(payload.execution_id, payload))
    if payload.event is ExecutionEvent.BUSTED:
        return _without_parked(state, [key for key, parked in state.parked.items() if parked.stem == payload.stem])
    return _without_parked(state, [payload.execution_id])


def _without_parked(state: State, execution_ids: list[str]) -> State:
    parked = state.parked
    for execution_id in execution_ids:
        if execution_id in parked:
            parked = parked.delete(execution_id)
    return state if parked is state.parked else replace(state, parked=parked)


def _on_position(state: State, payload: PositionPayload, bead: Bead) -> State:
    state = _with_stray(_with_adopted(state, payload), payload)
    had_ended = payload.previous_state is not None and payload.previous_state.is_terminal
    today = _today(state, bead)
    day = today.with_realised(payload.position_id, payload.realised_pnl, had_ended=had_ended)
    if day is not today:
        state = with_realised(state, day.realised_pnl - today.realised_pnl)
    return state if day is state.day else replace(state, day=day)


def _with_adopted(state: State, payload: PositionPayload) -> State:
    """An execution that a human adopted is nobody's no longer; a stray hands over by a bead of its own."""
    adopted = payload.adopted_execution_id
    return state if adopted is None else _without_parked(state, [adopted])


def _with_stray(state: State, payload: PositionPayload) -> State:
    """What a position holds though it ended, or went past flat, is a stray until it is adopted or explained."""
    known = payload.position_id in state.strays
    is_stray = payload.open_quantity < ZERO or (payload.state.is_terminal and payload.open_quantity > ZERO)
    if not is_stray:
        return replace(state, strays=state.strays.delete(payload.position_id)) if known else state
    signed = payload.open_quantity if payload.side is Side.LONG else -payload.open_quantity
    stray = Stray(payload.position_id, payload.pair, signed)
    return replace(state, strays=state.strays.set(payload.position_id, stray))


def _on_kill_flag(state: State, payload: KillFlagPayload, bead: Bead) -> State:
    state = replace(state, last_kill_bead=state.last_kill_bead.set(payload.strategy_id or "", bead.bead_id))
    key = TimerKey(TimerKind.FLAG_EXPIRY, payload.flag_id)
    if payload.event is KillEvent.SET:
        flag = KillFlag(
            payload.flag_id, payload.strategy_id, payload.source, payload.reason, bead.timestamp, payload.expires_at
        )
        timers = state.timers if payload.expires_at is None else state.timers.set(key, payload.expires_at)
        return replace(state, flags=state.flags.set(payload.flag_id, flag), timers=timers)
    if payload.flag_id not in state.flags:
        return state
    timers = state.timers.delete(key) if key in state.timers else state.timers
    return replace(state, flags=state.flags.delete(payload.flag_id), timers=timers)


def _on_alert(state: State, payload: AlertPayload, bead: Bead) -> State:
    state = with_alert(with_escalation(state, payload, bead), payload, bead)
    if payload.kind in STANDING and payload.event is AlertEvent.RAISED:
        return replace(state, told=state.told.set(payload.dedupe_key, payload.message))
    flag = state.flags.get(announced_flag(payload) or "")
    if flag is None:
        return state
    return replace(state, flags=state.flags.set(flag.flag_id, replace(flag, is_announced=True)))


def _on_decay(state: State, payload: DecayPayload, bead: Bead) -> State:
    return replace(state, last_decay_bead=state.last_decay_bead.set(payload.strategy_id or "", bead.bead_id))


def _on_strategy(state: State, payload: StrategyPayload, bead: Bead) -> State:
    is_live = payload.mode is StrategyMode.LIVE
    promoted_at = bead.timestamp if is_live else None
    strategy = Strategy(payload.strategy_id, payload.mode, promoted_at, payload.description)
    state = replace(state, strategies=state.strategies.set(payload.strategy_id, strategy))
    return without_shadow(state, payload.strategy_id) if is_live else state


def _on_account(state: State, payload: AccountPayload, _: Bead) -> State:
    return replace(state, account=payload)


def _on_session(state: State, payload: SessionPayload, bead: Bead) -> State:
    session = _session_after(state.session, payload, bead)
    floor = max(state.next_session_order_id, payload.next_session_order_id or 0)
    timers = state.timers
    for kind, base in _timers_of_session(session).items():
        key = TimerKey(kind, "session")
        if base is not None:
            timers = timers.set(key, base)
        elif key in timers:
            timers = timers.delete(key)
    told = _still_told(state.told) if payload.event is SessionEvent.RECONCILED else state.told
    return replace(state, session=session, next_session_order_id=floor, timers=timers, told=told)


def _timers_of_session(session: SessionState) -> dict[TimerKind, datetime | None]:
    """From when the next attempt to reconnect counts; when a line that is down in a reset should be back."""
    return {
        TimerKind.RECONNECT: session.lost_at and (session.reset_until or session.lost_at),
        TimerKind.RESET_OVER: session.reset_until if session.is_line_down else None,
    }


def _still_told(told: Map[str, str]) -> Map[str, str]:
    """What has been told, once complete books agree: what kept them from agreeing is over."""
    for key in [key for key in told if key.startswith(f"{INCOMPLETE}:")]:
        told = told.delete(key)
    return told


def _session_after(session: SessionState, payload: SessionPayload, bead: Bead) -> SessionState:
    match payload.event:
        case SessionEvent.CONNECTED | SessionEvent.RECONNECTED:
            return SessionState(is_connected=True, account=payload.account, mode=payload.mode, detail=payload.detail)
        case SessionEvent.DISCONNECTED:
            line_only = payload.is_socket is False
            return replace(
                session, is_connected=False, is_reconciled=False, are_books_known=False, is_line_down=line_only,
                lost_at=None if line_only else bead.timestamp, reconnects=0, reset_until=payload.reset_until,
                detail=payload.detail,
            )  # fmt: skip
        case SessionEvent.AWAITING_RESET:
            return replace(session, reset_until=payload.reset_until, detail=payload.detail)
        case SessionEvent.RECONNECTING:
            return replace(
                session, lost_at=bead.timestamp, reconnects=session.reconnects + 1, reset_until=None,
                detail=payload.detail,
            )  # fmt: skip
        case SessionEvent.RECONCILED:
            return replace(
                session, is_reconciled=True, books_read_at=payload.books_as_of, are_books_known=True,
                detail=payload.detail,
            )  # fmt: skip
        case SessionEvent.REFUSED:
            return replace(
                session, is_connected=False, is_reconciled=False, are_books_known=False, detail=payload.detail
            )
        case SessionEvent.RECOVERY_INCOMPLETE:
            read_at = payload.books_as_of or session.books_read_at
            return replace(
                session, is_reconciled=False, books_read_at=read_at, are_books_known=payload.books_as_of is not None,
                detail=payload.detail,
            )  # fmt: skip
        case SessionEvent.DATA_STALE | SessionEvent.DATA_RESTORED:
            return replace(session, is_data_fresh=payload.event is SessionEvent.DATA_RESTORED, detail=payload.detail)


def _on_heartbeat(state: State, payload: HeartbeatPayload, bead: Bead) -> State:
    return replace(state, pulse=Pulse(payload.verdict, bead.timestamp, signs_of(payload.checks)))


_HANDLERS: dict[type, Callable[[State, Any, Bead], State]] = {
    SignalPayload: _on_signal,
    IntentPayload: _on_intent,
    RefusalPayload: _on_refusal,
    AnchorPayload: _on_anchor,
    DecisionPayload: _on_decision,
    TokenPayload: _on_token,
    OrderPayload: _on_order,
    ExecutionPayload: _on_execution,
    PositionPayload: _on_position,
    KillFlagPayload: _on_kill_flag,
    AlertPayload: _on_alert,
    DecayPayload: _on_decay,
    StrategyPayload: _on_strategy,
    EvidencePayload: with_evidence,
    PerformancePayload: with_performance,
    AutopsyPayload: with_autopsy,
    PromotionPayload: without_promotion,
    AccountPayload: _on_account,
    DriftPayload: with_drift,
    ResolutionPayload: with_resolution,
    ReconciliationRunPayload: with_run,
    SessionPayload: _on_session,
    HeartbeatPayload: _on_heartbeat,
}
