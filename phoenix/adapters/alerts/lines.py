"""Alerts as lines for whoever watches this process."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.domain.alerting.words import line_of
from phoenix.ports.alerts import AlertChannel, Delivered, Delivery, Notice


class LineChannel(AlertChannel):
    """Says every alert in one line, by whatever way of saying it is given. `say` must not raise."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    @property
    def name(self) -> str:
        return "log"

    def deliver(self, notice: Notice) -> Delivery:
        for alert in notice.alerts:
            self._say(line_of(alert))
        return Delivered()
