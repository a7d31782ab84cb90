"""How the book of alerts follows from ALERT beads: what waits, what is open, how the channels fare."""

from __future__ import annotations

from datetime import datetime

from immutables import Map

from phoenix.domain.alerting.book import (
    OPEN_MAX,
    TOLD_MAX,
    WAITING_MAX,
    AlertBook,
    ChannelRecord,
    OpenAlert,
    WaitingAlert,
)
from phoenix.domain.alerting.policy import ALERTS_DOWN, ESCALATIONS_MAX, LOCAL_CHANNELS
from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.change import replace
from phoenix.domain.state import State, TimerKey, TimerKind
from phoenix.domain.vocabulary import AlertEvent, Severity

_RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.CRITICAL: 2}


def with_alert(state: State, payload: AlertPayload, bead: Bead) -> State:
    """The state after one more word on an alert."""
    match payload.event:
        case AlertEvent.RAISED:
            return _raised(state, payload, bead.timestamp)
        case AlertEvent.ESCALATED:
            return _escalated(state, payload, bead.timestamp)
        case AlertEvent.ACKNOWLEDGED:
            return _closed(state, payload.dedupe_key)
        case AlertEvent.DELIVERED:
            return replace(state, alerts=_delivered(state.alerts, payload, bead.timestamp))
        case AlertEvent.DELIVERY_FAILED:
            return replace(state, alerts=_failed(state.alerts, payload, bead.timestamp))


def _raised(state: State, payload: AlertPayload, at: datetime) -> State:
    book = _queued(state.alerts, payload, at)
    if payload.kind == ALERTS_DOWN:
        book = _down_told(book, payload.dedupe_key.partition(":")[2])
    state = replace(state, alerts=book)
    return _opened(state, payload, at) if payload.severity is Severity.CRITICAL else state


def _escalated(state: State, payload: AlertPayload, at: datetime) -> State:
    state = replace(state, alerts=_queued(state.alerts, payload, at))
    known = state.alerts.open.get(payload.dedupe_key)
    if known is None:
        return state
    return _with_open(state, replace(known, told_at=at, escalations=known.escalations + 1))


# --- what waits ----------------------------------------------------------------------------------------------------


def _queued(book: AlertBook, payload: AlertPayload, at: datetime) -> AlertBook:
    """With an alert in the queue. One that still waited is told once, in its newer words, wherever it has to go."""
    if not payload.channels:
        return book
    former = book.waiting.get(payload.alert_id)
    channels = dict.fromkeys((*(former.channels if former else ()), *payload.channels))
    tried = () if former is None else former.tried
    waiting = WaitingAlert(payload, former.since if former else at, tuple(channels), tried)
    book = replace(book, waiting=book.waiting.set(payload.alert_id, waiting))
    if len(book.waiting) <= WAITING_MAX:
        return book
    least = min(book.waiting.values(), key=_importance)
    return replace(book, waiting=book.waiting.delete(least.alert.alert_id), lost=book.lost + 1)


def _importance(waiting: WaitingAlert) -> tuple[int, datetime, str]:
    return _RANKS[waiting.alert.severity], waiting.since, waiting.alert.alert_id


def _delivered(book: AlertBook, payload: AlertPayload, at: datetime) -> AlertBook:
    told, channels = book.told, book.channels
    gathered = [
        book.waiting[key] for key in payload.covers if key in book.waiting and not book.waiting[key].is_critical
    ]
    for name in payload.channels:
        record = replace(
            book.channel(name), failures=0, failing_since=None, failed_at=None, reason="", delivered_at=at,
            is_down_told=False,
        )  # fmt: skip
        if gathered and name not in LOCAL_CHANNELS:
            record = replace(record, gathered_at=at)
            for waiting in gathered:
                told = _remembered(told, (name, waiting.alert.dedupe_key), at)
        channels = channels.set(name, record)
    return replace(_without(book, payload), told=told, channels=channels)


def _remembered(told: Map[tuple[str, str], datetime], key: tuple[str, str], at: datetime) -> Map[
    tuple[str, str], datetime
]:  # fmt: skip
    told = told.set(key, at)
    if len(told) <= TOLD_MAX:
        return told
    return told.delete(min(told, key=lambda known: (told[known], known)))


def _failed(book: AlertBook, payload: AlertPayload, at: datetime) -> AlertBook:
    """After a delivery that failed. What was given up waits no longer, for its channel is none any more."""
    channels = book.channels
    if payload.is_given_up:
        for name in payload.channels:
            channels = channels.delete(name) if name in channels else channels
        return replace(_without(book, payload), channels=channels)
    waiting = book.waiting
    for key in payload.covers:
        if key in waiting:
            tried = dict.fromkeys((*waiting[key].tried, *payload.channels))
            waiting = waiting.set(key, replace(waiting[key], tried=tuple(tried)))
    for name in payload.channels:
        former = book.channel(name)
        channels = channels.set(
            name,
            replace(
                former, failures=former.failures + 1, failing_since=former.failing_since or at, failed_at=at,
                reason=payload.reason or "",
            ),
        )  # fmt: skip
    return replace(book, channels=channels, waiting=waiting)


def _without(book: AlertBook, payload: AlertPayload) -> AlertBook:
    """Without what a delivery covered, as far as its channels are concerned."""
    waiting = book.waiting
    for key in payload.covers:
        known = waiting.get(key)
        if known is None:
            continue
        left = tuple(name for name in known.channels if name not in payload.channels)
        waiting = waiting.set(key, replace(known, channels=left)) if left else waiting.delete(key)
    return replace(book, waiting=waiting)


def _down_told(book: AlertBook, name: str) -> AlertBook:
    record: ChannelRecord = replace(book.channel(name), is_down_told=True)
    return replace(book, channels=book.channels.set(name, record))


# --- what is open --------------------------------------------------------------------------------------------------


def _opened(state: State, payload: AlertPayload, at: datetime) -> State:
    """With a matter that a human has to acknowledge. The same again is counted; its time goes on from the first."""
    known = state.alerts.open.get(payload.dedupe_key)
    if known is not None:
        repeated = replace(known, last=payload, count=known.count + 1)
        book = state.alerts
        return replace(state, alerts=replace(book, open=book.open.set(payload.dedupe_key, repeated)))
    state = _with_open(state, OpenAlert(payload, payload, 1, at, at))
    return state if len(state.alerts.open) <= OPEN_MAX else _without_oldest(state)


def _with_open(state: State, found: OpenAlert) -> State:
    """With an open matter, and the timer after which it is told again, as long as it is and there is where to."""
    dedupe_key, book = found.alert.dedupe_key, state.alerts
    key = TimerKey(TimerKind.ALERT_ESCALATION, dedupe_key)
    timers = state.timers
    if found.escalations < ESCALATIONS_MAX and found.alert.channels:
        timers = timers.set(key, found.told_at)
    elif key in timers:
        timers = timers.delete(key)
    return replace(state, alerts=replace(book, open=book.open.set(dedupe_key, found)), timers=timers)


def _without_oldest(state: State) -> State:
    oldest = min(state.alerts.open.values(), key=lambda found: (found.raised_at, found.alert.alert_id))
    state = _without_open(state, oldest.alert.dedupe_key)
    return replace(state, alerts=replace(state.alerts, forgotten=state.alerts.forgotten + 1))


def _closed(state: State, dedupe_key: str) -> State:
    """Without a matter that a human acknowledged. What tells it again need not go out any more."""
    known = state.alerts.open.get(dedupe_key)
    if known is None:
        return state
    state = _without_open(state, dedupe_key)
    waiting = state.alerts.waiting.get(known.alert.alert_id)
    if waiting is None or not waiting.is_reminder:
        return state
    left = state.alerts.waiting.delete(known.alert.alert_id)
    return replace(state, alerts=replace(state.alerts, waiting=left))


def _without_open(state: State, dedupe_key: str) -> State:
    key = TimerKey(TimerKind.ALERT_ESCALATION, dedupe_key)
    timers = state.timers.delete(key) if key in state.timers else state.timers
    book = state.alerts
    return replace(state, alerts=replace(book, open=book.open.delete(dedupe_key)), timers=timers)
