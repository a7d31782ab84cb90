"""The order inside placeOrder: some hundred fields, whose number depends on the version and on the order itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from phoenix.adapters.gateway.wire import numbers
from phoenix.adapters.gateway.wire.cursor import Cursor
from phoenix.adapters.gateway.wire.requests import ContractFields, OrderFields, PlaceOrder

Texts: TypeAlias = Mapping[str, str]

_WITHOUT_END = 10_000
_CONDITION_WIDTHS = {1: 6, 3: 3, 4: 3, 5: 4, 6: 5, 7: 5}
"""How many fields a condition of each type has behind its type."""


def _always(_: Texts) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Part:
    """Fields that follow each other. They are there from version `since` on, before `until`, and if `when` says so."""

    names: tuple[str, ...]
    since: int = 0
    until: int = _WITHOUT_END
    when: Callable[[Texts], bool] = _always


@dataclass(frozen=True, slots=True)
class _Repeated:
    """A count under `name`, then so many times `width` fields."""

    name: str
    width: int
    when: Callable[[Texts], bool] = _always


@dataclass(frozen=True, slots=True)
class _Conditions:
    since: int


def _number(name: str, texts: Texts) -> Decimal | None:
    return numbers.read_decimal(name, texts[name], int(texts["orderId"]), may_be_infinite=True)


def _is_combination(texts: Texts) -> bool:
    return texts["secType"] == "BAG"


def _has_delta_neutral_order(texts: Texts) -> bool:
    return texts["deltaNeutralOrderType"] != ""


def _has_delta_neutral_contract(texts: Texts) -> bool:
    return numbers.read_flag("deltaNeutralContract", texts["deltaNeutralContract"], int(texts["orderId"]))


def _has_price_increment(texts: Texts) -> bool:
    increment = _number("scalePriceIncrement", texts)
    return increment is not None and increment > 0


def _is_of_type(*types: str) -> Callable[[Texts], bool]:
    return lambda texts: texts["orderType"] in types


def _has_no_offset_but_the_middle(texts: Texts) -> bool:
    if not _is_of_type("PEG BEST", "PEGBEST")(texts):
        return False
    return _number("competeAgainstBestOffset", texts) == Decimal("Infinity")


_OFFSETS = ("midOffsetAtWhole", "midOffsetAtHalf")

_LAYOUT: tuple[_Part | _Repeated | _Conditions, ...] = (
    _Part((
        "secIdType", "secId", "action", "totalQuantity", "orderType", "lmtPrice", "auxPrice", "tif", "ocaGroup",
        "account", "openClose", "origin", "orderRef", "transmit", "parentId", "blockOrder", "sweepToFill",
        "displaySize", "triggerMethod", "outsideRth", "hidden",
    )),
    _Repeated("comboLegs", 8, when=_is_combination),
    _Repeated("orderComboLegs", 1, when=_is_combination),
    _Repeated("smartComboRoutingParams", 2, when=_is_combination),
    _Part((
        "sharesAllocation", "discretionaryAmt", "goodAfterTime", "goodTillDate", "faGroup", "faMethod", "faPercentage",
    )),
    _Part(("faProfile",), until=177),
    _Part(("modelCode",), since=103),
    _Part((
        "shortSaleSlot", "designatedLocation", "exemptCode", "ocaType", "rule80A", "settlingFirm", "allOrNone",
        "minQty", "percentOffset", "eTradeOnly", "firmQuoteOnly", "nbboPriceCap", "auctionStrategy", "startingPrice",
        "stockRefPrice", "delta", "stockRangeLower", "stockRangeUpper", "overridePercentageConstraints", "volatility",
        "volatilityType", "deltaNeutralOrderType", "deltaNeutralAuxPrice",
    )),
    _Part(
        (
            "deltaNeutralConId", "deltaNeutralSettlingFirm", "deltaNeutralClearingAccount",
            "deltaNeutralClearingIntent", "deltaNeutralOpenClose", "deltaNeutralShortSale",
            "deltaNeutralShortSaleSlot", "deltaNeutralDesignatedLocation",
        ),
        when=_has_delta_neutral_order,
    ),
    _Part((
        "continuousUpdate", "referencePriceType", "trailStopPrice", "trailingPercent", "scaleInitLevelSize",
        "scaleSubsLevelSize", "scalePriceIncrement",
    )),
    _Part(
        (
            "scalePriceAdjustValue", "scalePriceAdjustInterval", "scaleProfitOffset", "scaleAutoReset",
            "scaleInitPosition", "scaleInitFillQty", "scaleRandomPercent",
        ),
        when=_has_price_increment,
    ),
    _Part(("scaleTable", "activeStartTime", "activeStopTime", "hedgeType")),
    _Part(("hedgeParam",), when=lambda texts: texts["hedgeType"] != ""),
    _Part(("optOutSmartRouting", "clearingAccount", "clearingIntent", "notHeld", "deltaNeutralContract")),
    _Part(
        ("deltaNeutralContractConId", "deltaNeutralContractDelta", "deltaNeutralContractPrice"),
        when=_has_delta_neutral_contract,
    ),
    _Part(("algoStrategy",)),
    _Repeated("algoParams", 2, when=lambda texts: texts["algoStrategy"] != ""),
    _Part(("algoId", "whatIf", "orderMiscOptions", "solicited", "randomizeSize", "randomizePrice")),
    _Part(
        (
            "referenceContractId", "isPeggedChangeAmountDecrease", "peggedChangeAmount", "referenceChangeAmount",
            "referenceExchangeId",
        ),
        since=102,
        when=_is_of_type("PEG BENCH", "PEGBENCH"),
    ),
    _Conditions(since=102),
    _Part(
        (
            "adjustedOrderType", "triggerPrice", "lmtPriceOffset", "adjustedStopPrice", "adjustedStopLimitPrice",
            "adjustedTrailingAmount", "adjustableTrailingUnit",
        ),
        since=102,
    ),
    _Part(("extOperator",), since=105),
    _Part(("softDollarTierName", "softDollarTierValue"), since=106),
    _Part(("cashQty",), since=111),
    _Part(("mifid2DecisionMaker", "mifid2DecisionAlgo"), since=138),
    _Part(("mifid2ExecutionTrader", "mifid2ExecutionAlgo"), since=139),
    _Part(("dontUseAutoPriceForHedge",), since=141),
    _Part(("isOmsContainer",), since=145),
    _Part(("discretionaryUpToLimitPrice",), since=148),
    _Part(("usePriceMgmtAlgo",), since=151),
    _Part(("duration",), since=158),
    _Part(("postToAts",), since=160),
    _Part(("autoCancelParent",), since=162),
    _Part(("advancedErrorOverride",), since=166),
    _Part(("manualOrderTime",), since=169),
    _Part(("minTradeQty",), since=170, when=lambda texts: texts["exchange"] == "IBKRATS"),
    _Part(("minCompeteSize", "competeAgainstBestOffset"), since=170, when=_is_of_type("PEG BEST", "PEGBEST")),
    _Part(_OFFSETS, since=170, when=_has_no_offset_but_the_middle),
    _Part(_OFFSETS, since=170, when=_is_of_type("PEG MID", "PEGMID")),
)  # fmt: skip


def decode_order(cursor: Cursor) -> PlaceOrder:
    """placeOrder behind its message id. Raises Undecodable for a field that is missing or unreadable."""
    if cursor.version < 145:
        cursor.skip("version")
    order_id = cursor.identify("orderId")
    contract = cursor.contract()
    texts = _order_texts(cursor, contract)
    return PlaceOrder(order_id, contract, _order(texts, order_id))


def _order_texts(cursor: Cursor, contract: ContractFields) -> Texts:
    texts = {
        "orderId": str(cursor.request_id),
        "secType": contract.security_type,
        "exchange": contract.exchange,
    }
    for part in _LAYOUT:
        match part:
            case _Part() if part.since <= cursor.version < part.until and part.when(texts):
                texts |= cursor.texts(part.names)
            case _Repeated() if part.when(texts):
                for _ in range(cursor.count(part.name)):
                    cursor.skip(*(part.name,) * part.width)
            case _Conditions() if cursor.version >= part.since:
                _skip_conditions(cursor)
    return texts


def _skip_conditions(cursor: Cursor) -> None:
    count = cursor.count("conditions")
    for _ in range(count):
        kind = cursor.integer("condition")
        if kind not in _CONDITION_WIDTHS:
            raise cursor.refusal(f"condition is {kind}, not one of {', '.join(map(str, _CONDITION_WIDTHS))}")
        cursor.skip(*("condition",) * _CONDITION_WIDTHS[kind])
    if count:
        cursor.skip("conditionsIgnoreRth", "conditionsCancelOrder")


def _order(texts: Texts, order_id: int) -> OrderFields:
    def decimal(name: str) -> Decimal | None:
        return numbers.read_decimal(name, texts[name], order_id)

    def integer(name: str) -> int:
        return numbers.read_integer(name, texts[name], order_id)

    def flag(name: str) -> bool:
        return numbers.read_flag(name, texts[name], order_id)

    return OrderFields(
        action=texts["action"],
        quantity=decimal("totalQuantity"),
        order_type=texts["orderType"],
        limit_price=decimal("lmtPrice"),
        auxiliary_price=decimal("auxPrice"),
        time_in_force=texts["tif"],
        oca_group=texts["ocaGroup"],
        oca_type=integer("ocaType"),
        account=texts["account"],
        reference=texts["orderRef"],
        transmit=flag("transmit"),
        parent_id=integer("parentId"),
        outside_hours=flag("outsideRth"),
        good_till=texts["goodTillDate"],
        e_trade_only=flag("eTradeOnly"),
        firm_quote_only=flag("firmQuoteOnly"),
        what_if=flag("whatIf"),
    )
