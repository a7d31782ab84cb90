"""What the shell offers for an argument: ids that make sense there. Quiet where there is nothing to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phoenix.runtime.readings import Readings


def pending_intents(incomplete: str) -> list[str]:
    """Intents that wait for a decision."""
    return _beginning(incomplete, lambda read: (review.intent_id for review in read.pending()))


def pending_entries(incomplete: str) -> list[str]:
    """Entries that wait for a decision; only they stand on an anchor."""
    return _beginning(
        incomplete,
        lambda read: (review.intent_id for review in read.pending() if review.kind == "ENTRY"),
    )


def approved_intents(incomplete: str) -> list[str]:
    """Intents that were approved and not sent."""
    return _beginning(incomplete, lambda read: (review.intent_id for review in read.pending() if review.approved))


def positions(incomplete: str) -> list[str]:
    """Positions that still matter."""
    return _beginning(incomplete, lambda read: (position.position_id for position in read.positions()))


def strategies(incomplete: str) -> list[str]:
    """Registered strategies."""
    return _beginning(incomplete, lambda read: read.state.strategies)


def kill_flags(incomplete: str) -> list[str]:
    """Active kill flags."""
    return _beginning(incomplete, lambda read: (flag.flag_id for flag in read.kill_flags()))


def drifts(incomplete: str) -> list[str]:
    """Differences that nobody has resolved."""
    return _beginning(incomplete, lambda read: (drift.drift_bead_id for drift in read.drifts()))


def open_alerts(incomplete: str) -> list[str]:
    """CRITICAL alerts that nobody has acknowledged."""
    return _beginning(incomplete, lambda read: (found.alert.alert_id for found in read.open_alerts()))


def _beginning(incomplete: str, look: Callable[[Readings], Iterable[str]]) -> list[str]:
    """The ids that begin so. A home that cannot be read offers nothing: a shell is no place for its errors."""
    import os
    from pathlib import Path

    from phoenix.cli.desks import desk_at
    from phoenix.cli.homes import VARIABLE
    from phoenix.domain.errors import PhoenixError

    named = os.environ.get(VARIABLE)
    try:
        with desk_at(Path(named) if named else None) as desk:
            return [found for found in look(desk.read) if found.startswith(incomplete)]
    except (PhoenixError, OSError):
        return []
