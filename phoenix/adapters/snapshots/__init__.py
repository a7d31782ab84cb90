"""Signed snapshots of the folded state, beside the store."""

from phoenix.adapters.snapshots.file import FileSnapshots
from phoenix.adapters.snapshots.fingerprint import fold_fingerprint

__all__ = ["FileSnapshots", "fold_fingerprint"]
