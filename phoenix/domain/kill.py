"""Kill flags: what blocks entries, until a human lifts it or its expiry is recorded (SPEC 3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phoenix.domain.vocabulary import KillSource


@dataclass(frozen=True, slots=True)
class KillFlag:
    """An active flag. Without a `strategy_id` it is global. It stays active until its expiry bead is written."""

    flag_id: str
    strategy_id: str | None
    source: KillSource
    reason: str
    set_at: datetime
    expires_at: datetime | None

    def covers(self, strategy_id: str) -> bool:
        return self.strategy_id is None or self.strategy_id == strategy_id

    def text(self) -> str:
        """The flag in words, for refusals and evidence."""
        scope = "global" if self.strategy_id is None else f"strategy {self.strategy_id}"
        return f"{scope} kill flag {self.flag_id} by {self.source.value}: {self.reason}"
