"""Alerts kept in memory."""

from __future__ import annotations

from phoenix.domain.beads.safety import AlertPayload
from phoenix.ports.alerts import AlertSink


class RecordingSink(AlertSink):
    """Keeps every alert in the order of delivery, in `delivered`."""

    def __init__(self) -> None:
        self.delivered: list[AlertPayload] = []

    def deliver(self, alert: AlertPayload) -> None:
        self.delivered.append(alert)
