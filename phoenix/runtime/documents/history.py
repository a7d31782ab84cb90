"""A position's story as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from phoenix.domain.beads.envelope import SealedBead
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.words.beads import words_of


def history_document(position_id: str, story: Sequence[SealedBead]) -> dict[str, Any]:
    """Every bead of the story with what it tells; the beads themselves are in the chain under their `seq`."""
    return {"position_id": position_id, "beads": [_bead(item) for item in story]}


def _bead(item: SealedBead) -> dict[str, Any]:
    bead = item.bead
    return {
        "seq": item.seq, "bead_id": bead.bead_id, "type": bead.payload.bead_type.value,
        "recorded_at": optional_instant(bead.timestamp), "occurred_at": optional_instant(bead.occurred_at),
        "signer": bead.signer.kind.value, "signed_by": bead.signer.identity, "told": words_of(bead),
    }  # fmt: skip
