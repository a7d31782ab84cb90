"""How an order is laid out in openOrder and completedOrder: tables of fields, and the groups that both share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from phoenix.adapters.gateway.wire.numbers import UNSET_DOUBLE_TEXT, decimal_text, double_text
from phoenix.adapters.gateway.wire.replies import OrderView

_WITHOUT_END = 10_000


@dataclass(frozen=True, slots=True)
class Field:
    """One field by its name on the wire. It is there from version `since` on and before `until`."""

    name: str
    text: str | Callable[[OrderView], str]
    since: int = 0
    until: int = _WITHOUT_END


Table: TypeAlias = tuple[Field, ...]


def lay_out(table: Iterable[Field], order: OrderView, version: int) -> list[str]:
    """The fields of the table that this version has, in order."""
    present = (field.text for field in table if field.since <= version < field.until)
    return [text if isinstance(text, str) else text(order) for text in present]


def told(name: str, text: Callable[[OrderView], str]) -> Table:
    """A field that says something about the order."""
    return (Field(name, text),)


def fixed(text: str, *names: str, since: int = 0, until: int = _WITHOUT_END) -> Table:
    """Fields that say the same of every order the simulator knows."""
    return tuple(Field(name, text, since, until) for name in names)


def blank(*names: str, since: int = 0, until: int = _WITHOUT_END) -> Table:
    """Fields the simulator has nothing to say in."""
    return fixed("", *names, since=since, until=until)


def unset(*names: str, since: int = 0) -> Table:
    """Doubles that go out as the wire's unset number, since clients would read a blank one as zero."""
    return fixed(UNSET_DOUBLE_TEXT, *names, since=since)


def flag_text(value: bool) -> str:
    return "1" if value else "0"


def price_text(price: Decimal | None) -> str:
    """A price, blank where there is none."""
    return "" if price is None else double_text(price)


CONTRACT: Table = (
    *told("conId", lambda order: str(order.security.contract_id)),
    *told("symbol", lambda order: order.security.symbol),
    *told("secType", lambda order: order.security.security_type),
    *blank("lastTradeDateOrContractMonth"),
    *fixed("0", "strike"),
    *fixed("?", "right"),
    *blank("multiplier"),
    *told("exchange", lambda order: order.security.exchange),
    *told("currency", lambda order: order.security.currency),
    *told("localSymbol", lambda order: order.security.local_symbol),
    *told("tradingClass", lambda order: order.security.trading_class),
)

ACTION = told("action", lambda order: order.action)

TERMS: Table = (
    *told("orderType", lambda order: order.order_type),
    *told("lmtPrice", lambda order: price_text(order.limit_price)),
    *told("auxPrice", lambda order: price_text(order.auxiliary_price)),
    *told("tif", lambda order: order.time_in_force),
    *told("ocaGroup", lambda order: order.oca_group),
    *told("account", lambda order: order.account),
    *blank("openClose"),
    *fixed("0", "origin"),
    *told("orderRef", lambda order: order.reference),
)

PERMANENT_ID = told("permId", lambda order: str(order.permanent_id))

TIMING: Table = (
    *told("outsideRth", lambda order: flag_text(order.outside_hours)),
    *fixed("0", "hidden"),
    *fixed("0.0", "discretionaryAmt"),
    *blank("goodAfterTime"),
)

ALLOCATION: Table = (
    *blank("faGroup", "faMethod", "faPercentage"),
    *blank("faProfile", until=177),
    *blank("modelCode", since=103),
    *blank("goodTillDate", "rule80A", "percentOffset", "settlingFirm"),
    *fixed("0", "shortSaleSlot"),
    *blank("designatedLocation"),
    *fixed("-1", "exemptCode"),
)

BOX: Table = blank("startingPrice", "stockRefPrice", "delta", "stockRangeLower", "stockRangeUpper")

OCA_TYPE = told("ocaType", lambda order: str(order.oca_type))

VOLATILITY: Table = (
    *fixed("0", "triggerMethod"),
    *blank("volatility"),
    *fixed("0", "volatilityType"),
    *blank("deltaNeutralOrderType", "deltaNeutralAuxPrice"),
    *fixed("0", "continuousUpdate", "referencePriceType"),
    *blank("trailStopPrice", "trailingPercent"),
)

COMBINATION_AND_SCALE: Table = (
    *blank("comboLegsDescrip"),
    *fixed("0", "comboLegs", "orderComboLegs", "smartComboRoutingParams"),
    *blank("scaleInitLevelSize", "scaleSubsLevelSize", "scalePriceIncrement", "hedgeType"),
)

CLEARING_AND_ALGORITHM: Table = (
    *blank("clearingAccount"),
    *fixed("IB", "clearingIntent"),
    *fixed("0", "notHeld", "deltaNeutralContract"),
    *blank("algoStrategy"),
    *fixed("0", "solicited"),
)

STATUS = told("status", lambda order: order.status)

RANDOMISING: Table = fixed("0", "randomizeSize", "randomizePrice")

CONDITIONS: Table = fixed("0", "conditions", since=102)

PEGS: Table = blank(
    "minTradeQty", "minCompeteSize", "competeAgainstBestOffset", "midOffsetAtWhole", "midOffsetAtHalf", since=170
)


def quantity_text(order: OrderView) -> str:
    return decimal_text(order.quantity)
