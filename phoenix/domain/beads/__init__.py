"""Beads: the append-only, hash-chained record from which all state is folded (SPEC 4)."""
