"""What goes out next through a channel, and when: derived from the book of alerts, so that a crash forgets nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from phoenix.application.alerting.wording import critical_notice, gathered_notice
from phoenix.domain.alerting.book import AlertBook, ChannelRecord, WaitingAlert
from phoenix.domain.alerting.policy import LOCAL_CHANNELS, AlertPolicy
from phoenix.ports.alerts import Notice

TOGETHER_MAX = 10
"""So many CRITICAL alerts that wait at the same time go out in one notice."""


def next_notice(book: AlertBook, channel: str, policy: AlertPolicy, now: datetime) -> Notice | None:
    """What is to go out through a channel now: what is CRITICAL first, then anything else that is due, together.

    Somebody who tries the channel on purpose goes before all of it, and waits for nothing.
    """
    waiting = book.waiting_for(channel)
    trials = _untried_trials(channel, waiting)
    if trials:
        return gathered_notice(channel, trials)
    if not waiting or now < _open_at(channel, book.channel(channel), waiting, policy):
        return None
    if channel in LOCAL_CHANNELS:
        return gathered_notice(channel, waiting)
    critical = [found for found in waiting if found.is_critical]
    if critical:
        return critical_notice(channel, critical[:TOGETHER_MAX])
    due = [found for found in waiting if _due_at(book, channel, found, policy) <= now]
    return gathered_notice(channel, due) if due else None


def next_due(book: AlertBook, channel: str, policy: AlertPolicy) -> datetime | None:
    """When there is something to go out through a channel; None while nothing waits."""
    waiting = book.waiting_for(channel)
    if not waiting:
        return None
    trials = _untried_trials(channel, waiting)
    if trials:
        return trials[0].since
    first = min(_due_at(book, channel, found, policy) for found in waiting)
    return max(first, _open_at(channel, book.channel(channel), waiting, policy))


def _untried_trials(channel: str, waiting: Sequence[WaitingAlert]) -> list[WaitingAlert]:
    return [found for found in waiting if found.is_trial and channel not in found.tried]


def _open_at(
    channel: str, record: ChannelRecord, waiting: Sequence[WaitingAlert], policy: AlertPolicy
) -> datetime:  # fmt: skip
    """When a channel may be tried. One that failed is given time, but little where something CRITICAL was never tried
    on it."""
    if record.failed_at is None:
        return waiting[0].since
    is_urgent = any(found.is_critical and channel not in found.tried for found in waiting)
    return record.failed_at + timedelta(seconds=policy.retry_delay_s(1 if is_urgent else record.failures))


def _due_at(book: AlertBook, channel: str, waiting: WaitingAlert, policy: AlertPolicy) -> datetime:
    """When an alert may go out: at once, unless its matter, or anything below CRITICAL, went out a moment ago."""
    if waiting.is_critical or channel in LOCAL_CHANNELS:
        return waiting.since
    instants = [waiting.since]
    told_at = book.told.get((channel, waiting.alert.dedupe_key))
    gathered_at = book.channel(channel).gathered_at
    if told_at is not None:
        instants.append(told_at + timedelta(seconds=policy.throttle_s))
    if gathered_at is not None:
        instants.append(gathered_at + timedelta(seconds=policy.gather_s))
    return max(instants)
