"""Orders, journal entries and appointments as rows of their tables, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias, get_type_hints

from phoenix.adapters.simulation.agenda import Appointment, Task
from phoenix.adapters.simulation.book import names_of
from phoenix.adapters.simulation.book_file.cells import Cells, Row, decimal_cell, instant_cell, json_cell, parse_object
from phoenix.adapters.simulation.book_file.kept import KeptBook, KeptOrder
from phoenix.adapters.simulation.book_file.typed import typed
from phoenix.adapters.simulation.executions import Adjustment, Execution
from phoenix.adapters.simulation.fate import PLAIN_FATE, Fate
from phoenix.adapters.simulation.messages import Message, OrderIds
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT, Order, OrderRequest
from phoenix.adapters.simulation.plain import from_plain, to_plain
from phoenix.domain.numbers import ZERO, parse_decimal
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, OrderType, TimeInForce

Cell: TypeAlias = str | int | None
Cellular: TypeAlias = dict[str, Cell]

_FATE_HINTS = get_type_hints(Fate)
NO_PERMANENT_ID = "0"
_NOT_GIVEN = (("client_id", FOREIGN_CLIENT), ("permanent_id", NO_PERMANENT_ID))
_FILLED_IN = ("permanent_id", "account", "received_at", "eligible_at", "released")


def order_row(order: Order) -> Cellular:
    request = order.request
    return {
        "sequence": order.sequence, "reference": request.reference, "permanent_id": order.permanent_id,
        "session_order_id": request.session_order_id, "client_id": request.client_id, "account": request.account,
        "pair": request.pair, "role": request.role, "action": request.action, "order_type": request.order_type,
        "quantity": decimal_cell(request.quantity), "limit_price": decimal_cell(request.limit_price),
        "stop_price": decimal_cell(request.stop_price), "time_in_force": request.time_in_force,
        "status": order.status, "filled": decimal_cell(order.filled), "released": decimal_cell(order.released),
        "reduced": decimal_cell(order.reduced), "fill_limit": decimal_cell(order.fill_limit), "parent": order.parent,
        "parent_session_order_id": request.parent_session_order_id, "oca_group": order.oca_group,
        "received_at": instant_cell(order.received_at), "eligible_at": instant_cell(order.eligible_at),
        "hold_until": instant_cell(order.hold_until), "fate": fate_cell(order.fate),
    }  # fmt: skip


def order_of(row: Row, book: KeptBook, account: str, now: datetime) -> KeptOrder:
    """The order of a row. What a hand left out is filled in, and the order noted as changed."""
    cells = Cells("orders", "sequence", row)
    sequence = cells.get("sequence")
    request = _request_of(cells, account)
    order = KeptOrder(
        book.changed, sequence, request, _order_ids(cells, request, sequence), cells.instant_or("received_at", now),
        cells.instant_or("eligible_at", now), request.quantity,
    )  # fmt: skip
    order.status = cells.read("status", OrderStatus)
    order.filled, order.reduced = cells.decimal("filled"), cells.decimal("reduced")
    released = cells.optional("released", parse_decimal)
    if released is not None:
        order.released = released
    elif order.status is OrderStatus.HELD:
        order.released = ZERO
    order.fill_limit = cells.optional("fill_limit", parse_decimal)
    order.hold_until = None if cells.get("hold_until") is None else cells.instant("hold_until")
    order.parent, order.oca_group = cells.get("parent"), cells.get("oca_group")
    order.fate = cells.read("fate", fate_of)
    if not any(row[name] is None for name in _FILLED_IN):
        del book.changed[sequence]
    return order


def _request_of(cells: Cells, account: str) -> OrderRequest:
    group, parent = cells.get("oca_group"), cells.get("parent")
    return OrderRequest(
        account=cells.get("account") or account, pair=cells.get("pair"), action=cells.read("action", Action),
        order_type=cells.read("order_type", OrderType), quantity=cells.decimal("quantity"),
        time_in_force=cells.read("time_in_force", TimeInForce), session_order_id=cells.get("session_order_id"),
        client_id=cells.get("client_id"), reference=cells.get("reference"),
        limit_price=cells.optional("limit_price", parse_decimal),
        stop_price=cells.optional("stop_price", parse_decimal),
        parent_session_order_id=cells.get("parent_session_order_id"),
        oca_group=None if group == f"parent-{parent}" else group, role=cells.optional("role", LegRole),
    )  # fmt: skip


def _order_ids(cells: Cells, request: OrderRequest, sequence: int) -> OrderIds:
    ids = names_of(request, sequence)
    permanent_id = cells.get("permanent_id") or ids.permanent_id
    return OrderIds(ids.client_id, ids.reference, ids.session_order_id, permanent_id)


def fate_cell(fate: Fate) -> str:
    """Only what differs from a quiet life."""
    if fate is PLAIN_FATE:
        return "{}"
    return json_cell(fate_document({field.name: getattr(fate, field.name) for field in fields(Fate)}))


def fate_document(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_plain(value) for name, value in changes.items() if value != getattr(PLAIN_FATE, name)}


def fate_of(text: str) -> Fate:
    if text == "{}":
        return PLAIN_FATE
    return Fate(**{name: typed(_FATE_HINTS[name], value) for name, value in parse_object(text).items()})


# --- journal -----------------------------------------------------------------------------------------------------


def execution_row(number: int, entry: Execution) -> Cellular:
    ids = entry.ids
    return {
        "number": number, "execution_id": entry.execution_id, "order_sequence": entry.order,
        "order_group": entry.group, "role": entry.role, "client_id": ids.client_id, "reference": ids.reference,
        "session_order_id": ids.session_order_id, "permanent_id": ids.permanent_id, "account": entry.account,
        "pair": entry.pair, "action": entry.action, "quantity": decimal_cell(entry.quantity),
        "price": decimal_cell(entry.price), "executed_at": instant_cell(entry.executed_at),
        "rate": decimal_cell(entry.rate), "is_bust": int(entry.is_bust),
    }  # fmt: skip


def execution_of(row: Row, account: str, now: datetime) -> Execution:
    """The execution of a complete row, but for account and instant."""
    cells = Cells("executions", "number", row)
    stem, revision = cells.read("execution_id", _stem_and_revision)
    return Execution(
        stem=stem, revision=revision, order=cells.get("order_sequence"), group=cells.get("order_group"),
        role=cells.optional("role", LegRole),
        ids=OrderIds(
            cells.get("client_id"), cells.get("reference"), cells.get("session_order_id"), cells.get("permanent_id")
        ),
        account=cells.get("account") or account, pair=cells.get("pair"), action=cells.read("action", Action),
        quantity=cells.decimal("quantity"), price=cells.decimal("price"),
        executed_at=cells.instant_or("executed_at", now), rate=cells.optional("rate", parse_decimal),
        is_bust=bool(cells.get("is_bust")),
    )  # fmt: skip


def is_complete(row: Row) -> bool:
    """Whether the broker wrote the execution's row, or one who filled in all that it would have."""
    return all(row[name] is not None for name in ("execution_id", "order_sequence", "order_group", "executed_at"))


def completed(row: Row, execution_id: str, owner: Order | None) -> Cellular:
    """An execution's row with what a hand left out, taken from the order that it is of."""
    names: Cellular = {"execution_id": execution_id, "order_sequence": FOREIGN_CLIENT, "order_group": FOREIGN_CLIENT}
    if owner is not None:
        ids = owner.ids
        names |= {
            "order_sequence": owner.sequence, "order_group": owner.parent or owner.sequence, "role": owner.request.role,
            "client_id": ids.client_id, "reference": ids.reference, "session_order_id": ids.session_order_id,
            "permanent_id": ids.permanent_id,
        }  # fmt: skip
    given = {name: value for name, value in row.items() if value is not None and (name, value) not in _NOT_GIVEN}
    return {**dict.fromkeys(row), "client_id": FOREIGN_CLIENT, "permanent_id": NO_PERMANENT_ID, **names, **given}


def _stem_and_revision(execution_id: str) -> tuple[str, int]:
    stem, _, revision = execution_id.rpartition(".")
    if not stem:
        raise ValueError("an execution id is a stem, a dot and a revision of two digits")
    return stem, int(revision)


def adjustment_row(number: int, entry: Adjustment) -> Cellular:
    return {
        "number": number, "pair": entry.pair, "quantity": decimal_cell(entry.quantity),
        "price": decimal_cell(entry.price), "made_at": instant_cell(entry.made_at),
    }  # fmt: skip


def adjustment_of(row: Row) -> Adjustment:
    cells = Cells("adjustments", "number", row)
    return Adjustment(cells.get("pair"), cells.decimal("quantity"), cells.decimal("price"), cells.instant("made_at"))


# --- agenda ------------------------------------------------------------------------------------------------------


def appointment_row(item: Appointment) -> Cellular:
    return {
        "number": item.number, "due": instant_cell(item.due), "task": item.task, "subject": item.subject,
        "detail": item.detail, "message": None if item.message is None else json_cell(to_plain(item.message)),
    }  # fmt: skip


def appointment_of(row: Row) -> Appointment:
    cells = Cells("agenda", "number", row)
    message = cells.optional("message", lambda text: from_plain(Message, parse_object(text)))
    return Appointment(
        cells.instant("due"), cells.get("number"), cells.read("task", Task), cells.get("subject"),
        cells.get("detail"), message,
    )  # fmt: skip


def net_row(pair: str, quantity: Decimal, average_price: Decimal | None) -> Cellular:
    return {"pair": pair, "quantity": decimal_cell(quantity), "average_price": decimal_cell(average_price)}
