"""Kill flags, a halt, strategies, drift and the broker session as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.domain.kill import KillFlag
from phoenix.domain.state import SessionState
from phoenix.runtime.documents.promotion import standing_document
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.readings import StrategyReading
from phoenix.runtime.readings.promotions import Standing


def flags_document(flags: Sequence[KillFlag], now: datetime) -> dict[str, Any]:
    """The active kill flags, oldest first."""
    return {"as_of": instant_text(now), "kill_flags": [flag_document(flag) for flag in flags]}


def flag_document(flag: KillFlag) -> dict[str, Any]:
    """A kill flag; without a strategy it is global."""
    return {
        "flag_id": flag.flag_id, "strategy_id": flag.strategy_id, "source": flag.source.value, "reason": flag.reason,
        "set_at": instant_text(flag.set_at), "expires_at": optional_instant(flag.expires_at),
    }  # fmt: skip


def strategies_document(
    strategies: Sequence[StrategyReading], standings: Mapping[str, Standing], now: datetime
) -> dict[str, Any]:
    """Every registered strategy, how far it has come on its way to LIVE, and the flags that forbid it entries."""
    return {
        "as_of": instant_text(now),
        "strategies": [
            {
                **standing_document(standings[known.strategy_id]), "description": known.description,
                "kill_flags": [flag.flag_id for flag in known.flags],
            }
            for known in strategies
        ],
    }  # fmt: skip


def session_document(session: SessionState) -> dict[str, Any]:
    """The broker session as the beads tell it, and when its books were last read in full."""
    return {
        "connected": session.is_connected, "reconciled": session.is_reconciled, "data_fresh": session.is_data_fresh,
        "line_down": session.is_line_down, "account": session.account,
        "mode": None if session.mode is None else session.mode.value, "lost_at": optional_instant(session.lost_at),
        "reconnects": str(session.reconnects), "books_read_at": optional_instant(session.books_read_at),
        "reset_until": optional_instant(session.reset_until), "detail": session.detail,
    }  # fmt: skip
