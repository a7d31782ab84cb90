"""A simulated broker's book as an SQLite file of its own, to be read, and changed, by hand while the broker lives."""

from __future__ import annotations

from phoenix.adapters.simulation.book_file.file import Identity, begins_at
from phoenix.adapters.simulation.book_file.keeper import BookFile

__all__ = ["BookFile", "Identity", "begins_at"]
