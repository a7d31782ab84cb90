"""What can go wrong inside the rules. Messages say what was wrong, what Phoenix did, and what to do next."""

from __future__ import annotations


class PhoenixError(Exception):
    """Base of every error that Phoenix raises on purpose."""


class DomainError(PhoenixError):
    """A rule was broken; nothing was changed."""


class InvalidValue(DomainError):
    """A value that no rule can work with. Names the field, what was refused, and the remedy."""

    def __init__(self, field: str, refused: str, remedy: str) -> None:
        super().__init__(f"{field}: {refused}. {remedy}")
        self.field = field
        self.refused = refused
        self.remedy = remedy


class InvalidTransition(DomainError):
    """A (state, trigger) pair that the lifecycle table does not hold."""


class CorruptBead(DomainError):
    """Stored bytes that do not decode to the bead they claim to be."""
