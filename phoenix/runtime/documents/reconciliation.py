"""The comparison of the books, and what differs, as JSON documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.state import OpenDrift
from phoenix.runtime.desk.books import Comparison, DriftReading
from phoenix.runtime.documents.outcomes import refusal_document
from phoenix.runtime.documents.positions import adoptable_document
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.readings.adoptable import Adoptable
from phoenix.runtime.readings.books import BooksReading
from phoenix.runtime.readings.corrections import Correction


def books_document(reading: BooksReading, now: datetime) -> dict[str, Any]:
    """What is known of the books, what is unknown of them first."""
    return {
        "as_of": instant_text(now),
        "stalled": [
            {
                "position_id": position.position_id, "pair": position.terms.pair,
                "since": optional_instant(position.since),
            }
            for position in reading.stalled
        ],
        "verdict": None if reading.verdict is None else reading.verdict.value,
        "recorded_at": optional_instant(reading.recorded_at), "books_as_of": optional_instant(reading.books_as_of),
        "detail": reading.detail,
        "settling": [mismatch_document(mismatch) for mismatch in reading.settling],
        "drifts": [drift_document(drift) for drift in reading.drifts],
        "acknowledged": [mismatch_document(mismatch) for mismatch in reading.acknowledged],
        "adjustments": {pair: decimal_text(quantity) for pair, quantity in reading.adjustments.items()},
    }  # fmt: skip


def comparison_document(comparison: Comparison, now: datetime) -> dict[str, Any]:
    """As `books_document`, with when the books were last looked at; and, where that was asked for, what came of it.

    A `status` of NOT_YET_KNOWN says that no executor has answered: everything else is what was known before.
    """
    outcome, run = comparison.outcome, comparison.run
    document = {**books_document(comparison.books, now), "looked_at": optional_instant(comparison.looked_at)}
    if outcome is None:
        return document
    asked: dict[str, Any] = {"decision_id": outcome.decision_id, "status": outcome.status.value}
    if outcome.refusal is not None:
        asked["refusal"] = refusal_document(outcome.refusal)
    if run is not None:
        asked |= {"verdict": run.verdict.value, "compared": str(run.compared), "detail": run.detail}
    return {**document, "asked": asked}


def drifts_document(drifts: Sequence[OpenDrift], unclaimed: Sequence[Adoptable], now: datetime) -> dict[str, Any]:
    """The differences that nobody has resolved, and what the broker has that nobody claims."""
    return {
        "as_of": instant_text(now), "drifts": [drift_document(drift) for drift in drifts],
        "unclaimed": [adoptable_document(found) for found in unclaimed],
    }  # fmt: skip


def drift_reading_document(reading: DriftReading, now: datetime) -> dict[str, Any]:
    """One drift, the position that it is about, and what each resolution would change."""
    position = reading.position
    return {
        "as_of": instant_text(now), **drift_document(reading.drift),
        "position": None if position is None else {
            "position_id": position.position_id, "pair": position.terms.pair,
            "state": None if position.state is None else position.state.value,
            "open_quantity": decimal_text(position.open_quantity),
        },
        "resolutions": {
            correction.resolution.value: correction_document(correction) for correction in reading.corrections
        },
    }  # fmt: skip


def correction_document(correction: Correction) -> dict[str, Any]:
    """What a resolution would change; with a `refusal`, nothing."""
    if correction.refusal is not None:
        return {"refusal": refusal_document(correction.refusal)}
    return {
        "changes_nothing": correction.changes_nothing, "pair": correction.pair or None,
        "net_before": decimal_text(correction.net_before), "net_after": decimal_text(correction.net_after),
        "unattributed": decimal_text(correction.unattributed),
        "positions": [
            {
                "position_id": change.position_id, "open_before": decimal_text(change.open_before),
                "open_after": decimal_text(change.open_after),
                "state_before": None if change.state_before is None else change.state_before.value,
                "state_after": None if change.state_after is None else change.state_after.value,
            }
            for change in correction.positions
        ],
        "orders": [
            {"order": order.name, "status_before": order.status_before, "status_after": order.status_after}
            for order in correction.orders
        ],
    }  # fmt: skip


def drift_document(drift: OpenDrift) -> dict[str, Any]:
    """An open drift with both sides. `agrees_since` says that the books agree again; a human resolves it all the same.

    One without a `key` is what a word of the broker contradicted.
    """
    return {
        "drift_bead_id": drift.drift_bead_id, "opened_at": instant_text(drift.opened_at),
        "agrees_since": optional_instant(drift.agrees_since), **mismatch_document(drift.mismatch),
    }  # fmt: skip


def mismatch_document(mismatch: Mismatch) -> dict[str, Any]:
    """A difference between the books, with both sides."""
    return {
        "key": mismatch.key, "type": mismatch.drift_type.value, "pair": mismatch.pair,
        "position_id": mismatch.position_id, "phoenix": mismatch.phoenix_state, "broker": mismatch.broker_state,
        "origin": mismatch.origin.value, "severity": mismatch.severity.value, "since": instant_text(mismatch.since),
    }  # fmt: skip
