"""Reads from the beads what became of every order that was sent. Nothing is remembered on the side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.domain.beads.envelope import Bead
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.beads.trading import AutopsyPayload, ExecutionPayload, PositionPayload
from phoenix.domain.vocabulary import ExecutionEvent, LegRole, PositionState
from phoenix.replay.result import ReplayTrade

_CHANGES_QUANTITY = frozenset({ExecutionEvent.BOOKED, ExecutionEvent.CORRECTED})


@dataclass(slots=True)
class _Story:
    """What the beads have told of one position so far."""

    signal_id: str
    latest: PositionPayload
    was_sent: bool = False
    entered_at: datetime | None = None
    left_at: datetime | None = None
    r_multiple: Decimal | None = None


def trades_of(beads: Iterable[Bead]) -> list[ReplayTrade]:
    """The trades of every position whose order was sent, in the order in which their signals were accepted."""
    stories: dict[str, _Story] = {}
    rank: dict[str, int] = {}
    for bead in beads:
        payload = bead.payload
        if isinstance(payload, SignalPayload):
            rank.setdefault(payload.signal_id, len(rank))
        elif isinstance(payload, PositionPayload):
            _follow(stories, payload)
        elif isinstance(payload, ExecutionPayload) and payload.position_id in stories:
            _execute(stories[payload.position_id], payload)
        elif isinstance(payload, AutopsyPayload) and payload.position_id in stories:
            stories[payload.position_id].r_multiple = payload.r_multiple
    sent = [story for story in stories.values() if story.was_sent]
    return [_trade(story) for story in sorted(sent, key=lambda story: rank.get(story.signal_id, len(rank)))]


def _follow(stories: dict[str, _Story], payload: PositionPayload) -> None:
    if payload.signal_id is None:
        return
    story = stories.setdefault(payload.position_id, _Story(payload.signal_id, payload))
    story.latest = payload
    if payload.state is PositionState.SUBMITTED:
        story.was_sent = True


def _execute(story: _Story, payload: ExecutionPayload) -> None:
    if payload.event not in _CHANGES_QUANTITY or payload.executed_at is None:
        return
    if payload.role is LegRole.ENTRY:
        story.entered_at = min(story.entered_at or payload.executed_at, payload.executed_at)
    else:
        story.left_at = max(story.left_at or payload.executed_at, payload.executed_at)


def _trade(story: _Story) -> ReplayTrade:
    latest = story.latest
    is_closed = latest.state is PositionState.CLOSED
    return ReplayTrade(
        signal_id=story.signal_id,
        state=latest.state,
        side=latest.side,
        quantity=latest.requested_quantity,
        entry_time=story.entered_at,
        entry_price=latest.average_entry_price,
        exit_time=story.left_at if is_closed else None,
        exit_price=latest.average_exit_price if is_closed else None,
        exit_reason=latest.exit_reason,
        r_multiple=story.r_multiple,
        pnl=latest.realised_pnl if is_closed else None,
    )
