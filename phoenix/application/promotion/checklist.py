"""The promotion checklist of a strategy against the state as it is now."""

from __future__ import annotations

from phoenix.application.work import Work
from phoenix.domain.policy import Policy
from phoenix.domain.promotion.checklist import (
    CheckItem,
    Checklist,
    CheckName,
    Found,
    PromotionFacts,
    Unread,
    check_promotion,
)
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, Strategy, in_order
from phoenix.domain.vocabulary import PositionState, ReconciliationVerdict, RefusalReason, StrategyMode

_REASONS = {
    CheckName.KILL_FLAGS: RefusalReason.KILL_FLAG,
    CheckName.DRIFT: RefusalReason.UNSETTLED,
    CheckName.STALLED: RefusalReason.UNSETTLED,
}
_REMEDIES = {
    CheckName.KILL_FLAGS: "Let a human lift the flag, then ask for the promotion again",
    CheckName.DRIFT: "Compare the books and resolve the drift, then ask again",
    CheckName.STALLED: "Settle the stalled position, then ask again",
}


def promotion_checklist(state: State, policy: Policy, strategy_id: str) -> Checklist:
    """Every item for one strategy, with what is missing."""
    return check_promotion(promotion_facts(state, strategy_id), policy.promotion)


def promotion_facts(state: State, strategy_id: str) -> PromotionFacts:
    """What the checks of one strategy look at, as it is now."""
    return PromotionFacts(
        flags=tuple(flag.text() for flag in state.flags_for(strategy_id)),
        drifts=_drifts(state),
        stalled=tuple(
            f"position {position.position_id} in {position.terms.pair}"
            for position in in_order(state.positions)
            if position.state is PositionState.STALLED
        ),
        record=state.shadow.get(strategy_id),
    )


def _drifts(state: State) -> Found:
    """What is unresolved between the books. Books that were not compared say nothing, least of all that they agree."""
    books = state.reconciliation
    unresolved = _unresolved(state)
    if unresolved:
        return unresolved
    if not state.session.is_reconciled:
        return Unread(f"the books are not compared ({state.session.detail})")
    if books.verdict is None or books.verdict is ReconciliationVerdict.UNKNOWN:
        return Unread(f"the last comparison came to nothing ({books.detail})")
    return ()


def _unresolved(state: State) -> tuple[str, ...]:
    """What is known to differ, however long ago that was seen."""
    drifts = [f"{drift.detail} in {drift.pair} ({drift.drift_bead_id})" for drift in in_order(state.drifts)]
    strays = [f"{one.quantity} {one.pair} of ended position {one.position_id}" for one in in_order(state.strays)]
    settling = [f"SETTLING {one.key}" for one in in_order(state.reconciliation.suspects)]
    return (*drifts, *strays, *settling)


def require_shadow(state: State, strategy_id: str) -> Strategy:
    """The strategy, if it is registered and in SHADOW. Raises Refused."""
    strategy = state.strategies.get(strategy_id)
    if strategy is None:
        raise Refused(
            RefusalReason.STRATEGY_UNKNOWN, "strategy_id", f"{strategy_id} is not registered", "List the strategies"
        )
    if strategy.mode is not StrategyMode.SHADOW:
        raise Refused(
            RefusalReason.STRATEGY_MODE, "strategy_id", f"{strategy_id} is {strategy.mode.value} already",
            "Nothing is left to promote; a promotion goes one way",
        )  # fmt: skip
    return strategy


def require_promotable(work: Work, strategy_id: str) -> Checklist:
    """The complete checklist. Raises Refused naming every missing item, what is unsafe before what is incomplete."""
    require_shadow(work.state, strategy_id)
    checklist = promotion_checklist(work.state, work.policy, strategy_id)
    if not checklist.is_complete:
        raise _refusal(checklist.missing)
    return checklist


def missing_text(checklist: Checklist) -> str:
    """What is missing, item by item, in one line."""
    return "; ".join(item.text() for item in checklist.missing)


def _refusal(missing: tuple[CheckItem, ...]) -> Refused:
    first = missing[0].name
    return Refused(
        _REASONS.get(first, RefusalReason.EVIDENCE_INCOMPLETE), first.value.lower(),
        "; ".join(item.text() for item in missing),
        _REMEDIES.get(first, "Keep the strategy in SHADOW until the checklist is complete"),
    )  # fmt: skip
