"""Notices to hand to channels."""

from __future__ import annotations

from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity
from phoenix.ports.alerts import Notice


def alert(name: str, severity: Severity = Severity.CRITICAL) -> AlertPayload:
    return AlertPayload(name, AlertEvent.RAISED, severity, "POSITION_STALLED", name, "look", "RB-003")


def notice(channel: str, *names: str, text: str = "the whole of it") -> Notice:
    alerts = tuple(alert(name) for name in names or ("a",))
    return Notice(channel, Severity.CRITICAL, "CRITICAL POSITION_STALLED", text, alerts)
