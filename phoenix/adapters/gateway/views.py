"""The simulated broker's orders, executions and money, as the protocol's replies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.gateway import words
from phoenix.adapters.gateway.securities import Securities
from phoenix.adapters.gateway.wire import replies
from phoenix.adapters.simulation import tell
from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.fills import commission_of
from phoenix.adapters.simulation.ledger import LedgerKind
from phoenix.adapters.simulation.messages import CommissionCharged, Executed, OrderIds, StatusChanged
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.world import World
from phoenix.domain.numbers import ZERO
from phoenix.domain.vocabulary import OrderStatus

REDUCE_WITHOUT_BLOCK = 3
UNASKED = -1
_AT_WORK = (OrderStatus.WORKING, OrderStatus.PENDING_CANCEL)
_ENDS = (LedgerKind.EXECUTION, LedgerKind.CANCELLED, LedgerKind.EXPIRED, LedgerKind.REJECTED)


class Views:
    """Reads the world; changes nothing."""

    def __init__(self, world: World, securities: Securities) -> None:
        self._world = world
        self._securities = securities

    def order(self, order: Order) -> replies.OrderView:
        """An order as it stands. A child names its parent, and its group after the parent."""
        request = order.request
        parent = None if order.parent is None else self._world.book.order(order.parent)
        is_ended = not order.is_live
        group = order.oca_group or ""
        if parent is not None and group.startswith("parent-"):
            group = parent.permanent_id
        return replies.OrderView(
            order_id=order.ids.session_order_id or 0,
            client_id=request.client_id,
            permanent_id=int(order.permanent_id),
            parent_id=0 if parent is None else parent.request.session_order_id,
            parent_permanent_id=0 if parent is None else int(parent.permanent_id),
            reference="" if is_ended and order.fate.blank_on_orders else request.reference or "",
            account=request.account,
            security=self._securities.of(request.pair),
            action=request.action.value,
            order_type=words.WORD_OF_TYPE[request.order_type],
            quantity=self._stated_quantity(order),
            limit_price=request.limit_price,
            auxiliary_price=request.stop_price,
            time_in_force=request.time_in_force.value,
            oca_group=group,
            oca_type=REDUCE_WITHOUT_BLOCK if group else 0,
            status=words.status_word(order.status, request.order_type),
            filled=tell.claimed_filled(order),
        )

    def told_order(self, order: Order, message: StatusChanged) -> replies.OrderView:
        """An order in the status that a message told; the order may have gone on since."""
        return replace(self.order(order), status=_told_word(order, message), filled=message.filled)

    def ends(self) -> Mapping[str, datetime]:
        """When orders ended, or last executed, by permanent id."""
        records = self._world.ledger.records
        return {str(record.details["permanent_id"]): record.at for record in records if record.kind in _ENDS}

    def completed(self, order: Order, ends: Mapping[str, datetime]) -> replies.CompletedOrder:
        """An order that has ended, when, and how."""
        view = replace(
            self.order(order), status=words.ended_word(order),
            completed_at=ends.get(order.permanent_id, self._world.now),
            completed_status=words.explanation(order),
        )  # fmt: skip
        return replies.CompletedOrder(view)

    def status(self, order: Order) -> replies.OrderStatus:
        """The status of an order as it stands."""
        word = words.status_word(order.status, order.request.order_type)
        return self._status(order, order.status, word, *_amounts(order))

    def told_status(self, order: Order, message: StatusChanged) -> replies.OrderStatus:
        """The status that a message told; the order may have gone on since."""
        return self._status(order, message.status, _told_word(order, message), message.filled, message.remaining)

    def ended_status(self, order: Order, status: OrderStatus, filled: Decimal) -> replies.OrderStatus:
        """The status of an order that was cancelled or refused with something left."""
        word = words.status_word(status, order.request.order_type)
        return self._status(order, status, word, filled, max(order.request.quantity - filled, ZERO))

    def executed(self, message: Executed) -> replies.ExecutionDetails:
        """An execution that is told of its own accord."""
        quantity = ZERO if message.is_bust else message.quantity
        return self._execution(
            UNASKED, message.ids, message.execution_id, message.account, message.pair, words.SIDE[message.action],
            quantity, message.price, message.executed_at,
        )  # fmt: skip

    def execution(self, request_id: int, known: Execution) -> replies.ExecutionDetails:
        """An execution that was asked for, in its latest revision."""
        quantity = ZERO if known.is_bust else known.quantity
        return self._execution(
            request_id, known.ids, known.execution_id, known.account, known.pair, words.SIDE[known.action], quantity,
            known.price, known.executed_at,
        )  # fmt: skip

    def charged(self, message: CommissionCharged) -> replies.Commission:
        return replies.Commission(message.execution_id, message.amount, message.currency)

    def commission(self, known: Execution) -> replies.Commission:
        """What an execution cost, as it is told again with the executions that are asked for."""
        amount = commission_of(self._world, known)
        return replies.Commission(known.execution_id, amount, self._world.options.currency)

    def _stated_quantity(self, order: Order) -> Decimal:
        """What is ordered, less what others of the group have taken; a child at work is for what its parent filled."""
        is_at_work = order.parent is not None and order.status in _AT_WORK
        return (order.released if is_at_work else order.request.quantity) - order.reduced

    def _leading_to(self, order: Order, filled: Decimal) -> list[Execution]:
        """The executions that had filled so much of an order."""
        found: list[Execution] = []
        for known in self._world.book.executions_of(order.sequence):
            if sum((one.quantity for one in found), ZERO) >= filled:
                break
            if not known.is_bust:
                found.append(known)
        return found

    def _status(
        self, order: Order, status: OrderStatus, word: str, filled: Decimal, remaining: Decimal
    ) -> replies.OrderStatus:  # fmt: skip
        parent = None if order.parent is None else self._world.book.order(order.parent)
        done = self._leading_to(order, filled)
        return replies.OrderStatus(
            order_id=order.ids.session_order_id or 0, client_id=order.request.client_id,
            permanent_id=int(order.permanent_id), parent_id=0 if parent is None else parent.request.session_order_id,
            status=word, filled=filled, remaining=remaining,
            average_fill_price=_average(done), last_fill_price=done[-1].price if done else ZERO,
            why_held=words.why_held(status, order.request.order_type),
        )  # fmt: skip

    def _execution(
        self, request_id: int, ids: OrderIds, execution_id: str, account: str, pair: str, side: str, quantity: Decimal,
        price: Decimal, executed_at: datetime,
    ) -> replies.ExecutionDetails:  # fmt: skip
        stem = execution_id.rpartition(".")[0]
        earlier = self._up_to(ids.permanent_id, stem)
        return replies.ExecutionDetails(
            request_id=request_id, order_id=ids.session_order_id or 0, client_id=ids.client_id,
            permanent_id=int(ids.permanent_id), security=self._securities.of(pair), execution_id=execution_id,
            account=account, side=side, quantity=quantity, price=price,
            cumulative_quantity=sum((known.quantity for known in earlier), ZERO), average_price=_average(earlier),
            reference=ids.reference or "", executed_at=executed_at,
        )  # fmt: skip

    def _up_to(self, permanent_id: str, stem: str) -> list[Execution]:
        """The executions of an order up to and including one."""
        order = self._world.book.by_permanent_id(permanent_id)
        found: list[Execution] = []
        for known in () if order is None else self._world.book.executions_of(order.sequence):
            if not known.is_bust:
                found.append(known)
            if known.stem == stem:
                break
        return found


def _told_word(order: Order, message: StatusChanged) -> str:
    """An order that executed as soon as it was accepted was never called submitted."""
    is_passing = message.status is OrderStatus.WORKING and message.filled == ZERO and order.filled > ZERO
    return words.ACCEPTED if is_passing else words.status_word(message.status, order.request.order_type)


def _amounts(order: Order) -> tuple[Decimal, Decimal]:
    return tell.claimed_filled(order), tell.claimed_remaining(order)


def _average(executions: Iterable[Execution]) -> Decimal:
    done = list(executions)
    quantity = sum((known.quantity for known in done), ZERO)
    if quantity == ZERO:
        return ZERO
    return sum((known.quantity * known.price for known in done), ZERO) / quantity
