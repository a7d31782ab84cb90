"""Alerts as lines for people, and one alert to several places."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.domain.beads.safety import AlertPayload
from phoenix.ports.alerts import AlertSink


class LineSink(AlertSink):
    """Says every alert in one line, by whatever way of saying it is given. `say` must not raise."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    def deliver(self, alert: AlertPayload) -> None:
        runbook = "" if alert.runbook is None else f" [{alert.runbook}]"
        self._say(f"{alert.severity.value} {alert.kind}: {alert.message}{runbook}")


class EverySink(AlertSink):
    """Hands each alert to several sinks, in their order."""

    def __init__(self, *sinks: AlertSink) -> None:
        self._sinks = sinks

    def deliver(self, alert: AlertPayload) -> None:
        for sink in self._sinks:
            sink.deliver(alert)
