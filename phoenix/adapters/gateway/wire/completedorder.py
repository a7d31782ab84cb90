"""completedOrder: an order that is over, without the order id and client id it once had."""

from __future__ import annotations

from datetime import tzinfo

from phoenix.adapters.gateway.wire import order_layout as shared
from phoenix.adapters.gateway.wire.numbers import decimal_text
from phoenix.adapters.gateway.wire.order_layout import Table, blank, fixed, told, unset
from phoenix.adapters.gateway.wire.replies import OrderView
from phoenix.adapters.gateway.wire.times import zoned_text


def _quantity(order: OrderView) -> str:
    return "0" if order.status == "Filled" else shared.quantity_text(order)


_TABLE: Table = (
    *fixed("101", "message id"),
    *shared.CONTRACT,
    *shared.ACTION,
    *told("totalQuantity", _quantity),
    *shared.TERMS,
    *shared.PERMANENT_ID,
    *shared.TIMING,
    *shared.ALLOCATION,
    *shared.BOX,
    *fixed("0", "displaySize", "sweepToFill", "allOrNone"),
    *blank("minQty"),
    *shared.OCA_TYPE,
    *shared.VOLATILITY,
    *shared.COMBINATION_AND_SCALE,
    *shared.CLEARING_AND_ALGORITHM,
    *shared.STATUS,
    *shared.RANDOMISING,
    *shared.CONDITIONS,
    *unset("trailStopPrice", "lmtPriceOffset", "cashQty"),
    *fixed("0", "dontUseAutoPriceForHedge", since=141),
    *fixed("0", "isOmsContainer", since=145),
    *blank("autoCancelDate"),
    *told("filledQuantity", lambda order: decimal_text(order.filled)),
    *fixed("0", "refFuturesConId", "autoCancelParent"),
    *blank("shareholder"),
    *fixed("0", "imbalanceOnly", "routeMarketableToBbo"),
    *told("parentPermId", lambda order: str(order.parent_permanent_id)),
)


def completed_order(order: OrderView, version: int, zone: tzinfo) -> list[str]:
    """The fields of completedOrder as this version has them."""
    completed_at = "" if order.completed_at is None else zoned_text(order.completed_at, zone)
    return [
        *shared.lay_out(_TABLE, order, version),
        completed_at,
        order.completed_status,
        *shared.lay_out(shared.PEGS, order, version),
    ]
