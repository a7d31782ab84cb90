"""Handing in signals, and the answers to them as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.encoding import Json
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.runtime.desk import Desk
from phoenix.runtime.documents.outcomes import signal_outcome_document
from phoenix.runtime.notations import Notation


def answer_to(
    desk: Desk, document: bytes, signer: Signer, notation: Notation = Notation.JSON
) -> SignalOutcome:  # fmt: skip
    """What became of a document; one that is too long is refused unread."""
    if len(document) > DOCUMENT_BYTES_MAX:
        return SignalOutcome("", refusal=_too_long())
    return desk.ingest(document, signer=signer, notation=notation)


def answers_document(answers: Sequence[tuple[str, SignalOutcome]]) -> dict[str, Json]:
    """One answer for each document, by the name it came under."""
    return {"signals": [{"from": name, **signal_outcome_document(outcome)} for name, outcome in answers]}


def _too_long() -> Refused:
    return Refused(
        RefusalReason.MALFORMED, "document", f"it has more than {DOCUMENT_BYTES_MAX} bytes",
        f"Send at most {DOCUMENT_BYTES_MAX} bytes",
    )  # fmt: skip
