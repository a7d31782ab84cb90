"""Worlds whose alerts have somewhere to go, and alerts made up to be told."""

from __future__ import annotations

from typing import Any

from phoenix.application.alerts import AlertKind
from phoenix.application.simulation import run_now
from phoenix.domain.alerting.policy import AlertPolicy
from phoenix.domain.beads.envelope import SYSTEM
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity
from phoenix.ports.alerts import Notice
from phoenix.rehearsal.world import World, make_policy
from tests.application.acts import append

CHANNELS = ("desk", "file", "log", "phone")
_KINDS = {
    Severity.INFO: (AlertKind.ALERTS_RESTORED, None),
    Severity.WARNING: (AlertKind.STATE_CONFLICT, None),
    Severity.CRITICAL: (AlertKind.CONNECTION_LOST, "RB-001"),
}


def watched(channels: tuple[str, ...] = CHANNELS, **settings: Any) -> World:
    """A world with two channels beyond this computer. Further settings are those of the alerts."""
    return World(policy=make_policy(alerts=AlertPolicy(channels=channels, **settings)))


def tell(world: World, severity: Severity = Severity.WARNING, key: str = "one", message: str = "look") -> str:
    """An alert is raised, and goes wherever it may go at once. Answers its id."""
    alert_id = put_on_record(world, severity, key, message)
    run_now(world.executor.pump())
    return alert_id


def put_on_record(world: World, severity: Severity = Severity.WARNING, key: str = "one", message: str = "look") -> str:
    """An alert is raised, and the executor has not looked at it yet. Answers its id."""
    kind, runbook = _KINDS[severity]
    alert_id = world.ids.new_id()
    payload = AlertPayload(
        alert_id, AlertEvent.RAISED, severity, kind.value, f"{kind.value}:{key}", message, runbook,
        channels=world.policy.alerts.channels,
    )  # fmt: skip
    append(world, payload, signer=SYSTEM)
    return alert_id


def notices(world: World, channel: str = "phone") -> list[Notice]:
    """What went out through a channel."""
    return [notice for notice in world.alerts.notices if notice.channel == channel]


def got(world: World, channel: str = "phone") -> list[str]:
    """The ids of the alerts that went out through a channel, in order."""
    return [alert.alert_id for notice in notices(world, channel) for alert in notice.alerts]


def results(world: World, event: AlertEvent) -> list[AlertPayload]:
    """What the beads say of alerts."""
    return [payload for payload in world.payloads(AlertPayload) if payload.event is event]
