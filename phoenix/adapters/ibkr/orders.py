"""An order plan as the orders that TWS takes."""

from __future__ import annotations

from phoenix.adapters.ibkr.line import ContractAsked, OrderAsked
from phoenix.adapters.ibkr.meanings import ACTIONS, ORDER_TYPES, TIMES_IN_FORCE
from phoenix.domain.order_plan import Leg, OrderPlan
from phoenix.domain.vocabulary import LegRole

REDUCE_WITH_BLOCK = 2
"""One-cancels-all: a fill reduces the others, and two of a group are never at the exchange for the same quantity."""


def orders_of(plan: OrderPlan, contract: ContractAsked) -> tuple[OrderAsked, ...]:
    """The orders in the sequence they are sent in.

    Below a parent nothing is released before the last one, and TWS lets the children cancel one another. Without a
    parent each is released as it comes, so the stop goes first.
    """
    entry = plan.entry
    if entry is None:
        group = f"OCA-{plan.order_group_id}" if len(plan.legs) > 1 else ""
        legs = sorted(plan.legs, key=lambda leg: leg.role is not LegRole.STOP_LOSS)
        return tuple(_order(plan, leg, contract, transmit=True, oca_group=group) for leg in legs)
    legs = [entry, *(leg for leg in plan.legs if leg is not entry)]
    return tuple(
        _order(
            plan, leg, contract, transmit=leg is legs[-1],
            parent_id=0 if leg is entry else entry.session_order_id,
        )
        for leg in legs
    )  # fmt: skip


def _order(
    plan: OrderPlan, leg: Leg, contract: ContractAsked, *, transmit: bool, parent_id: int = 0, oca_group: str = ""
) -> OrderAsked:  # fmt: skip
    return OrderAsked(
        order_id=leg.session_order_id, contract=contract, account=plan.account, reference=leg.reference,
        action=ACTIONS[leg.action], order_type=ORDER_TYPES[leg.order_type], quantity=leg.quantity,
        time_in_force=TIMES_IN_FORCE[leg.time_in_force], transmit=transmit, parent_id=parent_id, oca_group=oca_group,
        oca_type=REDUCE_WITH_BLOCK if oca_group else 0, limit_price=leg.limit_price, auxiliary_price=leg.stop_price,
    )  # fmt: skip
