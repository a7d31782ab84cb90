"""Rules of Phoenix, each broken in one place, as a careless change would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

import pytest

from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.translation import requests_of
from phoenix.application import executor as executor_module
from phoenix.application.executor import Executor
from phoenix.application.gate import guards, last_look, tokens
from phoenix.application.promotion import ceremony
from phoenix.application.signals import proposals
from phoenix.domain import lifecycle
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.promotion.checklist import check_promotion
from phoenix.domain.tokens import Presentation, Token, refusal_of
from phoenix.domain.vocabulary import DecisionKind, PositionState, TokenReason
from phoenix.ports.broker import Broker, SendOutcome
from phoenix.rehearsal.world import OPERATOR

Break: TypeAlias = Callable[[pytest.MonkeyPatch], None]


def _nothing(*_: object, **__: object) -> None:
    return None


def kill_guard_off(patch: pytest.MonkeyPatch) -> None:
    for module in (guards, last_look, proposals, ceremony):
        patch.setattr(module, "require_no_kill_flag", _nothing)


def last_look_blind(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(executor_module, "require_last_look", _nothing)


def anchor_guard_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guards, "require_anchor", _nothing)


def limits_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(guards, "first_failure", _nothing)


def strategy_mode_off(patch: pytest.MonkeyPatch) -> None:
    for module in (guards, proposals):
        patch.setattr(module, "require_strategy_mode", _nothing)


def replays_unrecorded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tokens, "_record_attempt", _nothing)


def tokens_for_anything(patch: pytest.MonkeyPatch) -> None:
    """A token opens whatever it is shown for."""

    def lenient(token: Token, shown: Presentation, now: datetime) -> TokenReason | None:
        return refusal_of(token, replace(shown, intent_id=token.intent_id), now)

    patch.setattr(tokens, "refusal_of", lenient)


def claims_unchecked(patch: pytest.MonkeyPatch) -> None:
    async def submit(broker: Broker, plan: OrderPlan, _: object) -> SendOutcome:
        broker._admitted.add(plan.order_group_id)
        return await broker.place(plan)

    patch.setattr(Broker, "submit", submit)


def sends_twice(patch: pytest.MonkeyPatch) -> None:
    place = ChaosMockBroker.place

    async def twice(broker: ChaosMockBroker, plan: OrderPlan) -> SendOutcome:
        outcome = await place(broker, plan)
        again = replace(
            plan, legs=tuple(replace(leg, session_order_id=leg.session_order_id + 500) for leg in plan.legs)
        )
        broker.engine.submit(requests_of(again, 1), broker.engine.now)
        return outcome

    patch.setattr(ChaosMockBroker, "place", twice)


def drift_corrects_itself(patch: pytest.MonkeyPatch) -> None:
    compare = Executor._compare_books

    async def compared(executor: Executor) -> None:
        await compare(executor)
        for drift in list(executor.state.drifts.values()):
            detail = {"resolution": "PHOENIX_CORRECTED"}
            decision = DecisionPayload(
                executor._ids.new_id(), DecisionKind.RESOLVE, drift.drift_bead_id, None, "by itself", detail, {}
            )
            await executor.decide(decision, OPERATOR)

    patch.setattr(Executor, "_compare_books", compared)


def promotion_unchecked(patch: pytest.MonkeyPatch) -> None:
    from phoenix.application.promotion import checklist

    def passed(facts: Any, policy: Any) -> Any:
        found = check_promotion(facts, policy)
        return replace(found, items=tuple(replace(item, passed=True) for item in found.items))

    patch.setattr(checklist, "check_promotion", passed)


def lifecycle_open(patch: pytest.MonkeyPatch) -> None:
    """A state leads wherever a trigger leads from anywhere."""
    targets = {trigger: state for (_, trigger), state in lifecycle.TRANSITIONS.items()}
    table = {(state, trigger): target for state in (None, *PositionState) for trigger, target in targets.items()}
    patch.setattr(lifecycle, "TRANSITIONS", {**table, **lifecycle.TRANSITIONS})
