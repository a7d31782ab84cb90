"""Whose order is it? By our own reference first, by the broker's permanent id second, and otherwise nobody's."""

from __future__ import annotations

from dataclasses import dataclass

from phoenix.application.work import Work
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.position import LegState, Position


@dataclass(frozen=True, slots=True)
class Match:
    position: Position
    leg: LegState


def find_leg(work: Work, reference: str | None, permanent_id: str | None) -> Match | None:
    """The order a broker's word is about, however long ago its position ended."""
    match = _by_reference(work, reference) if reference else None
    if match is None and permanent_id:
        return _by_permanent_id(work, permanent_id)
    return match


def _by_reference(work: Work, reference: str) -> Match | None:
    position_id = work.state.position_of_reference.get(reference)
    if position_id is None:
        position_id = _position_of_bead(work, Key("reference", reference))
    position = None if position_id is None else work.position(position_id)
    leg = None if position is None else position.leg_by_reference(reference)
    return Match(position, leg) if position is not None and leg is not None else None


def _by_permanent_id(work: Work, permanent_id: str) -> Match | None:
    position_id = _position_of_bead(work, Key("permanent_id", permanent_id))
    position = None if position_id is None else work.position(position_id)
    if position is None:
        return None
    leg = next((leg for leg in position.legs if leg.permanent_id == permanent_id), None)
    return None if leg is None else Match(position, leg)


def _position_of_bead(work: Work, key: Key) -> str | None:
    bead = work.find(key)
    return bead.payload.position_id if bead is not None and isinstance(bead.payload, OrderPayload) else None
