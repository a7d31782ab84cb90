"""What is known of the comparison between Phoenix's book and the broker's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.application.reconciliation.judging import stalled_positions
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.safety import ReconciliationRunPayload
from phoenix.domain.position import Position
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.refusals import Refused
from phoenix.domain.state import OpenDrift, State, in_order
from phoenix.domain.vocabulary import ReconciliationVerdict, RefusalReason
from phoenix.ports.store import BeadStore


@dataclass(frozen=True, slots=True)
class BooksReading:
    """What is unknown comes first: `stalled` positions, longest first. Then what settles, and what drifts.

    `verdict` is the last one on record, of `recorded_at`; comparisons that found nothing new leave no bead. The books
    were those of `books_as_of`. `adjustments` are signed quantities that Phoenix's book holds by a human's word and no
    position bears.
    """

    stalled: tuple[Position, ...]
    settling: tuple[Mismatch, ...]
    drifts: tuple[OpenDrift, ...]
    acknowledged: tuple[Mismatch, ...]
    adjustments: Mapping[str, Decimal]
    verdict: ReconciliationVerdict | None
    recorded_at: datetime | None
    books_as_of: datetime | None
    detail: str


def books_reading(state: State) -> BooksReading:
    record = state.reconciliation
    return BooksReading(
        stalled=tuple(state.positions[position_id] for position_id in stalled_positions(state)),
        settling=tuple(in_order(record.suspects)), drifts=open_drifts(state),
        acknowledged=tuple(in_order(record.acknowledged)),
        adjustments={pair: record.adjustments[pair] for pair in sorted(record.adjustments)}, verdict=record.verdict,
        recorded_at=record.looked_at, books_as_of=record.books_as_of, detail=record.detail,
    )  # fmt: skip


def comparison_asked_for(store: BeadStore[State], decision_id: str) -> ReconciliationRunPayload | None:
    """The comparison that a decision asked for; None while it has not been made."""
    for item in store.read_of({BeadType.RECONCILIATION_RUN}):
        payload = item.bead.payload
        if isinstance(payload, ReconciliationRunPayload) and payload.decision_id == decision_id:
            return payload
    return None


def open_drifts(state: State) -> tuple[OpenDrift, ...]:
    """Those that no human has resolved, oldest first."""
    return tuple(sorted(state.drifts.values(), key=lambda drift: (drift.opened_at, drift.drift_bead_id)))


def drift_named(drifts: Sequence[OpenDrift], named: str) -> OpenDrift:
    """The open drift whose id begins so and no other's does. Raises Refused."""
    found = [drift for drift in drifts if named and drift.drift_bead_id.startswith(named)]
    if len(found) == 1:
        return found[0]
    detail = f"no open drift is {named}" if not found else f"{named} names {len(found)} drifts"
    raise Refused(RefusalReason.NOT_FOUND, "drift_bead_id", detail, "List the open drifts")
