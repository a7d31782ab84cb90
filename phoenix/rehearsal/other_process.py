"""What happens beside the executor of a scenario: another process at the same store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from phoenix.adapters.ids import SeededIds
from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload, Signer
from phoenix.ports.store import Proposal
from phoenix.rehearsal.world import World


def append_as_another_process(world: World, payload: Payload, signer: Signer = SYSTEM, **changes: Any) -> None:
    """Append a bead behind the executor's back, as any other process at the same store may."""
    changed = replace(payload, **changes) if changes else payload  # type: ignore[type-var]
    ids = SeededIds(f"another process {world.container.store().head().seq}")
    bead = Bead(ids.new_id(), changed, signer, world.now)
    world.container.store().transact(lambda _: Proposal([bead], None))


def title(payload: Payload) -> str:
    """A bead in short: TYPE(EVENT), TYPE(STATE) for a position, or the type alone."""
    word = getattr(payload, "event", None) or getattr(payload, "state", None)
    return payload.bead_type.value if word is None else f"{payload.bead_type.value}({word.value})"
