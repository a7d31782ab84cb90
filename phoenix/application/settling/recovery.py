"""Recovery: what the broker's books say after a connect, matched to what Phoenix knows (SPEC 3.7, 11.14).

A match is taken in as if the broker had just said it. Nothing conclusive leaves an order STALLED, never rejected and
never sent again; an incomplete answer proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from phoenix.application.alerts import AlertKind
from phoenix.application.reconciliation.judging import judge
from phoenix.application.reconciliation.recording import in_words, record
from phoenix.application.reconciliation.reports import Reports
from phoenix.application.settling.isolation import take_in
from phoenix.application.trading.executions import on_execution
from phoenix.application.trading.external_orders import forget_external, note_external
from phoenix.application.trading.matching import Match, find_leg
from phoenix.application.trading.orders import on_status
from phoenix.application.trading.positions import move
from phoenix.application.watch.findings import RecordedFindings
from phoenix.application.watch.session import record_incomplete, record_reconciled
from phoenix.application.work import Work
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.numbers import decimal_text
from phoenix.domain.position import LegState, Position
from phoenix.domain.reconciliation.mismatch import Mismatch
from phoenix.domain.state import in_order
from phoenix.domain.stated_order import StatedOrder
from phoenix.domain.vocabulary import (
    DriftOrigin,
    DriftType,
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    ReconciliationTrigger,
    Trigger,
)
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_events import ExecutionReported, OrderStatusReported
from phoenix.ports.broker_facts import BrokerOrder, Holding


@dataclass(frozen=True, slots=True)
class Books:
    """The four answers of a recovery read, each complete or unknown."""

    open_orders: Answer[tuple[BrokerOrder, ...]]
    completed_orders: Answer[tuple[BrokerOrder, ...]]
    executions: Answer[tuple[ExecutionReported, ...]]
    holdings: Answer[tuple[Holding, ...]]

    def unknown(self) -> list[str]:
        """The names of the answers that are not known, with the reason."""
        answers: dict[str, Answer[Any]] = {
            "open orders": self.open_orders, "completed orders": self.completed_orders,
            "executions": self.executions, "holdings": self.holdings,
        }  # fmt: skip
        return [f"{name}: {answer.reason}" for name, answer in answers.items() if isinstance(answer, Unknown)]

    def as_of(self) -> datetime | None:
        """The instant up to which all four are the whole truth; None when any of them is unknown."""
        answers = (self.open_orders, self.completed_orders, self.executions, self.holdings)
        instants = [answer.as_of for answer in answers if isinstance(answer, Complete)]
        return min(instants) if len(instants) == len(answers) else None


def on_books_read(work: Work, books: Books) -> None:
    """Take in what the books say, stall what they leave open, and say whether entries may pass again.

    Executions come first: a cancelled order whose fills are in the same books was filled, whatever its status says.
    """
    for execution in _value(books.executions):
        what = f"execution {execution.execution_id}"
        take_in(work, what, execution.reference, partial(on_execution, work, execution))
    orders = _each_once([*_value(books.open_orders), *_value(books.completed_orders)])
    for order in orders:
        take_in(work, "order", order.reference, partial(_take_in, work, order))
    as_of, unknown = books.as_of(), books.unknown()
    if as_of is not None:
        _mark_missing(work, orders, as_of)
        _forget_missing(work, orders)
    _stall_unanswered(work, as_of, "; ".join(unknown) or "the books are complete and leave it open")
    standing = _compare(work, books)
    if as_of is None:
        record_incomplete(work, "; ".join(unknown), books_as_of=None)
        return
    differences = [*_open_questions(work), *_open_contradictions(work, orders), *standing]
    if differences:
        record_incomplete(work, "; ".join(differences), books_as_of=as_of)
    else:
        record_reconciled(work, f"{len(orders)} orders read, nets agree", books_as_of=as_of)


def _compare(work: Work, books: Books) -> list[str]:
    """What stands between the books and ours, in words; on record as of any comparison.

    Somebody else's order keeps nobody from trading: it closes its instrument once it is drift, not the session.
    """
    reports = Reports(books.open_orders, books.holdings, books.completed_orders, books.executions)
    judgement = judge(work.state, work.policy, reports, work.now)
    if judgement.is_news(work.state):
        record(RecordedFindings(work), work.state, judgement, (ReconciliationTrigger.RECONNECT,))
    return [in_words(mismatch) for mismatch in judgement.mismatches if not _is_strange_order(mismatch)]


def _is_strange_order(mismatch: Mismatch) -> bool:
    return mismatch.origin is DriftOrigin.EXTERNAL and mismatch.drift_type is DriftType.ORDER_STATUS


def _value(answer: Answer[tuple[Any, ...]]) -> tuple[Any, ...]:
    return answer.value if isinstance(answer, Complete) else ()


def _each_once(orders: list[BrokerOrder]) -> list[BrokerOrder]:
    """The orders, each as it was listed last: one that ended between two answers is in both."""
    return list({order.permanent_id or order.reference or id(order): order for order in orders}.values())


def _take_in(work: Work, order: BrokerOrder) -> None:
    match = find_leg(work, order.reference, order.permanent_id)
    if match is None:
        note_external(work, order.reference, order.permanent_id, work.now, _stated(order))
        return
    if _contradicts(match.leg, match.position, order):
        _take_in_contradiction(work, match, order)
        return
    on_status(
        work,
        OrderStatusReported(
            reference=order.reference, session_order_id=order.session_order_id, permanent_id=order.permanent_id,
            status=order.status, filled_quantity=order.filled_quantity, remaining_quantity=order.remaining_quantity,
            occurred_at=work.now, reason="recovery read",
        ),
    )  # fmt: skip


def _stated(order: BrokerOrder) -> StatedOrder:
    price = order.stop_price if order.limit_price is None else order.limit_price
    return StatedOrder(order.account, order.pair, order.action, order.status, order.quantity, price, order.order_type)


def _contradicts(leg: LegState, position: Position, order: BrokerOrder) -> bool:
    """Only what is stated can contradict: completed orders come with blanks, and children shrink with their group."""
    if order.action is not leg.leg.action or order.pair != position.terms.pair:
        return True
    is_single = leg.leg.role in (LegRole.ENTRY, LegRole.EXIT)
    return is_single and bool(order.quantity) and order.quantity != leg.leg.quantity


def _take_in_contradiction(work: Work, match: Match, order: BrokerOrder) -> None:
    """Told once for as long as the books say the same. Where the order has ended there, what became of ours is unknown.

    Nothing else of it is taken in: its status and what it filled are those of an order that nobody here knows.
    """
    leg, position = match.leg, match.position
    text, key = _contradiction(match, order), f"{leg.leg.reference}:{order.permanent_id}:{_terms(order)}"
    if not work.is_told(AlertKind.PERMANENT_ID_CONFLICT, text, key=key):
        work.set_kill_flag(None, text)
        work.alert(AlertKind.PERMANENT_ID_CONFLICT, text, key=key, position_id=position.position_id)
    if leg.is_alive and order.status.is_ended and order.permanent_id in (None, leg.permanent_id):
        _mark_unknown(work, position, leg, text)


def _contradiction(match: Match, order: BrokerOrder) -> str:
    leg = match.leg.leg
    ours = f"{leg.action.value} {decimal_text(leg.quantity)} {match.position.terms.pair}"
    return f"{leg.reference} is {_terms(order)} at the broker, and {ours} here: it is not the order that was meant"


def _terms(order: BrokerOrder) -> str:
    quantity = "" if order.quantity is None else f" {decimal_text(order.quantity)}"
    return f"{order.action.value}{quantity} {order.pair}"


def _open_contradictions(work: Work, orders: list[BrokerOrder]) -> list[str]:
    """Orders of ours that still work and that the books show otherwise, in words."""
    found = ((find_leg(work, order.reference, order.permanent_id), order) for order in orders)
    return [
        _contradiction(match, order)
        for match, order in found
        if match is not None and match.leg.is_alive and _contradicts(match.leg, match.position, order)
    ]


def _stall_unanswered(work: Work, as_of: datetime | None, why: str) -> None:
    """Entries that nobody has acknowledged, that are gone, or whose fill has no execution, are unknown: for a human.

    Books older than the send say nothing about an order.
    """
    for position in in_order(work.state.positions):
        entry = position.entry_leg
        is_open = entry is not None and (entry.is_unanswered or entry.is_unborne) and _is_covered(entry, as_of)
        if position.state is PositionState.SUBMITTED and entry is not None and is_open:
            move(work, position, Trigger.RECOVERY_INCONCLUSIVE, detail=why)
            work.alert(
                AlertKind.POSITION_STALLED, f"entry {entry.leg.reference} is unknown after recovery: {why}",
                key=position.position_id, position_id=position.position_id,
            )  # fmt: skip


def _is_covered(leg: LegState, as_of: datetime | None) -> bool:
    return as_of is None or leg.sent_at < as_of


def _mark_missing(work: Work, orders: list[BrokerOrder], as_of: datetime) -> None:
    """An acknowledged order that complete books do not show is in a state we do not know."""
    shown = {order.permanent_id for order in orders} | {order.reference for order in orders}
    for position in in_order(work.state.positions):
        for leg in position.alive_legs:
            is_shown = leg.permanent_id in shown or leg.leg.reference in shown
            if leg.is_acknowledged and not is_shown and _is_covered(leg, as_of):
                _mark_unknown(work, position, leg, "not in the broker's books")


def _forget_missing(work: Work, orders: list[BrokerOrder]) -> None:
    shown = {order.permanent_id for order in orders}
    for permanent_id in sorted(work.state.stated_orders):
        if permanent_id not in shown:
            forget_external(work, permanent_id)


def _mark_unknown(work: Work, position: Position, leg: LegState, why: str) -> None:
    if leg.status is OrderStatus.UNKNOWN:
        return
    work.record(
        OrderPayload(
            event=OrderEvent.STATUS, order_group_id=leg.order_group_id, intent_id=None, intent_kind=None,
            position_id=position.position_id, client_order_id=leg.leg.reference, role=leg.leg.role,
            permanent_id=leg.permanent_id, status=OrderStatus.UNKNOWN, reason=why,
        )
    )  # fmt: skip


def _open_questions(work: Work) -> list[str]:
    """What complete books leave unknown about our orders, in words. Orders that were never answered are STALLED."""
    questions = []
    for position in in_order(work.state.positions):
        for leg in position.legs:
            if leg.is_alive and leg.status is OrderStatus.UNKNOWN:
                questions.append(f"what became of order {leg.leg.reference} is not known")
            if leg.is_unborne:
                questions.append(
                    f"order {leg.leg.reference} has {decimal_text(leg.filled_reported)} filled, executions say "
                    f"{decimal_text(leg.borne)}"
                )
    return questions
