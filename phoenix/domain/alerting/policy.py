"""How alerts reach people. Durations are whole seconds."""

from __future__ import annotations

from dataclasses import dataclass

ALERTS_DOWN = "ALERTS_DOWN"
"""The kind of the alert that tells of a channel that fails; its key is the channel's name."""

ALERTS_TESTED = "ALERTS_TESTED"
"""The kind of the alert that tries channels: it waits for nothing."""

LOCAL_CHANNELS = ("file", "log")
"""The channels on this computer. They get every alert at once and by itself: nobody is woken by them."""

ALL_CHANNELS = "alerts"
"""What a decision to try all channels is about; the name of one tries that one alone."""

ESCALATIONS_MAX = 4
"""A CRITICAL alert is told again so many times at most. After that it stays open, and every status shows it."""


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """`channels` are the names of those that are configured, local ones included; without any, nothing is delivered.

    On other channels than the local ones, the same matter is told once in `throttle_s`, and anything below CRITICAL at
    most once in `gather_s`, together. A CRITICAL alert is told again every `escalation_s` until a human has
    acknowledged it. A channel that failed is tried again after `retry_s`, which grow with every failure in a row.
    """

    channels: tuple[str, ...] = ()
    throttle_s: int = 300
    gather_s: int = 10
    escalation_s: int = 900
    retry_s: tuple[int, ...] = (15, 30, 60, 120, 300, 900)

    def retry_delay_s(self, failures: int) -> int:
        """How long after so many failures in a row a channel is tried again."""
        return self.retry_s[min(failures, len(self.retry_s)) - 1]
