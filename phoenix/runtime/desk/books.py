"""The two books on one home: comparing them, looking at what differs, and settling it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.ids import RandomIds
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.safety import ReconciliationRunPayload
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import OpenDrift
from phoenix.domain.vocabulary import RefusalReason, Resolution
from phoenix.runtime.readings.adoptable import Adoptable, AdoptableKind, waiting_for_adoption
from phoenix.runtime.readings.books import BooksReading, comparison_asked_for
from phoenix.runtime.readings.corrections import Correction, correction_of, decision_to_resolve
from phoenix.runtime.readings.outcomes import Outcome
from phoenix.runtime.status.file import read_status

if TYPE_CHECKING:
    from phoenix.runtime.desk import Desk

_TRIED_OUT = "tried out"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is known of the books. `looked_at` is when they were last compared, worth a bead or not; `run` is the bead
    of the comparison that was asked for, `outcome` what became of asking."""

    books: BooksReading
    looked_at: datetime | None
    outcome: Outcome | None = None
    run: ReconciliationRunPayload | None = None


@dataclass(frozen=True, slots=True)
class DriftReading:
    """A drift, the position that it is about, where it is about one, and what each way to resolve it would change."""

    drift: OpenDrift
    position: Position | None
    corrections: tuple[Correction, ...]


class BooksDesk:
    """Phoenix's book and the broker's, on one home."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def compared(self) -> Comparison:
        """The last comparison."""
        return Comparison(self._desk.read.books(), self._looked_at())

    def compare(self, *, signer: Signer, reason: str | None = None) -> Comparison:
        """Have the books compared now, by the executor at work, or else by this process."""
        outcome = self._desk.reconcile(signer=signer, reason=reason)
        run = comparison_asked_for(self._desk.store, outcome.decision_id)
        return Comparison(self._desk.read.books(), self._looked_at(), outcome, run)

    def unclaimed(self) -> list[Adoptable]:
        """Executions and orders at the broker that are nobody's, and that nobody has set aside."""
        waiting = waiting_for_adoption(self._desk.store)
        return [found for found in waiting if found.kind in (AdoptableKind.EXECUTION, AdoptableKind.ORDER)]

    def drift(self, named: str, *, signer: Signer) -> DriftReading:
        """An open drift with what each resolution would change, by its id or a beginning of it. Raises Refused."""
        drift = self._desk.read.drift(named)
        position = self._desk.read.state.positions.get(drift.position_id or "")
        corrections = tuple(
            self.correction(drift.drift_bead_id, resolution, None, signer=signer, notes=_TRIED_OUT)
            for resolution in Resolution
        )
        return DriftReading(drift, position, corrections)

    def subject(self, named: str) -> str:
        """What a resolution calls an open drift, or an execution or order that is nobody's. Raises Refused."""
        names = [drift.drift_bead_id for drift in self._desk.read.drifts()]
        names += [found.name for found in self.unclaimed()]
        found = [name for name in names if name == named] or [n for n in names if named and n.startswith(named)]
        if len(found) == 1:
            return found[0]
        detail = f"no open drift is {named}" if not found else f"{named} names {len(found)} of them"
        raise Refused(RefusalReason.NOT_FOUND, "drift_bead_id", detail, "List the open drifts")

    def correction(
        self, subject_id: str, resolution: Resolution, position_id: str | None, *, signer: Signer, notes: str
    ) -> Correction:
        """What a resolution would change, or why it would be refused; nothing is recorded."""
        decision = decision_to_resolve(RandomIds().new_id(), subject_id, resolution, notes, position_id)
        policy, view = self._desk.home.settings.policy(), self._desk.store.view()
        return correction_of(view, policy, RandomIds(), SystemClock().now(), decision, signer)

    def resolve(
        self, subject_id: str, resolution: Resolution, position_id: str | None, *, signer: Signer, notes: str
    ) -> Outcome:
        """Put on record how something was settled, and follow that to its outcome."""
        decision = decision_to_resolve(RandomIds().new_id(), subject_id, resolution, notes, position_id)
        return self._desk.decide_each([decision], signer=signer)[0]

    def _looked_at(self) -> datetime | None:
        """As this or another process has shown it, or as the last bead tells."""
        status = read_status(self._desk.home.status)
        shown = None if status is None else status.instant("books_looked_at")
        recorded = self._desk.read.books().recorded_at
        return max((at for at in (shown, recorded) if at is not None), default=None)
