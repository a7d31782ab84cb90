"""Wave 4: what the lifecycle, a kill flag and a stale context stand in the way of."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import STRATEGY, Stage
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.safety import AlertPayload, KillFlagPayload
from phoenix.domain.beads.setup import ConflictPayload, RefusalPayload
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.lifecycle import transition
from phoenix.domain.vocabulary import (
    DecisionKind,
    KillEvent,
    KillSource,
    PositionState,
    RefusalReason,
    TokenEvent,
    TokenReason,
    Trigger,
)
from phoenix.rehearsal.world import OPERATOR

STALE_AFTER = (16, 31)
FLAG_LIFE = timedelta(minutes=5)


@vector("CV_S32_LIFECYCLE_INVALID")
def closing_a_proposal(stage: Stage) -> None:
    entry = stage.propose()
    before = len(stage.world.beads)
    stage.stopped(InvalidTransition, lambda: transition(PositionState.PROPOSED, Trigger.EXIT_COMPLETED))
    stage.refused(RefusalReason.WRONG_STATE, lambda: stage.decide(DecisionKind.CLOSE, entry.position_id))
    stage.bead(RefusalPayload, reason=RefusalReason.WRONG_STATE)
    stage.require_state(entry, PositionState.PROPOSED)
    kinds = {bead.payload.bead_type.value for bead in stage.world.beads[before:]}
    stage.require(kinds <= {"DECISION", "REFUSAL"}, f"closing a proposal wrote {sorted(kinds)}")


@vector("CV_S32_KILL_ENTRY_ATTEMPT")
def order_under_a_flag(stage: Stage) -> None:
    scope = stage.luck.random.choice((None, STRATEGY))
    entry = stage.approved()
    run_now(stage.world.executor.set_kill_flag(scope, "spreads blew out", KillSource.MANUAL, OPERATOR))
    stage.remark("a global flag" if scope is None else "a flag on the strategy")
    stage.refused(RefusalReason.KILL_FLAG, lambda: stage.show(entry.shown, entry.intent_id))
    stage.bead(KillFlagPayload, event=KillEvent.SET)
    stage.bead(TokenPayload, event=TokenEvent.REJECTED, reason=TokenReason.KILL_FLAG, token_id=entry.shown.token_id)
    stage.signal_refused(RefusalReason.KILL_FLAG)
    stage.require_orders(0)


@vector("CV_S32_STALE_APPROVAL")
def stale_approval(stage: Stage) -> None:
    for minutes in STALE_AFTER:
        entry = stage.approved()
        stage.world.wait(minutes * 60)
        stage.refused(RefusalReason.STATE_CONFLICT, partial(stage.show, entry.shown, entry.intent_id))
        conflict = stage.bead(ConflictPayload, intent_id=entry.intent_id, stale=True, count=1)
        flag = stage.bead(KillFlagPayload, event=KillEvent.SET, strategy_id=STRATEGY, intent_id=entry.intent_id)
        stage.require(conflict.kill_flag_id == flag.flag_id, "the conflict names another flag")
        stage.require(flag.expires_at == stage.world.now + FLAG_LIFE, f"the flag expires at {flag.expires_at}")
        stage.bead(AlertPayload, kind="STATE_CONFLICT", intent_id=entry.intent_id)
        stage.remark(f"after {minutes} min")
        stage.world.wait(FLAG_LIFE.total_seconds() + 1)
    stage.require_orders(0)
