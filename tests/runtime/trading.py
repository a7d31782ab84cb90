"""What a person does at a desk, in as few words as possible."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import orjson

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import DecisionKind, SignerKind
from phoenix.rehearsal.signals import signal_document
from phoenix.runtime.desk import Desk
from phoenix.runtime.readings.outcomes import Outcome

TRADER = Signer(SignerKind.HUMAN, "trader")
BID = Decimal("1.27000")


def signal(**changes: Any) -> bytes:
    """A fresh long signal near the simulator's first price."""
    changes = {"entry": "1.27000", "stop": "1.26700", "target": "1.27600", "strategy_id": "manual", **changes}
    return orjson.dumps(signal_document(number=uuid4().int, at=datetime.now(UTC), **changes))


def proposed(desk: Desk, **changes: Any) -> SignalOutcome:
    """A fresh proposal."""
    outcome = desk.ingest(signal(**changes), signer=TRADER)
    assert outcome.refusal is None, outcome.refusal
    assert outcome.intent_id is not None
    return outcome


def approve(desk: Desk, intent_id: str) -> Outcome:
    """Approve what is shown now, with a typed confirmation."""
    review = desk.read.review(intent_id)
    return desk.decide(
        DecisionKind.APPROVE, intent_id, signer=TRADER, evidence_hash=review.bundle_hash, proof={"kind": "TYPED"}
    )
