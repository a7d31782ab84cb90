"""Answers to signals as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.domain.encoding import Json
from phoenix.runtime.documents.outcomes import signal_outcome_document


def answers_document(answers: Sequence[tuple[str, SignalOutcome]]) -> dict[str, Json]:
    """One answer for each document, by the name it came under."""
    return {"signals": [{"from": name, **signal_outcome_document(outcome)} for name, outcome in answers]}
