"""Alerts kept in memory, for scenarios: a courier whose channels work, fail or stay silent as it is told."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.domain.beads.safety import AlertPayload
from phoenix.ports.alerts import Courier, Delivered, NotDelivered, Notice, Receipt


class RecordingCourier(Courier):
    """Delivers at once. `notices` are those that were delivered; `failing` names channels with why they fail, `silent`
    those of which nothing is heard until `speak`."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.tried: list[Notice] = []
        self.failing: dict[str, str] = {}
        self.silent: set[str] = set()
        self._unheard: list[Notice] = []
        self._receipts: list[Receipt] = []

    @property
    def delivered(self) -> list[AlertPayload]:
        """Every alert that went out, once for each channel, in order."""
        return [alert for notice in self.notices for alert in notice.alerts]

    def take(self, notice: Notice) -> None:
        self.tried.append(notice)
        if notice.channel in self.silent:
            self._unheard.append(notice)
        else:
            self._settle(notice)

    def speak(self) -> None:
        """Let the silent channels answer."""
        unheard, self._unheard = self._unheard, []
        self.silent.clear()
        for notice in unheard:
            self._settle(notice)

    def finished(self) -> Sequence[Receipt]:
        receipts, self._receipts = self._receipts, []
        return receipts

    def _settle(self, notice: Notice) -> None:
        reason = self.failing.get(notice.channel)
        if reason is not None:
            self._receipts.append(Receipt(notice, NotDelivered(reason)))
            return
        self.notices.append(notice)
        self._receipts.append(Receipt(notice, Delivered()))
