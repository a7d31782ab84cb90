"""Payloads that follow an order from its preparation to the end of its position (SPEC 3.6, 3.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from phoenix.domain.beads.envelope import BeadType, Payload
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.stated_order import StatedOrder
from phoenix.domain.vocabulary import (
    Action,
    ExecutionEvent,
    ExitReason,
    IntentKind,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    Protection,
    Side,
    Trigger,
)


@dataclass(frozen=True, slots=True)
class OrderPayload(Payload):
    """What happened to an order group (PREPARED, NOT_SENT, SILENT, ABSENT) or to one of its legs.

    `plan`, `order_hash` and `token_id` are set on PREPARED. `filled_quantity` and `remaining_quantity` are the broker's
    claims, which executions may contradict. `stated` is what its books say of an UNMATCHED order; without it such a
    bead of status UNKNOWN says that they no longer show the order.
    """

    bead_type: ClassVar = BeadType.ORDER
    event: OrderEvent
    order_group_id: str
    intent_id: str | None
    intent_kind: IntentKind | None
    position_id: str | None
    client_order_id: str | None
    role: LegRole | None
    plan: OrderPlan | None = None
    order_hash: str | None = None
    token_id: str | None = None
    session_order_id: int | None = None
    permanent_id: str | None = None
    status: OrderStatus | None = None
    filled_quantity: Decimal | None = None
    remaining_quantity: Decimal | None = None
    code: int | None = None
    reason: str | None = None
    decision_id: str | None = None
    stated: StatedOrder | None = None


@dataclass(frozen=True, slots=True)
class ExecutionPayload(Payload):
    """One execution report, keyed by the broker's execution id.

    A correction repeats the id's stem with a higher revision and replaces; a bust reverses; PARKED waits for its order,
    with a quantity of 0 where a bust does; COMMISSION carries what an execution cost. Nothing that a broker reports is
    ever dropped.
    """

    bead_type: ClassVar = BeadType.EXECUTION
    event: ExecutionEvent
    execution_id: str
    stem: str
    revision: int
    client_order_id: str | None
    permanent_id: str | None
    position_id: str | None
    role: LegRole | None
    account: str
    pair: str
    action: Action | None
    quantity: Decimal | None
    price: Decimal | None
    executed_at: datetime | None
    commission: Decimal | None = None
    commission_currency: str | None = None


@dataclass(frozen=True, slots=True)
class PositionPayload(Payload):
    """A position after a transition or an execution. `realised_pnl` is in the account's currency.

    `adopted_from` names what a human adopted; where that was an execution of nobody's, `adopted_execution_id` does too.
    `handed_over` is what a position that had ended gave to its adopter, `adjusted` what a human's correction added to
    it, both in the direction of its side; `adjusted_order` names the order whose fill was corrected, if it was one.
    `previous_state` equals `state` where an execution changed quantities only; it is absent for the first bead.
    """

    bead_type: ClassVar = BeadType.POSITION
    position_id: str
    intent_id: str
    signal_id: str | None
    token_id: str | None
    permanent_id: str | None
    strategy_id: str
    account: str
    pair: str
    side: Side
    state: PositionState
    previous_state: PositionState | None
    trigger: Trigger
    entry_price: Decimal
    stop_price: Decimal | None
    target_price: Decimal | None
    average_entry_price: Decimal | None
    average_exit_price: Decimal | None
    requested_quantity: Decimal
    filled_quantity: Decimal
    partial_fill_ratio: Decimal
    open_quantity: Decimal
    protection: Protection
    realised_pnl: Decimal | None
    exit_reason: ExitReason | None
    detail: str | None = None
    adopted_from: str | None = None
    adopted_execution_id: str | None = None
    handed_over: Decimal | None = None
    decision_id: str | None = None
    adjusted: Decimal | None = None
    adjusted_order: str | None = None


@dataclass(frozen=True, slots=True)
class AutopsyPayload(Payload):
    """What became of a closed position against what was planned. `r_multiple` counts planned risk per unit.

    Slippages are price distances, positive when worse than planned. `shadow` marks a position without a broker, which
    has no other bead; its `position_id` is made from the signal's.
    """

    bead_type: ClassVar = BeadType.AUTOPSY
    position_id: str
    signal_id: str | None
    strategy_id: str
    outcome: str
    pnl: Decimal
    pnl_percent: Decimal | None
    r_multiple: Decimal | None
    duration_s: Decimal
    exit_reason: ExitReason | None
    entry_slippage: Decimal | None
    exit_slippage: Decimal | None
    evidence_hash: str | None
    thesis: str
    happened: str
    shadow: bool
    setup_type: str | None = None
    decision_id: str | None = None
