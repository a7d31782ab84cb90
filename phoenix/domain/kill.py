"""Kill flags: what blocks entries, until a human lifts it or its expiry is recorded (SPEC 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.strategy_name import NAME_RULE, is_strategy_name
from phoenix.domain.vocabulary import AlertEvent, KillSource, RefusalReason

ANNOUNCED = "KILL_FLAG_SET"
"""The kind of the alert that tells a flag; its key is the flag's id."""
REASON_MAX = 2_000
"""The longest reason of a flag, in characters."""


@dataclass(frozen=True, slots=True)
class KillFlag:
    """An active flag. Without a `strategy_id` it is global. It stays active until its expiry bead is written.

    `is_announced` says that people were alerted to it, by whomever it was set.
    """

    flag_id: str
    strategy_id: str | None
    source: KillSource
    reason: str
    set_at: datetime
    expires_at: datetime | None
    is_announced: bool = False

    @property
    def awaits_announcement(self) -> bool:
        """Whether nobody was alerted yet. What the core sets itself comes with an alert of its own."""
        return not self.is_announced and self.source is not KillSource.SYSTEM

    def covers(self, strategy_id: str) -> bool:
        return self.strategy_id is None or self.strategy_id == strategy_id

    def text(self) -> str:
        """The flag in words, for refusals and evidence."""
        scope = "global" if self.strategy_id is None else f"strategy {self.strategy_id}"
        return f"{scope} kill flag {self.flag_id} by {self.source.value}: {self.reason}"


def check_kill_flag(strategy_id: str | None, reason: str, expires_at: datetime | None, now: datetime) -> None:
    """Raises Refused for a flag that would bind nothing, or that nobody could understand later.

    Whether the strategy is registered is not asked: a flag may be there before its strategy, and stops it from its
    first signal on. To refuse it would leave entries open, should the strategy be registered a moment later.
    """
    if strategy_id is not None and not is_strategy_name(strategy_id):
        raise Refused(
            RefusalReason.MALFORMED, "strategy_id", f"it is not {NAME_RULE}",
            "Name a strategy, or none to stop all of them",
        )  # fmt: skip
    if not reason.strip():
        raise Refused(RefusalReason.MALFORMED, "reason", "a kill flag has a reason", "Say why entries must stop")
    if len(reason) > REASON_MAX:
        raise Refused(
            RefusalReason.MALFORMED, "reason", f"it is longer than {REASON_MAX} characters", "Say it in fewer words"
        )  # fmt: skip
    if expires_at is not None and expires_at <= now:
        raise Refused(RefusalReason.MALFORMED, "expires_at", "the expiry is not in the future", "Give a later instant")


def announced_flag(alert: AlertPayload) -> str | None:
    """The id of the flag that an alert tells, where it tells one."""
    if alert.kind != ANNOUNCED or alert.event is not AlertEvent.RAISED:
        return None
    return alert.dedupe_key.removeprefix(f"{ANNOUNCED}:")
