"""Which beads call for a comparison (SPEC 3.9): at once on fill, reject, cancel, drift, and a human's change."""

from __future__ import annotations

from phoenix.domain.beads.envelope import Payload
from phoenix.domain.beads.safety import DriftPayload, ResolutionPayload
from phoenix.domain.beads.trading import ExecutionPayload, OrderPayload, PositionPayload
from phoenix.domain.vocabulary import ExecutionEvent, OrderEvent, ReconciliationTrigger, Trigger

THOROUGH = frozenset(ReconciliationTrigger) - {
    ReconciliationTrigger.FILL, ReconciliationTrigger.REJECT, ReconciliationTrigger.CANCEL,
}  # fmt: skip
"""What is worth reading everything for. The others come with every trade, and look at what it can have changed."""

_ORDERS = {
    OrderEvent.REJECTED: ReconciliationTrigger.REJECT,
    OrderEvent.CANCELLED: ReconciliationTrigger.CANCEL,
    OrderEvent.BOUND: ReconciliationTrigger.RESOLUTION,
    OrderEvent.ABSENT: ReconciliationTrigger.RESOLUTION,
}
_ADOPTIONS = frozenset({Trigger.ORDER_ADOPTED, Trigger.HOLDING_ADOPTED})


def trigger_of(payload: Payload) -> ReconciliationTrigger | None:
    """Why this bead calls for a comparison; None when it does not."""
    match payload:
        case ExecutionPayload():
            return None if payload.event is ExecutionEvent.COMMISSION else ReconciliationTrigger.FILL
        case OrderPayload():
            return _ORDERS.get(payload.event)
        case PositionPayload() if payload.trigger in _ADOPTIONS:
            return ReconciliationTrigger.RESOLUTION
        case DriftPayload():
            return ReconciliationTrigger.DRIFT
        case ResolutionPayload():
            return ReconciliationTrigger.RESOLUTION
        case _:
            return None
