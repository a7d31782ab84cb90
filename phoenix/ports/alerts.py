"""Where alerts go once their bead is durable. Delivery never blocks or breaks trading."""

from __future__ import annotations

from abc import ABC, abstractmethod

from phoenix.domain.beads.safety import AlertPayload


class AlertSink(ABC):
    @abstractmethod
    def deliver(self, alert: AlertPayload) -> None:
        """Hand an alert on. Raises nothing: a failure is the sink's own to record and retry."""
