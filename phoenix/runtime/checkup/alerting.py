"""Whether alerts reach people: the channels, what waits for them, and what nobody has acknowledged."""

from __future__ import annotations

from phoenix.adapters.alerts import AppriseChannel
from phoenix.domain.alerting.words import message_of
from phoenix.domain.instants import instant_text
from phoenix.domain.vocabulary import AccountMode
from phoenix.runtime.checkup.finding import Finding, failed, ok, warning
from phoenix.runtime.home import Home
from phoenix.runtime.home.alert_channels import configured_channels
from phoenix.runtime.readings import Readings
from phoenix.runtime.readings.alerts import delivery_of

CHANNELS, DELIVERY, ALERTS = "alert channels", "alert delivery", "alerts"
_RB_DOWN = "docs/runbooks/RB-006-alerts-down.md"


def channels(home: Home) -> Finding:
    """Whether the configured channels have their secrets and addresses that mean something. Nothing is sent."""
    found = list(configured_channels(home))
    unknown = [channel.name for channel in found if isinstance(channel, AppriseChannel) and not channel.is_understood()]
    if unknown:
        return failed(
            CHANNELS, f"the address of {', '.join(unknown)} is none that apprise understands",
            "Correct [alerts.channels] in the configuration, then phoenix alerts test",
        )  # fmt: skip
    if not found:
        return _none_configured(home)
    return ok(CHANNELS, f"{', '.join(channel.name for channel in found)}; phoenix alerts test tries them")


def _none_configured(home: Home) -> Finding:
    text = "alerts go to the file and to the output of serve only: nobody who is away learns of them"
    if home.settings.account.mode is AccountMode.SIMULATOR:
        return ok(CHANNELS, text)
    return warning(CHANNELS, text, "Add one to [alerts.channels] in the configuration, then phoenix alerts test")


def delivery(home: Home, read: Readings) -> Finding:
    """Which channels fail, and how much waits for them."""
    reading = delivery_of(read.state.alerts, home.settings.policy().alerts.channels)
    failing = [channel for channel in reading.channels if channel.is_failing]
    lost = f"; {reading.lost} alerts were lost, too many waited" if reading.lost else ""
    if failing:
        words = [
            f"{channel.name} failed {channel.record.failures} times since "
            f"{'-' if channel.record.failing_since is None else instant_text(channel.record.failing_since)} "
            f"({channel.record.reason}), {channel.waiting} wait for it"
            for channel in failing
        ]
        return warning(DELIVERY, f"{'; '.join(words)}{lost}", f"phoenix alerts test; {_RB_DOWN}")
    waiting = sum(channel.waiting for channel in reading.channels)
    if waiting:
        return ok(DELIVERY, f"{waiting} deliveries wait for an executor, or for their time{lost}")
    return ok(DELIVERY, f"nothing waits to go out{lost}")


def alerts(read: Readings) -> Finding:
    """The CRITICAL alerts that nobody has acknowledged."""
    found = read.open_alerts()
    if not found:
        return ok(ALERTS, "no CRITICAL alert waits to be acknowledged")
    newest = max(found, key=lambda known: known.told_at)
    return warning(
        ALERTS,
        f"{len(found)} CRITICAL alerts wait to be acknowledged, the last {instant_text(newest.raised_at)}: "
        f"{newest.last.kind}: {message_of(newest.last)}",
        f"phoenix alerts list, then phoenix alerts ack ID; {newest.last.runbook or 'phoenix status'}",
    )
