"""Phoenix's book against the broker's: how two books differ, and what is remembered of it (SPEC 3.9)."""
