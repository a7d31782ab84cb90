"""What came of deliveries, on record; and what people must know of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from phoenix.application.alerts import AlertKind
from phoenix.application.work import Work
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.instants import instant_text
from phoenix.domain.vocabulary import AlertEvent
from phoenix.ports.alerts import Delivered, NotDelivered, Receipt

DOWN_AFTER = 2
"""A channel that failed so many times in a row is down; people are told through the others, once."""
REASON_MAX = 300
"""The longest reason of a failure that is recorded, in characters."""


def record_receipts(work: Work, receipts: Sequence[Receipt]) -> None:
    """Record deliveries, those of the same alerts by one bead, and tell of channels that fail or are back."""
    delivered: dict[tuple[str, ...], list[Receipt]] = {}
    for receipt in receipts:
        match receipt.delivery:
            case Delivered():
                delivered.setdefault(_ids(receipt), []).append(receipt)
            case NotDelivered(reason):
                work.record(_result(receipt, AlertEvent.DELIVERY_FAILED, [receipt.notice.channel], reason))
                _tell_down(work, receipt.notice.channel)
    for same in delivered.values():
        _record_delivered(work, same)


def _record_delivered(work: Work, same: Sequence[Receipt]) -> None:
    names = [receipt.notice.channel for receipt in same]
    restored = [(name, work.state.alerts.channel(name)) for name in names]
    work.record(_result(same[0], AlertEvent.DELIVERED, names))
    for name, before in restored:
        if before.is_down_told and before.failing_since is not None:
            since = instant_text(before.failing_since)
            work.alert(
                AlertKind.ALERTS_RESTORED, f"alerts go out through {name} again; it failed since {since}", key=name
            )


def _tell_down(work: Work, name: str) -> None:
    book, configured = work.state.alerts, work.policy.alerts.channels
    record = book.channel(name)
    if record.failures < DOWN_AFTER or record.is_down_told:
        return
    reason = record.reason.rstrip(".")
    work.alert(
        AlertKind.ALERTS_DOWN,
        f"alerts do not go out through {name}: {reason}. What waits for it goes out once it works again",
        key=name, channels=[other for other in configured if not book.channel(other).failures],
    )  # fmt: skip


def give_up_removed(work: Work) -> None:
    """Let go of what waits for channels that are no longer configured."""
    configured = work.policy.alerts.channels
    waiting = sorted(work.state.alerts.waiting.values(), key=lambda found: (found.since, found.alert.alert_id))
    removed = dict.fromkeys(name for found in waiting for name in found.channels if name not in configured)
    for name in removed:
        lead, *_ = covered = [found.alert for found in waiting if name in found.channels]
        work.record(
            _about(
                lead, AlertEvent.DELIVERY_FAILED, [name], covered, f"channel {name} is not configured any more",
                is_given_up=True,
            )
        )  # fmt: skip


def _ids(receipt: Receipt) -> tuple[str, ...]:
    return tuple(alert.alert_id for alert in receipt.notice.alerts)


def _result(receipt: Receipt, event: AlertEvent, names: Iterable[str], reason: str | None = None) -> AlertPayload:
    return _about(receipt.notice.alerts[0], event, names, receipt.notice.alerts, reason)


def _about(
    lead: AlertPayload, event: AlertEvent, names: Iterable[str], covered: Iterable[AlertPayload], reason: str | None,
    *, is_given_up: bool = False,
) -> AlertPayload:  # fmt: skip
    """What became of alerts, by the first of them. It is not part of a position's story."""
    return AlertPayload(
        alert_id=lead.alert_id, event=event, severity=lead.severity, kind=lead.kind, dedupe_key=lead.dedupe_key,
        message=lead.message, runbook=lead.runbook, channels=tuple(names),
        covers=tuple(alert.alert_id for alert in covered), reason=None if reason is None else reason[:REASON_MAX],
        is_given_up=is_given_up,
    )  # fmt: skip
