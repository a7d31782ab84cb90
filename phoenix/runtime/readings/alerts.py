"""Alerts as surfaces show them: what was raised and what became of it; and how delivery fares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from phoenix.domain.alerting.book import AlertBook, ChannelRecord
from phoenix.domain.beads.envelope import SealedBead
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, Severity


@dataclass(frozen=True, slots=True)
class AlertReading:
    """An alert that was raised. `delivered` is when it went out through each channel, `failed` the last reason of each
    that has not taken it yet; `escalations` counts how often it was told again."""

    alert: AlertPayload
    raised_at: datetime
    delivered: tuple[tuple[str, datetime], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    escalations: int = 0
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    repeats: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for a human to acknowledge it. A repeat waits with the alert that it repeats."""
        return self.alert.severity is Severity.CRITICAL and self.acknowledged_at is None

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The channels that it has not gone out through."""
        done = {name for name, _ in self.delivered}
        return tuple(name for name in self.alert.channels if name not in done)


@dataclass(frozen=True, slots=True)
class ChannelReading:
    """A channel: what waits for it, and how it fares."""

    name: str
    waiting: int
    record: ChannelRecord

    @property
    def is_failing(self) -> bool:
        return self.record.failures > 0


@dataclass(frozen=True, slots=True)
class DeliveryReading:
    """How alerts get out: the channels, how many alerts were lost because too many waited, how many matters are open
    and how many left unacknowledged because too many were."""

    channels: tuple[ChannelReading, ...]
    lost: int
    open_count: int
    forgotten: int


def delivery_of(book: AlertBook, configured: Iterable[str]) -> DeliveryReading:
    """How delivery fares on the configured channels, and on others that something still waits for."""
    others = {name for waiting in book.waiting.values() for name in waiting.channels}
    names = dict.fromkeys((*configured, *sorted(others)))
    channels = tuple(ChannelReading(name, len(book.waiting_for(name)), book.channel(name)) for name in names)
    return DeliveryReading(channels, book.lost, len(book.open), book.forgotten)


def alerts_told(beads: Iterable[SealedBead]) -> list[AlertReading]:
    """Every alert that was raised with what became of it, oldest first, from the ALERT beads."""
    found: dict[str, AlertReading] = {}
    first_of: dict[str, str] = {}
    for item in beads:
        payload = item.bead.payload
        if isinstance(payload, AlertPayload):
            _take_in(found, first_of, payload, item.bead.timestamp)
    return list(found.values())


def _take_in(found: dict[str, AlertReading], first_of: dict[str, str], payload: AlertPayload, at: datetime) -> None:
    match payload.event:
        case AlertEvent.RAISED:
            found[payload.alert_id] = AlertReading(payload, at, repeats=_repeated(first_of, payload))
        case AlertEvent.ESCALATED:
            for reading in _named(found, [payload.alert_id]):
                found[payload.alert_id] = replace(reading, escalations=reading.escalations + 1)
        case AlertEvent.ACKNOWLEDGED:
            first_of.pop(payload.dedupe_key, None)
            for alert_id, reading in found.items():
                if payload.alert_id in (alert_id, reading.repeats):
                    who = payload.acknowledged_by
                    found[alert_id] = replace(reading, acknowledged_by=who, acknowledged_at=at)
        case AlertEvent.DELIVERED | AlertEvent.DELIVERY_FAILED:
            for reading in _named(found, payload.covers):
                found[reading.alert.alert_id] = _with_delivery(reading, payload, at)


def _repeated(first_of: dict[str, str], payload: AlertPayload) -> str | None:
    """The id of the open alert that this one repeats, if it does."""
    if payload.severity is not Severity.CRITICAL:
        return None
    first = first_of.setdefault(payload.dedupe_key, payload.alert_id)
    return None if first == payload.alert_id else first


def _named(found: Mapping[str, AlertReading], alert_ids: Iterable[str]) -> list[AlertReading]:
    return [found[alert_id] for alert_id in alert_ids if alert_id in found]


def _with_delivery(reading: AlertReading, payload: AlertPayload, at: datetime) -> AlertReading:
    others = tuple((name, why) for name, why in reading.failed if name not in payload.channels)
    if payload.event is AlertEvent.DELIVERY_FAILED:
        return replace(reading, failed=(*others, *((name, payload.reason or "") for name in payload.channels)))
    known = {name for name, _ in reading.delivered}
    delivered = tuple((name, at) for name in payload.channels if name not in known)
    return replace(reading, delivered=(*reading.delivered, *delivered), failed=others)
