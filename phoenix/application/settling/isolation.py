"""Taking in many words of the broker in one step: what no rule allows for is recorded, and holds up nothing else."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.application.alerts import AlertKind
from phoenix.application.work import Subject, Work
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason


def take_in(work: Work, what: str, reference: str | None, act: Callable[[], None]) -> None:
    """Carry out `act`; if it would move a position where no rule leads, undo it, record that and tell a human."""
    mark = work.mark()
    try:
        act()
    except InvalidTransition as error:
        work.rewind(mark)
        refuse_word(work, what, reference, str(error))


def refuse_word(work: Work, what: str, reference: str | None, why: str) -> None:
    """Record a word of the broker that cannot be taken in, and tell a human; the same word for the same reason once."""
    subject_id = reference or what
    text, key = f"{what} for {subject_id}: {why}", f"{what}:{subject_id}:{why}"
    if work.is_told(AlertKind.TRANSITION_REFUSED, text, key=key):
        return
    refusal = Refused(RefusalReason.TRANSITION, "state", f"{what}: {why}", "Compare the position with the broker")
    work.refuse(refusal, Subject("TRANSITION", subject_id))
    work.alert(AlertKind.TRANSITION_REFUSED, text, key=key)
