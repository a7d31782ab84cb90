"""Orders at the broker that Phoenix did not send: noted and shown to a human, never touched (SPEC 3.9)."""

from __future__ import annotations

from datetime import datetime

from phoenix.application.alerts import AlertKind
from phoenix.application.work import Work
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.stated_order import StatedOrder
from phoenix.domain.vocabulary import OrderEvent, OrderStatus


def note_external(
    work: Work, reference: str | None, permanent_id: str | None, at: datetime | None,
    stated: StatedOrder | None = None,
) -> None:  # fmt: skip
    """Note an order that is none of ours, and what the books state of it; again only once they state something else."""
    key = permanent_id or reference
    if key is None:
        return
    is_new = key not in work.state.external_orders
    is_changed = stated is not None and permanent_id is not None and work.state.stated_orders.get(key) != stated
    if not (is_new or is_changed):
        return
    text = f"the broker speaks of an order that Phoenix did not send: {reference or 'no reference'}, {permanent_id}"
    record_unmatched(work, reference, permanent_id, None, text, at, stated)
    if is_new:
        work.alert(AlertKind.ORDER_UNMATCHED, text, key=key)


def forget_external(work: Work, permanent_id: str) -> None:
    """Note that complete books no longer show an order that is none of ours."""
    work.record(
        OrderPayload(
            event=OrderEvent.UNMATCHED, order_group_id="", intent_id=None, intent_kind=None, position_id=None,
            client_order_id=None, role=None, permanent_id=permanent_id, status=OrderStatus.UNKNOWN,
            reason="the broker's books no longer show it",
        )
    )  # fmt: skip


def record_unmatched(
    work: Work, reference: str | None, permanent_id: str | None, position_id: str | None, text: str,
    at: datetime | None = None, stated: StatedOrder | None = None,
) -> None:  # fmt: skip
    """Record an order under an id that none of ours has; with a position, where it contradicts an order of ours."""
    work.record(
        OrderPayload(
            event=OrderEvent.UNMATCHED, order_group_id="", intent_id=None, intent_kind=None, position_id=position_id,
            client_order_id=reference, role=None, permanent_id=permanent_id, reason=text, stated=stated,
        ),
        occurred_at=at,
    )  # fmt: skip
