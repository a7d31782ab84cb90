"""The comparison of the books, and what differs, as JSON documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.state import OpenDrift
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.readings.books import BooksReading


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
