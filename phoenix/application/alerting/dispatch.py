"""Handing out what is due to the courier, one notice at a time for each channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from phoenix.application.alerting.planning import next_due, next_notice
from phoenix.domain.alerting.policy import AlertPolicy
from phoenix.domain.state import State
from phoenix.ports.alerts import Courier, Receipt


class Dispatcher:
    """Knows what is under way; everything else follows from the beads. A channel is free again with its receipt."""

    def __init__(self, courier: Courier, policy: AlertPolicy) -> None:
        self._courier = courier
        self._policy = policy
        self._under_way: set[str] = set()
        self.handed_out_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a receipt is still to come."""
        return bool(self._under_way)

    def hand_out(self, state: State, now: datetime) -> bool:
        """Hand out what is due on every free channel; whether that was anything."""
        if not state.alerts.waiting:
            return False
        notices = [next_notice(state.alerts, name, self._policy, now) for name in self._free()]
        for notice in notices:
            if notice is not None:
                self._under_way.add(notice.channel)
                self._courier.take(notice)
                self.handed_out_at = now
        return any(notice is not None for notice in notices)

    def receipts(self) -> Sequence[Receipt]:
        """What came of notices since the last call."""
        if not self._under_way:
            return ()
        receipts = self._courier.finished()
        self._under_way.difference_update(receipt.notice.channel for receipt in receipts)
        return receipts

    def next_due(self, state: State) -> datetime | None:
        """The next instant at which something is to be handed out. A receipt may come at any time before."""
        if not state.alerts.waiting:
            return None
        instants = [next_due(state.alerts, name, self._policy) for name in self._free()]
        return min((due for due in instants if due is not None), default=None)

    def _free(self) -> list[str]:
        return [name for name in self._policy.channels if name not in self._under_way]
