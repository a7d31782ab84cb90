"""What only a human can settle: cancels of resting entries, unknown outcomes (SPEC 3.6, 3.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.gate.approval import require_human, wrong_state
from phoenix.application.trading.executions import apply_parked
from phoenix.application.trading.exits import continue_if_ready, request_cancel
from phoenix.application.trading.positions import move, progress
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import PROTECTIVE, LegState, Position
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import (
    LegRole,
    OrderEvent,
    OrderStatus,
    PositionState,
    RefusalReason,
    Trigger,
)

_ENDED = frozenset(state for state in PositionState if state.is_terminal)
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,10})?", re.ASCII)


def cancel_resting(work: Work, decision: DecisionPayload, signer: Signer) -> None:
    """Ask the broker to cancel what is left of an entry or exit, or else the orders of a position that has ended.

    An operator's act: it needs no token, for it opens nothing, and takes no protection from a position that lives.
    """
    require_human(signer)
    position = work.require_position(decision.subject_id)
    is_left_over = position.open_quantity <= ZERO or (position.state is not None and position.state.is_terminal)
    orphans = position.alive_legs if is_left_over else ()
    resting = [leg for leg in position.alive_legs if leg.leg.role not in PROTECTIVE] or orphans
    if not resting:
        raise wrong_state(position, "resting at the broker", "Close what is open instead")
    for leg in resting:
        request_cancel(work, position, leg, None, decision.decision_id)


def bind(work: Work, decision: DecisionPayload, signer: Signer) -> None:
    """Tell Phoenix under which permanent id the broker knows an order whose outcome is unknown."""
    require_human(signer)
    position = work.require_position(decision.subject_id)
    leg = _unanswered(position)
    permanent_id = text_of(decision, "permanent_id")
    if leg.permanent_id is not None:
        raise Refused(
            RefusalReason.CONFLICT, "permanent_id", f"the broker has named the order {leg.permanent_id} already",
            "Read the books, then attest that it is absent",
        )  # fmt: skip
    taken = work.find(Key("permanent_id", permanent_id))
    if taken is not None:
        raise Refused(
            RefusalReason.CONFLICT,
            "permanent_id",
            f"{permanent_id} belongs to another order",
            "Look it up at the broker",
        )
    _record(work, position, leg, OrderEvent.BOUND, decision, permanent_id)
    position = work.require_position(position.position_id)
    if position.state is PositionState.STALLED and leg.leg.role is LegRole.ENTRY:
        move(work, position, Trigger.BROKER_ACKNOWLEDGED, signer=signer, decision_id=decision.decision_id)
    apply_parked(work, leg.leg.reference, permanent_id)


def attest_absent(work: Work, decision: DecisionPayload, signer: Signer) -> None:
    """Take a human's word that the broker has no such order, or no such fill as it stated.

    Only against complete books newer than the send, or the statement.
    """
    require_human(signer)
    position = work.require_position(decision.subject_id)
    leg = position.leg_in_question or _unanswered(position)
    if position.state is PositionState.SUBMITTED:
        raise wrong_state(position, "STALLED", "Wait: only silence stalls an order")
    read_at = work.state.session.books_read_at
    if read_at is None or read_at <= _in_question_since(position, leg):
        raise Refused(
            RefusalReason.UNKNOWN_OUTCOME, "position_id", "the broker's books were not read completely since the send",
            "Read the books first",
        )  # fmt: skip
    give_up(work, position, leg, decision, signer)


def give_up(work: Work, position: Position, leg: LegState, decision: DecisionPayload, signer: Signer) -> None:
    """Treat an order as absent at the broker, on a human's word. One that was answered before is first called unknown.

    An entry that nothing was ever filled of ends its position, by way of STALLED.
    """
    if not leg.is_unanswered and not leg.is_unborne:
        _record(work, position, leg, OrderEvent.STATUS, decision, leg.permanent_id, OrderStatus.UNKNOWN)
        position, leg = _again(work, position, leg)
    if position.state is PositionState.SUBMITTED and leg.leg.role is LegRole.ENTRY and leg.executed == ZERO:
        move(work, position, Trigger.RECOVERY_INCONCLUSIVE, detail=decision.reason)
        work.alert(
            AlertKind.POSITION_STALLED, f"entry {leg.leg.reference} is not in the broker's books",
            key=position.position_id, position_id=position.position_id,
        )  # fmt: skip
    _record(work, position, leg, OrderEvent.ABSENT, decision, None)
    position = work.require_position(position.position_id)
    if leg.leg.role is LegRole.ENTRY and not _is_lost_rest(leg) and position.state not in _ENDED:
        move(
            work, position, Trigger.ATTESTED_ABSENT, signer=signer, detail=decision.reason,
            decision_id=decision.decision_id,
        )  # fmt: skip
    else:
        continue_if_ready(work, progress(work, position))


def _again(work: Work, position: Position, leg: LegState) -> tuple[Position, LegState]:
    position = work.require_position(position.position_id)
    return position, position.leg_by_reference(leg.leg.reference) or leg


def _is_lost_rest(leg: LegState) -> bool:
    """Whether an order executed in part: what books lack, or no execution bears out, is only the rest of it."""
    return leg.executed > ZERO and (leg.status is OrderStatus.UNKNOWN or leg.is_unborne)


def text_of(decision: DecisionPayload, name: str) -> str:
    """A text that the kind of decision requires. Raises Refused when it is not there."""
    value = decision.detail.get(name) if isinstance(decision.detail, Mapping) else None
    if not isinstance(value, str) or not value.strip():
        raise Refused(RefusalReason.MALFORMED, name, f"{decision.kind.value} needs it", f"Give {name}")
    return value


def number_of(decision: DecisionPayload, name: str) -> Decimal:
    """A number that the kind of decision requires. Raises Refused when it is missing or none."""
    text = text_of(decision, name)
    if not _NUMBER.fullmatch(text) or Decimal(text) == ZERO:
        raise Refused(RefusalReason.MALFORMED, name, f"{text!r} is not a number above zero", "Write it like 1.25")
    return Decimal(text)


def optional_number_of(decision: DecisionPayload, name: str) -> Decimal | None:
    """As `number_of`, where absence means that no such number was decided."""
    detail = decision.detail
    if not isinstance(detail, Mapping) or detail.get(name) is None:
        return None
    return number_of(decision, name)


def _in_question_since(position: Position, leg: LegState) -> datetime:
    return position.unborne_since if leg.is_unborne and position.unborne_since is not None else leg.sent_at


def _unanswered(position: Position) -> LegState:
    """The order of a position that the broker never spoke of, entry first."""
    legs = [leg for leg in position.alive_legs if leg.is_unanswered]
    if not legs:
        raise wrong_state(position, "waiting for a word about an order", "Look at its orders")
    return legs[0]


def _record(
    work: Work, position: Position, leg: LegState, event: OrderEvent, decision: DecisionPayload,
    permanent_id: str | None, status: OrderStatus | None = None,
) -> None:  # fmt: skip
    is_group = event is OrderEvent.ABSENT
    work.record(
        OrderPayload(
            event=event, order_group_id=leg.order_group_id, intent_id=leg.intent_id, intent_kind=None,
            position_id=position.position_id, client_order_id=None if is_group else leg.leg.reference,
            role=None if is_group else leg.leg.role, permanent_id=permanent_id, status=status,
            reason=decision.reason,
            decision_id=decision.decision_id,
        )
    )  # fmt: skip
