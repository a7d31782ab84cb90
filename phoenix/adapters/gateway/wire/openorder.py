"""openOrder: an order as it stands."""

from __future__ import annotations

from phoenix.adapters.gateway.wire import order_layout as shared
from phoenix.adapters.gateway.wire.order_layout import Table, blank, fixed, told, unset
from phoenix.adapters.gateway.wire.replies import OrderView

_MARGINS = tuple(
    f"{requirement}{moment}"
    for moment in ("Before", "Change", "After")
    for requirement in ("initMargin", "maintMargin", "equityWithLoan")
)

_TABLE: Table = (
    *fixed("5", "message id"),
    *fixed("34", "version", until=145),
    *told("orderId", lambda order: str(order.order_id)),
    *shared.CONTRACT,
    *shared.ACTION,
    *told("totalQuantity", shared.quantity_text),
    *shared.TERMS,
    *told("clientId", lambda order: str(order.client_id)),
    *shared.PERMANENT_ID,
    *shared.TIMING,
    *blank("sharesAllocation"),
    *shared.ALLOCATION,
    *fixed("0", "auctionStrategy"),
    *shared.BOX,
    *fixed("0", "displaySize", "blockOrder", "sweepToFill", "allOrNone"),
    *blank("minQty"),
    *shared.OCA_TYPE,
    *fixed("0", "eTradeOnly", "firmQuoteOnly"),
    *blank("nbboPriceCap"),
    *told("parentId", lambda order: str(order.parent_id)),
    *shared.VOLATILITY,
    *blank("basisPoints", "basisPointsType"),
    *shared.COMBINATION_AND_SCALE,
    *fixed("0", "optOutSmartRouting"),
    *shared.CLEARING_AND_ALGORITHM,
    *told("whatIf", lambda order: shared.flag_text(order.what_if)),
    *shared.STATUS,
    *unset(*_MARGINS[:6], since=142),
    *unset(*_MARGINS[6:]),
    *blank("commission", "minCommission", "maxCommission", "commissionCurrency", "warningText"),
    *shared.RANDOMISING,
    *shared.CONDITIONS,
    *blank("adjustedOrderType", since=102),
    *unset("triggerPrice", "trailStopPrice", "lmtPriceOffset", since=102),
    *unset("adjustedStopPrice", "adjustedStopLimitPrice", "adjustedTrailingAmount", since=102),
    *fixed("0", "adjustableTrailingUnit", since=102),
    *blank("softDollarTierName", "softDollarTierValue", "softDollarTierDisplayName", since=106),
    *unset("cashQty", since=111),
    *fixed("0", "dontUseAutoPriceForHedge", since=141),
    *fixed("0", "isOmsContainer", since=145),
    *fixed("0", "discretionaryUpToLimitPrice", since=148),
    *fixed("0", "usePriceMgmtAlgo", since=151),
    *blank("duration", since=159),
    *blank("postToAts", since=160),
    *fixed("0", "autoCancelParent", since=162),
    *shared.PEGS,
)


def open_order(order: OrderView, version: int) -> list[str]:
    """The fields of openOrder as this version has them."""
    return shared.lay_out(_TABLE, order, version)
