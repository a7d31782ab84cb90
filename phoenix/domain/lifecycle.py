"""The position lifecycle: every move there is (SPEC 3.6). Whatever is not in the table does not happen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from phoenix.domain.errors import InvalidTransition
from phoenix.domain.vocabulary import PositionState as S
from phoenix.domain.vocabulary import Trigger as T

TRANSITIONS: Mapping[tuple[S | None, T], S] = MappingProxyType(
    {
        (None, T.INTENT_ACCEPTED): S.PROPOSED,
        (None, T.ORDER_ADOPTED): S.SUBMITTED,
        (None, T.HOLDING_ADOPTED): S.FILLED,
        (S.PROPOSED, T.TOKEN_ISSUED): S.APPROVED,
        (S.PROPOSED, T.PASSED): S.CANCELLED,
        (S.PROPOSED, T.SESSION_ENDED): S.CANCELLED,
        (S.APPROVED, T.ATTEMPT_RECORDED): S.SUBMITTED,
        (S.APPROVED, T.TOKEN_ENDED): S.EXPIRED,
        (S.APPROVED, T.WITHDRAWN): S.EXPIRED,
        (S.SUBMITTED, T.EXECUTION): S.FILLED,
        (S.SUBMITTED, T.BROKER_REJECTED): S.REJECTED,
        (S.SUBMITTED, T.BROKER_CANCELLED): S.CANCELLED,
        (S.SUBMITTED, T.NOT_SENT): S.CANCELLED,
        (S.SUBMITTED, T.SILENCE): S.STALLED,
        (S.SUBMITTED, T.RECOVERY_INCONCLUSIVE): S.STALLED,
        (S.STALLED, T.EXECUTION): S.FILLED,
        (S.STALLED, T.BROKER_ACKNOWLEDGED): S.SUBMITTED,
        (S.STALLED, T.BROKER_REJECTED): S.REJECTED,
        (S.STALLED, T.BROKER_CANCELLED): S.CANCELLED,
        (S.STALLED, T.ATTESTED_ABSENT): S.CANCELLED,
        (S.FILLED, T.PROTECTION_EXACT): S.MANAGED,
        (S.FILLED, T.EXIT_COMPLETED): S.CLOSED,
        (S.MANAGED, T.EXIT_COMPLETED): S.CLOSED,
    }
)


def transition(state: S | None, trigger: T) -> S:
    """The state that `trigger` leads to. Raises InvalidTransition; nothing may then be changed."""
    target = TRANSITIONS.get((state, trigger))
    if target is None:
        raise InvalidTransition(
            f"a position in state {state.value if state else 'none'} does not move on {trigger.value}; "
            "nothing was changed. See the lifecycle table for what it can do"
        )
    return target
