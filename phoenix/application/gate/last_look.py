"""The last look: what may have changed between the commit and the send (SPEC 3.7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from phoenix.application.effects import SendOrder
from phoenix.application.gate.guards import require_fresh_data, require_no_kill_flag, require_no_reset
from phoenix.domain.instants import instant_text
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.policy import Policy
from phoenix.domain.position import LegState
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.vocabulary import IntentKind, OrderStatus, RefusalReason
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Session


def require_last_look(
    state: State, policy: Policy, effect: SendOrder, session: Answer[Session], now: datetime,
    reset_until: datetime | None = None,
) -> None:  # fmt: skip
    """Raises Refused when the order must not go out after all. Exits are stopped by no kill flag, no stale price and no
    nightly reset of a broker that can be reached."""
    if effect.kind is IntentKind.ENTRY:
        require_no_kill_flag(state, effect.strategy_id)
        require_no_reset(reset_until)
    _require_session(state, policy, effect, session)
    legs = _legs(state, effect.plan)
    _require_untouched(legs)
    _require_prompt(legs[0].sent_at, policy.send_within_s, now)


def _require_session(state: State, policy: Policy, effect: SendOrder, session: Answer[Session]) -> None:
    if isinstance(session, Unknown):
        raise Refused(RefusalReason.CONNECTION, "session", session.reason, "Connect, then approve anew")
    if effect.kind is IntentKind.ENTRY and not state.session.is_reconciled:
        raise Refused(RefusalReason.CONNECTION, "session", state.session.detail, "Wait for complete recovery reads")
    if effect.kind is IntentKind.ENTRY:
        require_fresh_data(state)
    if session.value.account != policy.account.account or session.value.mode is not policy.account.mode:
        raise Refused(
            RefusalReason.ACCOUNT, "account", f"the session is on {session.value.account}",
            "Connect to the configured account",
        )  # fmt: skip


def _legs(state: State, plan: OrderPlan) -> Sequence[LegState]:
    """The prepared orders as they stand now."""
    reference = plan.legs[0].reference
    position = state.positions.get(state.position_of_reference.get(reference, ""))
    legs = () if position is None else tuple(leg for leg in position.legs if leg.order_group_id == plan.order_group_id)
    if not legs:
        raise Refused(
            RefusalReason.WRONG_STATE, "position", f"the position of {reference} has ended", "Look at its history"
        )
    return legs


def _require_untouched(legs: Sequence[LegState]) -> None:
    """An order that was given up, is to be cancelled or is at the broker already is not the one that was prepared."""
    for leg in legs:
        is_wanted = not leg.is_void and leg.cancel_requested_at is None
        if not is_wanted or leg.is_acknowledged or leg.status is not OrderStatus.PENDING:
            raise Refused(
                RefusalReason.WRONG_STATE, "order", f"{leg.leg.reference} is no longer waiting to be sent",
                "Look at its history, then approve anew",
            )  # fmt: skip


def _require_prompt(prepared_at: datetime, send_within_s: int, now: datetime) -> None:
    """An order belongs to its moment: long after it, or on a clock that went back, nobody has approved it."""
    if not timedelta(0) <= now - prepared_at <= timedelta(seconds=send_within_s):
        raise Refused(
            RefusalReason.LAPSED, "clock",
            f"prepared at {instant_text(prepared_at)}, and it is {instant_text(now)}; it had {send_within_s} s",
            "Approve anew",
        )  # fmt: skip
