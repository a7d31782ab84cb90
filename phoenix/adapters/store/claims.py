"""Which claims a commit brings about (SPEC 11.4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import SealedBead
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.vocabulary import OrderEvent, TokenEvent
from phoenix.ports.claims import Claim


def claims_in(sealed: Sequence[SealedBead]) -> Iterator[Claim]:
    """A claim for each token used together with the order it is for; one without the other opens nothing."""
    used = {
        (item.bead.payload.token_id, item.bead.payload.intent_id)
        for item in sealed
        if isinstance(item.bead.payload, TokenPayload) and item.bead.payload.event is TokenEvent.USED
    }
    if not used:
        return
    for item in sealed:
        order = item.bead.payload
        if isinstance(order, OrderPayload) and order.event is OrderEvent.PREPARED:
            claim = _claim(order, item.seq)
            if claim is not None and (claim.token_id, claim.intent_id) in used:
                yield claim


def _claim(order: OrderPayload, seq: int) -> Claim | None:
    if order.token_id is None or order.intent_id is None or order.order_hash is None:
        return None
    return Claim(order.token_id, order.intent_id, order.order_group_id, order.order_hash, seq)
