"""Positions that came back: they had ended, and something of theirs is held or works at the broker after all."""

from __future__ import annotations

from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.safety import DriftPayload
from phoenix.domain.evolve_position import fold_position
from phoenix.domain.position import Position
from phoenix.domain.state import State
from phoenix.ports.store import BeadStore, View


def returned_positions(store: BeadStore[State], view: View[State]) -> list[Position]:
    """Those that are not in the state and not at rest. Whatever brings one back leaves a stray or a drift bead."""
    named = {stray.position_id for stray in view.state.strays.values()}
    for item in store.read_of({BeadType.RECONCILIATION_DRIFT}):
        payload = item.bead.payload
        if isinstance(payload, DriftPayload) and payload.position_id is not None:
            named.add(payload.position_id)
    stories = (fold_position(view.lookup.story(name)) for name in sorted(named - set(view.state.positions)))
    return [position for position in stories if position is not None and not position.is_finished]
