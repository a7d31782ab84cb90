"""Alerts and their delivery as JSON documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.runtime.desk.alerts import TrialReading
from phoenix.runtime.documents.outcomes import outcome_document
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.readings.alerts import AlertReading, ChannelReading, DeliveryReading


def alerts_document(alerts: Sequence[AlertReading], delivery: DeliveryReading, now: datetime) -> dict[str, Any]:
    """Alerts with what became of each, and how delivery fares."""
    return {
        "as_of": instant_text(now), "alerts": [alert_document(found) for found in alerts],
        "delivery": delivery_document(delivery),
    }  # fmt: skip


def alert_document(found: AlertReading) -> dict[str, Any]:
    """One alert. `waits_for` names the channels that it has not gone out through."""
    alert = found.alert
    return {
        "alert_id": alert.alert_id, "severity": alert.severity.value, "kind": alert.kind, "message": alert.message,
        "runbook": alert.runbook, "raised_at": instant_text(found.raised_at), "open": found.is_open,
        "repeats": found.repeats, "escalations": str(found.escalations), "acknowledged_by": found.acknowledged_by,
        "acknowledged_at": optional_instant(found.acknowledged_at), "position_id": alert.position_id,
        "intent_id": alert.intent_id, "delivered": {name: instant_text(at) for name, at in found.delivered},
        "failed": dict(found.failed), "waits_for": list(found.waits_for),
    }  # fmt: skip


def trial_document(trial: TrialReading) -> dict[str, Any]:
    """A trial of channels: the decision's outcome, and what each channel made of the test alert."""
    alert = None if trial.alert is None else alert_document(trial.alert)
    return {"outcome": outcome_document(trial.outcome), "known": trial.is_known, "alert": alert}


def delivery_document(delivery: DeliveryReading) -> dict[str, Any]:
    """The channels, and the counts of what is open and of what was lost."""
    return {
        "channels": [_channel(channel) for channel in delivery.channels], "open": str(delivery.open_count),
        "lost": str(delivery.lost), "forgotten": str(delivery.forgotten),
    }  # fmt: skip


def _channel(channel: ChannelReading) -> dict[str, Any]:
    record = channel.record
    return {
        "name": channel.name, "waiting": str(channel.waiting), "failing": channel.is_failing,
        "failures": str(record.failures), "failing_since": optional_instant(record.failing_since),
        "failed_at": optional_instant(record.failed_at), "reason": record.reason or None,
        "delivered_at": optional_instant(record.delivered_at),
    }  # fmt: skip
