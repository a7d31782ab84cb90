"""The triggers of a store, by name; apart from the schema, so that opening a store need not build its tables."""

from __future__ import annotations

GUARDS = frozenset(
    {
        "beads_no_update", "beads_no_delete", "beads_in_sequence",
        "bead_keys_no_update", "bead_keys_no_delete", "bead_keys_once",
    }
)  # fmt: skip
"""The triggers without which a database is not opened."""
