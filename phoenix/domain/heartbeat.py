"""The executor's heartbeat: what is looked at, and what all of it comes to (SPEC 3.13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from immutables import Map

from phoenix.domain.encoding import Json


class Verdict(StrEnum):
    """HEALTHY: everything that was looked at is as it should be. What is not known is not healthy."""

    HEALTHY = "HEALTHY"
    DEGRADED = "DEGRADED"


class Sign(StrEnum):
    """What one check says."""

    OK = "OK"
    DEGRADED = "DEGRADED"
    UNKNOWN = "UNKNOWN"


class Check(NamedTuple):
    """One thing that was looked at, with what was found in words."""

    name: str
    sign: Sign
    detail: str


@dataclass(frozen=True, slots=True)
class HeartbeatPolicy:
    """Durations are whole seconds. A beat comes every `interval_s`, up to `jitter_s` earlier or later, and goes on
    record every `record_every_s`, or when a check says something else than before. What should have run
    `late_after_s` ago is late."""

    interval_s: int = 30
    jitter_s: int = 5
    record_every_s: int = 600
    late_after_s: int = 30


@dataclass(frozen=True, slots=True)
class Pulse:
    """The last heartbeat on record; `signs` are the checks by name."""

    verdict: str
    recorded_at: datetime
    signs: Map[str, str] = field(default_factory=Map)


def verdict_of(checks: Sequence[Check]) -> Verdict:
    """HEALTHY if every check is OK."""
    return Verdict.HEALTHY if all(check.sign is Sign.OK for check in checks) else Verdict.DEGRADED


def checks_document(checks: Sequence[Check]) -> Json:
    """The checks as they go on record."""
    return {check.name: {"sign": check.sign.value, "detail": check.detail} for check in checks}


def signs_of(document: Json) -> Map[str, str]:
    """What each recorded check said, details apart."""
    entries = document.items() if isinstance(document, Mapping) else ()
    signs = {name: entry.get("sign") for name, entry in entries if isinstance(entry, Mapping)}
    return Map({name: sign for name, sign in signs.items() if isinstance(sign, str)})
