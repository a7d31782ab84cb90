"""From the objects of a client library to the words of `said`. Both libraries name their fields alike."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from phoenix.adapters.ibkr.numbers import exact, identifier, text
from phoenix.adapters.ibkr.said import CommissionSaid, ContractSaid, DetailsSaid, ExecutionSaid, OrderSaid
from phoenix.adapters.ibkr.times import instant_of


def contract_said(contract: Any) -> ContractSaid:
    """A contract."""
    return ContractSaid(
        contract_id=identifier(contract.conId),
        symbol=contract.symbol,
        security_type=contract.secType,
        exchange=contract.exchange,
        currency=contract.currency,
    )


def order_said(contract: Any, order: Any, state: Any, *, is_completed: bool) -> OrderSaid:
    """An open or a completed order. The libraries fill a completed one's ids with zeros of their own."""
    return OrderSaid(
        order_id=None if is_completed else order.orderId,
        client_id=None if is_completed else order.clientId,
        permanent_id=identifier(order.permId),
        parent_id=identifier(order.parentId),
        reference=text(order.orderRef),
        account=order.account,
        contract=contract_said(contract),
        action=order.action,
        order_type=order.orderType,
        quantity=exact(order.totalQuantity),
        limit_price=exact(order.lmtPrice),
        auxiliary_price=exact(order.auxPrice),
        time_in_force=order.tif,
        oca_group=text(order.ocaGroup),
        status=state.status,
        filled_quantity=exact(order.filledQuantity) if is_completed else None,
        completed_status=text(state.completedStatus) if is_completed else None,
    )


def execution_said(
    request_id: int, contract: Any, execution: Any, time_text: str, zone: tzinfo | None
) -> ExecutionSaid | None:
    """An execution; None when it has no quantity or price that is a number."""
    quantity, price = exact(execution.shares), exact(execution.price)
    if quantity is None or price is None:
        return None
    return ExecutionSaid(
        request_id=request_id,
        execution_id=execution.execId,
        order_id=execution.orderId,
        client_id=execution.clientId,
        permanent_id=identifier(execution.permId),
        reference=text(execution.orderRef),
        account=execution.acctNumber,
        contract=contract_said(contract),
        side=execution.side,
        quantity=quantity,
        price=price,
        executed_at=instant_of(time_text, zone),
        time_text=time_text,
    )


def commission_said(report: Any) -> CommissionSaid:
    """A commission."""
    return CommissionSaid(report.execId, exact(report.commission), report.currency)


def details_said(details: Any) -> DetailsSaid:
    """A contract's details. ibapi knows no sizes, and the others leave them zero or unset where the wire has none."""
    return DetailsSaid(
        contract=contract_said(details.contract),
        minimum_tick=exact(details.minTick) or None,
        minimum_size=exact(getattr(details, "minSize", None)) or None,
        size_increment=exact(getattr(details, "sizeIncrement", None)) or None,
    )
