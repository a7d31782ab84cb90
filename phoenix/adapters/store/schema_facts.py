"""What a store is held against when it is opened; apart from the schema, which takes long to import."""

from __future__ import annotations

NEWEST_REVISION = "0001"
REVISIONS = frozenset({NEWEST_REVISION})
"""The schema revisions that the migrations of this Phoenix know."""
GUARDS = frozenset(
    {
        "beads_no_update", "beads_no_delete", "beads_in_sequence",
        "bead_keys_no_update", "bead_keys_no_delete", "bead_keys_once",
    }
)  # fmt: skip
"""The triggers without which a database is not opened."""
