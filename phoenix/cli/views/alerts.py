"""Alerts and their delivery for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.cli.views.figures import NONE, add, inert, table
from phoenix.cli.views.times import distance, span
from phoenix.runtime.desk.alerts import TrialReading
from phoenix.runtime.readings.alerts import AlertReading, ChannelReading, DeliveryReading
from phoenix.runtime.words.ids import short

NO_ALERTS = "No alert is on record."
_ACKNOWLEDGE = "When you take care of one: phoenix alerts ack ID --reason WHAT"


def alerts_view(alerts: Sequence[AlertReading], delivery: DeliveryReading, now: datetime) -> RenderableType:
    """A row for each alert, then a line for each channel, then what to do."""
    lines = [*_channel_lines(delivery, now)]
    if delivery.open_count:
        lines += ["", f"{delivery.open_count} CRITICAL alerts are open. {_ACKNOWLEDGE}"]
    if any(channel.is_failing for channel in delivery.channels):
        lines += ["Try the channels: phoenix alerts test"]
    told = _alerts_table(alerts, now) if alerts else Text(NO_ALERTS)
    return Group(told, Text(""), Text(inert("\n".join(lines)), overflow="fold"))


def _alerts_table(alerts: Sequence[AlertReading], now: datetime) -> RenderableType:
    made = table("Alert", "Raised", "Severity", "What", "State", "Went out")
    for found in alerts:
        alert = found.alert
        runbook = "" if alert.runbook is None else f" [{alert.runbook}]"
        what = f"{alert.kind}: {alert.message}{runbook}"
        add(
            made, short(alert.alert_id), distance(found.raised_at, now), alert.severity.value, what, _state(found, now),
            _went_out(found),
        )  # fmt: skip
    return made


def _state(found: AlertReading, now: datetime) -> str:
    if found.acknowledged_at is not None:
        return f"{found.acknowledged_by}, {distance(found.acknowledged_at, now)}"
    if found.repeats is not None:
        return f"repeats {short(found.repeats)}"
    again = f", told again {found.escalations} times" if found.escalations else ""
    return f"OPEN{again}" if found.is_open else NONE


def _went_out(found: AlertReading) -> str:
    failed = dict(found.failed)
    parts = [name for name, _ in found.delivered]
    parts += [f"{name} FAILED" if name in failed else f"{name} waits" for name in found.waits_for]
    return ", ".join(parts) or NONE


def _channel_lines(delivery: DeliveryReading, now: datetime) -> Iterator[str]:
    for channel in delivery.channels:
        yield f"channel {channel.name}: {_fares(channel, now)}"
    if delivery.lost:
        yield f"{delivery.lost} alerts were lost: too many waited. Their beads stay: phoenix beads list --type ALERT"
    if delivery.forgotten:
        yield f"{delivery.forgotten} CRITICAL alerts are no longer told again: too many are open"


def _fares(channel: ChannelReading, now: datetime) -> str:
    record = channel.record
    waiting = f", {channel.waiting} wait" if channel.waiting else ""
    if channel.is_failing:
        since = "" if record.failing_since is None else f" for {span(now - record.failing_since)}"
        return f"FAILING{since}, {record.failures} times: {record.reason}{waiting}"
    last = "nothing went out yet" if record.delivered_at is None else f"last {distance(record.delivered_at, now)}"
    return f"{last}{waiting}"


def trial_lines(trial: TrialReading) -> Iterator[str]:
    """What each channel made of a test alert."""
    if trial.alert is None:
        return
    failed = dict(trial.alert.failed)
    for name, _ in trial.alert.delivered:
        yield f"{name}: took it"
    for name in trial.alert.waits_for:
        yield f"{name}: FAILED: {failed[name]}" if name in failed else f"{name}: not yet known, it is still on its way"
    if failed:
        yield "  Correct [alerts.channels] or what is in the way; it is tried again by itself: phoenix alerts list"
