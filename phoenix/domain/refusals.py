"""How a rule says no: a reason from the closed list, the field, what was found there, and what to do."""

from __future__ import annotations

from phoenix.domain.errors import DomainError, InvalidTransition, InvalidValue
from phoenix.domain.vocabulary import RefusalReason


class Refused(DomainError):
    """Raised by a rule before anything was changed; the use case records it as a REFUSAL bead."""

    def __init__(self, reason: RefusalReason, field: str, detail: str, remedy: str) -> None:
        super().__init__(f"{reason.value} {field}: {detail}. {remedy}")
        self.reason = reason
        self.field = field
        self.detail = detail
        self.remedy = remedy


def as_refused(error: Refused | InvalidValue | InvalidTransition) -> Refused:
    """The refusal that an error comes to: a value that no rule can work with is MALFORMED, a move that the table does
    not hold is TRANSITION."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, InvalidTransition):
        return Refused(RefusalReason.TRANSITION, "state", str(error), "Look at the position")
    return Refused(RefusalReason.MALFORMED, error.field, error.refused, error.remedy)
