"""What people do about alerts: acknowledge them, and try whether they arrive; and what happens when nobody does."""

from __future__ import annotations

from phoenix.application.alerts import AlertKind
from phoenix.application.gate.approval import require_human
from phoenix.application.work import Work
from phoenix.domain.alerting.book import OpenAlert
from phoenix.domain.alerting.policy import ALL_CHANNELS
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.change import replace
from phoenix.domain.instants import instant_text
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import AlertEvent, RefusalReason

_LIST = "List the open alerts"


def acknowledge(work: Work, decision: DecisionPayload, signer: Signer) -> None:
    """A human says who takes care of a CRITICAL alert; from then on it is not told again. Raises Refused."""
    require_human(signer)
    found = work.state.alerts.opened(decision.subject_id)
    if found is None:
        raise _not_open(work, decision.subject_id)
    alert = found.alert
    work.record(
        AlertPayload(
            alert_id=alert.alert_id, event=AlertEvent.ACKNOWLEDGED, severity=alert.severity, kind=alert.kind,
            dedupe_key=alert.dedupe_key, message=found.last.message, runbook=alert.runbook,
            position_id=alert.position_id, intent_id=alert.intent_id, reason=decision.reason,
            acknowledged_by=signer.identity, decision_id=decision.decision_id,
        ),
        signer=signer,
    )  # fmt: skip


def _not_open(work: Work, alert_id: str) -> Refused:
    known = work.find(Key("acknowledged", alert_id))
    if known is not None and isinstance(known.payload, AlertPayload):
        who = known.payload.acknowledged_by
        return Refused(
            RefusalReason.WRONG_STATE, "alert_id", f"{who} acknowledged it at {instant_text(known.timestamp)}", _LIST
        )
    return Refused(RefusalReason.NOT_FOUND, "alert_id", f"no CRITICAL alert {alert_id} waits to be acknowledged", _LIST)


def try_channels(work: Work, decision: DecisionPayload) -> str:
    """Raise an alert that means nothing, to see whether it arrives. Answers its id. Raises Refused."""
    configured = work.policy.alerts.channels
    channels = list(configured) if decision.subject_id == ALL_CHANNELS else [decision.subject_id]
    unknown = [name for name in channels if name not in configured]
    if unknown or not channels:
        named = f"no channel {unknown[0]!r}" if unknown else "no channel"
        raise Refused(
            RefusalReason.NOT_FOUND, "channel", f"{named} is configured",
            f"Name {ALL_CHANNELS!r} for all, or one of {', '.join(configured) or 'those you configure'}",
        )  # fmt: skip
    return work.alert(
        AlertKind.ALERTS_TESTED, "this is a test; nothing happened, and nothing is to be done",
        key=decision.decision_id, channels=channels, decision_id=decision.decision_id,
    )  # fmt: skip


def tell_again(work: Work, found: OpenAlert) -> None:
    """A CRITICAL alert that nobody has acknowledged goes out again, through every channel."""
    since, times = instant_text(found.raised_at), f", {found.count} times by now" if found.count > 1 else ""
    work.record(
        replace(
            found.alert, event=AlertEvent.ESCALATED, message=found.last.message, channels=work.policy.alerts.channels,
            reason=f"raised {since}{times}, acknowledged by nobody", decision_id=None,
        )
    )  # fmt: skip
