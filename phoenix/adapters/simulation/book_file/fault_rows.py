"""The table of faults: a word for what goes wrong, and a JSON object with the particulars.

Order faults take the names of the functions that make them; the others those of their classes, in small letters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, get_type_hints

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation.book_file.cells import json_cell, parse_object
from phoenix.adapters.simulation.book_file.typed import typed
from phoenix.adapters.simulation.fate import Fate
from phoenix.adapters.simulation.faults import Fault, ForeignOrder, OrderFault, Which
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, OrderRequest
from phoenix.adapters.simulation.plain import to_plain
from phoenix.domain.errors import InvalidValue
from phoenix.domain.vocabulary import Action, LegRole, OrderType, TimeInForce

_ORDER_FAULT = "order"
_WHICH = get_type_hints(Which)
_FATE = get_type_hints(Fate)


def _foreign_order(
    at: datetime, account: str, pair: str, action: Action, order_type: OrderType, quantity: Decimal,
    time_in_force: TimeInForce = TimeInForce.GTC, limit_price: Decimal | None = None, stop_price: Decimal | None = None,
    session_order_id: int = 0, client_id: int = FOREIGN_CLIENT, reference: str | None = None,
    parent_session_order_id: int | None = None, oca_group: str | None = None, role: LegRole | None = None,
) -> ForeignOrder:  # fmt: skip
    request = OrderRequest(
        account, pair, action, order_type, quantity, time_in_force, session_order_id, client_id, reference,
        limit_price, stop_price, parent_session_order_id, oca_group, role,
    )  # fmt: skip
    return ForeignOrder(at, request)


ORDER_KINDS = MappingProxyType(
    {
        make.__name__: make
        for make in (
            scripted.reject, scripted.lose, scripted.unheard, scripted.delay, scripted.slow, scripted.partial,
            scripted.never_fill, scripted.fill_at, scripted.repeat, scripted.execution_first, scripted.commission_first,
            scripted.fill_after_cancel, scripted.correct, scripted.bust, scripted.overfill,
            scripted.second_permanent_id, scripted.blank_reference, scripted.refuse_cancel, scripted.ignore_cancel,
            scripted.claim_fill, scripted.notice,
        )
    }
)  # fmt: skip
WORLD_KINDS: Mapping[str, Callable[..., Fault]] = MappingProxyType(
    {
        "query_unanswered": scripted.QueryUnanswered, "executions_withheld": scripted.ExecutionsWithheld,
        "holding_claimed": scripted.HoldingClaimed, "holdings_lag": scripted.HoldingsLag,
        "prices_freeze": scripted.PricesFreeze, "clock_skew": scripted.ClockSkew,
        "order_id_rollback": scripted.OrderIdRollback, "socket_drop": scripted.SocketDrop,
        "line_outage": scripted.LineOutage, "foreign_order": _foreign_order,
        "foreign_holding": scripted.ForeignHolding, "notice_sent": scripted.NoticeSent,
    }
)  # fmt: skip
_NAMES = {make: kind for kind, make in WORLD_KINDS.items()}

KINDS = (_ORDER_FAULT, *ORDER_KINDS, *WORLD_KINDS)


def fault_of(kind: str, detail: str, account: str, taken_up_at: datetime) -> Fault:
    """The fault of a row. What has an hour and names none begins when it is taken up.

    Raises InvalidValue, ValueError or TypeError.
    """
    particulars = parse_object(detail)
    if kind == _ORDER_FAULT:
        which = _which(particulars)
        return OrderFault(which, _values(_FATE, particulars))
    if kind in ORDER_KINDS:
        make = ORDER_KINDS[kind]
        return make(_which(particulars), **_arguments(make, particulars, {}))
    if kind in WORLD_KINDS:
        return WORLD_KINDS[kind](**_arguments(WORLD_KINDS[kind], particulars, _filled_in(kind, account, taken_up_at)))
    raise InvalidValue("kind", f"{kind!r} is no fault", f"Use one of {', '.join(KINDS)}")


def fault_cells(fault: Fault) -> tuple[str, str]:
    """Kind and particulars of a fault that was not scripted in the table."""
    if isinstance(fault, OrderFault):
        return _ORDER_FAULT, json_cell(to_plain({**_given(fault.which), **fault.changes}))
    if isinstance(fault, ForeignOrder):
        return "foreign_order", json_cell(to_plain({"at": fault.at, **_given(fault.request)}))
    return _NAMES[type(fault)], json_cell(to_plain(_given(fault)))


def _filled_in(kind: str, account: str, taken_up_at: datetime) -> dict[str, Any]:
    parameters = signature(WORLD_KINDS[kind]).parameters
    filled = {"at": taken_up_at, "account": account}
    if kind == "prices_freeze":
        filled["begins_at"] = taken_up_at
    if kind in ("socket_drop", "line_outage"):
        filled["for_s"] = None
    return {name: value for name, value in filled.items() if name in parameters}


def _which(particulars: dict[str, Any]) -> Which:
    """The orders that are befallen; takes their names out of the particulars."""
    return Which(**_values(_WHICH, {name: particulars.pop(name) for name in tuple(particulars) if name in _WHICH}))


def _arguments(make: Callable[..., Any], given: dict[str, Any], filled_in: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(make)
    parameters = [parameter for parameter in signature(make).parameters.values() if parameter.name != "which"]
    arguments = {**filled_in, **_values({parameter.name: hints[parameter.name] for parameter in parameters}, given)}
    for parameter in parameters:
        if parameter.default is Parameter.empty and parameter.name not in arguments:
            raise InvalidValue(parameter.name, "is missing", "Give it in the detail")
    return arguments


def _values(hints: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    for name in given:
        if name not in hints:
            raise InvalidValue(name, "is no particular of this fault", f"Use {', '.join(hints)}")
    return {name: typed(hints[name], value) for name, value in given.items()}


def _given(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that say something."""
    named = {field.name: getattr(value, field.name) for field in fields(value)}
    return {name: content for name, content in named.items() if content is not None}
