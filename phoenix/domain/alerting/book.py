"""What is known of alerts that still matter. It is bounded: what is too much leaves, the least important first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from immutables import Map

from phoenix.domain.alerting.policy import ALERTS_TESTED
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity

WAITING_MAX = 500
OPEN_MAX = 500
TOLD_MAX = 500


@dataclass(frozen=True, slots=True)
class WaitingAlert:
    """An alert that has not gone out through all of its channels: those that are left; `tried` are those that failed
    to take it."""

    alert: AlertPayload
    since: datetime
    channels: tuple[str, ...]
    tried: tuple[str, ...] = ()

    @property
    def is_critical(self) -> bool:
        return self.alert.severity is Severity.CRITICAL

    @property
    def is_trial(self) -> bool:
        """Whether somebody waits to see whether it arrives."""
        return self.alert.kind == ALERTS_TESTED

    @property
    def is_reminder(self) -> bool:
        """Whether it tells a CRITICAL alert again that nobody has acknowledged."""
        return self.alert.event is AlertEvent.ESCALATED


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """A CRITICAL matter that no human has acknowledged: its first alert, its last, and how many there were.

    `told_at` is when it was raised or last told again, `escalations` how often it was.
    """

    alert: AlertPayload
    last: AlertPayload
    count: int
    raised_at: datetime
    told_at: datetime
    escalations: int = 0

    def is_named(self, alert_id: str) -> bool:
        """Whether an id is that of its first alert, which is its own, or of its last."""
        return alert_id in (self.alert.alert_id, self.last.alert_id)

    def begins(self, beginning: str) -> bool:
        """Whether one of these ids begins so."""
        return self.alert.alert_id.startswith(beginning) or self.last.alert_id.startswith(beginning)


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """How a channel fares: failures in a row, and since when; `gathered_at` is when it last took anything gathered.

    `is_down_told` says that people were alerted, through other channels, to its being down.
    """

    failures: int = 0
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""
    delivered_at: datetime | None = None
    gathered_at: datetime | None = None
    is_down_told: bool = False


@dataclass(frozen=True, slots=True)
class AlertBook:
    """`waiting` is by the bead's matter: an alert's id, or that of an alert told again. `open` is by dedupe key.

    `told` is when a matter below CRITICAL last went out through a channel. `lost` counts alerts that left undelivered
    because too many waited, `forgotten` those that left unacknowledged; their beads stay.
    """

    waiting: Map[str, WaitingAlert] = field(default_factory=Map)
    open: Map[str, OpenAlert] = field(default_factory=Map)
    channels: Map[str, ChannelRecord] = field(default_factory=Map)
    told: Map[tuple[str, str], datetime] = field(default_factory=Map)
    lost: int = 0
    forgotten: int = 0

    def waiting_for(self, channel: str) -> list[WaitingAlert]:
        """What has not gone out through a channel, oldest first."""
        found = [waiting for waiting in self.waiting.values() if channel in waiting.channels]
        return sorted(found, key=lambda waiting: (waiting.since, waiting.alert.alert_id))

    def channel(self, name: str) -> ChannelRecord:
        return self.channels.get(name, ChannelRecord())

    def opened(self, alert_id: str) -> OpenAlert | None:
        """The open matter that an alert's id names, if any."""
        return next((found for found in self.open.values() if found.is_named(alert_id)), None)
