"""A few beads of a chain, read without folding it and without disturbing whoever writes; quick to import."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ALERTS_AMONG = 2_000
"""The alerts of so many of the newest beads are looked at."""
_PATIENCE_S = 0.1
_FLAG = ("flag_id", "strategy_id", "source", "reason", "expires_at")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """The chain's last place, the kill flags' beads behind a place, and the newest alerts, newest first."""

    head_seq: int
    flag_beads: tuple[dict[str, Any], ...]
    alert_beads: tuple[dict[str, Any], ...]


def glimpse(store: Path, flags_behind: int) -> Glimpse | None:
    """None where the store cannot be read at this moment, or is none."""
    try:
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=_PATIENCE_S)) as connection:
            head = connection.execute("SELECT max(seq) FROM beads").fetchone()[0] or 0
            return Glimpse(
                head,
                tuple(_bodies(connection, "KILL_FLAG", flags_behind)),
                tuple(
                    reversed([body for body in _bodies(connection, "ALERT", head - ALERTS_AMONG) if _is_raised(body)])
                ),
            )
    except (sqlite3.Error, ValueError, TypeError):
        return None


def with_flags(shown: Iterable[dict[str, Any]], beads: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kill flags that are active once the beads behind what was shown are counted in."""
    active = {str(flag.get("flag_id")): flag for flag in shown}
    for bead in beads:
        payload, flag_id = bead["payload"], str(bead["payload"].get("flag_id"))
        if payload.get("event") == "SET":
            active[flag_id] = {**{name: payload.get(name) for name in _FLAG}, "set_at": bead.get("timestamp")}
        else:
            active.pop(flag_id, None)
    return list(active.values())


def _is_raised(body: dict[str, Any]) -> bool:
    """Whether a bead raises an alert, and does not tell what became of one."""
    return bool(body["payload"].get("event") == "RAISED")


def _bodies(connection: sqlite3.Connection, bead_type: str, behind: int) -> Iterator[dict[str, Any]]:
    """The bodies of one type's beads behind a place, in order."""
    query = "SELECT body FROM beads WHERE seq > ? AND bead_type = ? ORDER BY seq"
    for (body,) in connection.execute(query, (behind, bead_type)):
        document = json.loads(body)
        if isinstance(document, dict) and isinstance(document.get("payload"), dict):
            yield document
