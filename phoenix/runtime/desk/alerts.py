"""What surfaces show of alerts and of how they get out, and trying the channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phoenix.domain.alerting.policy import ALL_CHANNELS
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import DecisionKind
from phoenix.runtime.readings.alerts import AlertReading, DeliveryReading, delivery_of
from phoenix.runtime.readings.outcomes import Outcome

if TYPE_CHECKING:
    from phoenix.runtime.desk import Desk

_LOOKED_AT = 200
_LONGER_S = 2.0
"""So much longer than a channel may take is waited for what it came to."""


@dataclass(frozen=True, slots=True)
class TrialReading:
    """A trial of channels: what became of the decision, and the alert that was sent, where it was raised."""

    outcome: Outcome
    alert: AlertReading | None

    @property
    def is_known(self) -> bool:
        """Whether every channel has taken it, or failed."""
        if self.alert is None:
            return self.outcome.refusal is not None
        failed = {name for name, _ in self.alert.failed}
        return all(name in failed for name in self.alert.waits_for)


class AlertDesk:
    """Alerts on one home."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def told(self, limit: int, *, only_open: bool = False) -> list[AlertReading]:
        """The newest alerts with what became of them, newest first."""
        if not only_open:
            return self._desk.read.alerts(limit)
        ids = {found.alert.alert_id for found in self._desk.read.open_alerts()}
        every = self._desk.read.alerts(self._desk.store.head().seq + 1)
        return [found for found in every if found.alert.alert_id in ids][:limit]

    def delivery(self) -> DeliveryReading:
        """How alerts get out."""
        return delivery_of(self._desk.read.state.alerts, self._desk.home.settings.policy().alerts.channels)

    def test(self, channel: str | None, *, signer: Signer) -> TrialReading:
        """Send a test alert through a channel, or all, and follow it as long as that may take."""
        outcome = self._desk.decide(DecisionKind.TEST_ALERTS, channel or ALL_CHANNELS, signer=signer)
        if outcome.refusal is not None or self._desk.executor() is None:
            return self._trial(outcome)
        for_s = self._desk.home.settings.alerts.timeout_s + _LONGER_S
        trial = self._desk.follow_until(lambda: self._trial(outcome), lambda found: found.is_known, for_s=for_s)
        return trial or self._trial(outcome)

    def _trial(self, outcome: Outcome) -> TrialReading:
        raised = self._desk.read.alerts(_LOOKED_AT)
        alert = next((found for found in raised if found.alert.decision_id == outcome.decision_id), None)
        return TrialReading(outcome, alert)
