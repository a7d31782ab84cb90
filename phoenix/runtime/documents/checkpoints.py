"""A checkpoint as a JSON document."""

from __future__ import annotations

from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.ports.checkpoints import Checkpoint


def checkpoint_document(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "seq": checkpoint.seq, "bead_hash": checkpoint.bead_hash, "taken_at": instant_text(checkpoint.taken_at)
    }  # fmt: skip
