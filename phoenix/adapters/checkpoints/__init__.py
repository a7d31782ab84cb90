"""Signed checkpoints of the chain's head, kept apart from the database."""

from phoenix.adapters.checkpoints.file import FileCheckpoints
from phoenix.adapters.checkpoints.keys import make_key
from phoenix.adapters.checkpoints.window import CheckpointWindow, verify_against_checkpoint

__all__ = ["CheckpointWindow", "FileCheckpoints", "make_key", "verify_against_checkpoint"]
