"""Phoenix's own autopsy, done on the spot."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.domain.autopsy import AutopsyInput, perform
from phoenix.domain.errors import DomainError
from phoenix.ports.autopsy import Autopsist, Examination, ExaminationFailed, Examined


class BuiltinAutopsist(Autopsist):
    """Outcome, R, slippage and thesis against what happened, by the rules of the domain."""

    def __init__(self) -> None:
        self._done: list[Examination] = []

    def begin(self, closed: AutopsyInput) -> None:
        try:
            self._done.append(Examined(closed, perform(closed)))
        except DomainError as error:
            self._done.append(ExaminationFailed(closed, str(error)))

    def finished(self) -> Sequence[Examination]:
        if not self._done:
            return ()
        done, self._done = self._done, []
        return done
