"""Wave 4: ways to live trading that leave out a part of the evidence."""

from __future__ import annotations

from dataclasses import replace

from phoenix.application.simulation import run_now
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import STRATEGY, Stage
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, DecisionKind, KillEvent, KillSource, RefusalReason, StrategyMode
from phoenix.rehearsal.performance import month
from phoenix.rehearsal.world import OPERATOR, TRADER

LIVE = AccountPolicy("U0001", AccountMode.LIVE, "USD", allow_live=True)
SESSIONS_NEEDED = 20


@vector("CV_S32_PROMOTION_BYPASS")
def live_without_shadow(stage: Stage) -> None:
    kernel = stage.world.container.kernel()
    kernel.policy = replace(kernel.policy, account=LIVE)
    refusal = stage.signal_refused(RefusalReason.STRATEGY_MODE)
    stage.require("SESSIONS" in refusal.detail, f"the refusal names no missing sessions: {refusal.detail}")
    stage.bead(RefusalPayload, reason=RefusalReason.STRATEGY_MODE)
    stage.require_orders(0)


@vector("CV_S32_PROMOTION_PARTIAL")
def incomplete_evidence(stage: Stage) -> None:
    sessions = stage.luck.seconds(1, SESSIONS_NEEDED - 1)
    _record(stage, sessions)
    refusal = stage.refused(RefusalReason.EVIDENCE_INCOMPLETE, lambda: _ask(stage))
    stage.require("SESSIONS" in refusal.detail, f"the refusal does not list the sessions: {refusal.detail}")
    stage.remark(f"{sessions} of {SESSIONS_NEEDED} sessions")
    stage.bead(RefusalPayload, reason=RefusalReason.EVIDENCE_INCOMPLETE, subject_id=STRATEGY)
    _still_shadow(stage)


@vector("CV_S32_PROMOTION_VETO")
def promotion_under_a_flag(stage: Stage) -> None:
    _record(stage, SESSIONS_NEEDED)
    scope = stage.luck.random.choice((None, STRATEGY))
    flag_id = run_now(stage.world.executor.set_kill_flag(scope, "it decays", KillSource.MANUAL, OPERATOR))
    refusal = stage.refused(RefusalReason.KILL_FLAG, lambda: _ask(stage))
    stage.require(flag_id in refusal.detail, f"the refusal does not cite the flag: {refusal.detail}")
    stage.bead(KillFlagPayload, event=KillEvent.SET, flag_id=flag_id)
    stage.bead(RefusalPayload, reason=RefusalReason.KILL_FLAG)
    _still_shadow(stage)


def _record(stage: Stage, sessions: int) -> None:
    stage.decide(DecisionKind.IMPORT_PERFORMANCE, STRATEGY, detail=month(sessions=sessions))


def _ask(stage: Stage) -> object:
    return stage.decide(DecisionKind.PROMOTE, STRATEGY, signer=TRADER)


def _still_shadow(stage: Stage) -> None:
    mode = stage.world.state.strategies[STRATEGY].mode
    stage.require(mode is StrategyMode.SHADOW, f"the strategy is {mode.value}")
    stage.no_bead(PromotionPayload)
