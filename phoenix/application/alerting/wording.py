"""The words in which alerts go out: those that are CRITICAL each in full, others together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from phoenix.domain.alerting.book import WaitingAlert
from phoenix.domain.alerting.words import message_of
from phoenix.domain.instants import instant_text
from phoenix.domain.vocabulary import Severity
from phoenix.ports.alerts import Notice

SHOWN_MAX = 5
"""So many different matters below CRITICAL are told in full in one notice; the rest is counted."""

_WORST_FIRST = (Severity.CRITICAL, Severity.WARNING, Severity.INFO)


def critical_notice(channel: str, waiting: Sequence[WaitingAlert]) -> Notice:
    """All of them in full, each with its runbook."""
    kinds = dict.fromkeys(found.alert.kind for found in waiting)
    text = "\n\n".join(map(_in_full, waiting))
    return Notice(
        channel, Severity.CRITICAL, f"CRITICAL {', '.join(kinds)}", text, tuple(found.alert for found in waiting)
    )


def gathered_notice(channel: str, waiting: Sequence[WaitingAlert]) -> Notice:
    """The newest alert of each matter with how often it was raised, the worst first, and how many more there are."""
    alerts = tuple(found.alert for found in waiting)
    counts = Counter(alert.dedupe_key for alert in alerts)
    newest = list({found.alert.dedupe_key: found for found in waiting}.values())
    newest.sort(key=lambda found: _WORST_FIRST.index(found.alert.severity))
    shown = newest[:SHOWN_MAX]
    parts = [_in_full(found) + _and_more(counts[found.alert.dedupe_key] - 1) for found in shown]
    left = len(alerts) - sum(counts[found.alert.dedupe_key] for found in shown)
    if left:
        kinds = dict.fromkeys(found.alert.kind for found in newest[SHOWN_MAX:])
        parts.append(f"and {left} more: {', '.join(kinds)}")
    lead = shown[0].alert
    title = f"{lead.severity.value} {lead.kind}{_and_more(len(alerts) - 1)}"
    return Notice(channel, lead.severity, title, "\n\n".join(parts), alerts)


def _in_full(waiting: WaitingAlert) -> str:
    alert = waiting.alert
    runbook = "" if alert.runbook is None else f"\nRunbook {alert.runbook}."
    acknowledge = f"\nAcknowledge alert {alert.alert_id}." if waiting.is_critical else ""
    return f"{alert.kind}, {instant_text(waiting.since)}: {message_of(alert)}{runbook}{acknowledge}"


def _and_more(count: int) -> str:
    return f" (and {count} more)" if count else ""
