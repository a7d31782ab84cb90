"""What a bead tells, in a trader's words, one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from phoenix.domain.beads import approval, operations, safety, setup
from phoenix.domain.beads import trading as trades
from phoenix.domain.beads.envelope import Bead, Payload
from phoenix.domain.vocabulary import SignerKind
from phoenix.runtime.words import deciding, trading, watching


def words_of(bead: Bead) -> str:
    """What a bead tells, with who signed it where that was no system."""
    who = "" if bead.signer.kind is SignerKind.SYSTEM else f" [{bead.signer.identity}]"
    return f"{told_by(bead.payload)}{who}"


def told_by(payload: Payload) -> str:
    """What a payload tells."""
    return WORDS[type(payload)](payload)


WORDS: Mapping[type[Payload], Callable[[Any], str]] = {
    setup.SignalPayload: deciding.signal,
    setup.AnchorPayload: deciding.anchor,
    setup.IntentPayload: deciding.intent,
    setup.EvidencePayload: deciding.evidence,
    setup.ConflictPayload: deciding.conflict,
    setup.RefusalPayload: deciding.refusal,
    approval.DecisionPayload: deciding.decision,
    approval.TokenPayload: deciding.token,
    trades.OrderPayload: trading.order,
    trades.ExecutionPayload: trading.execution,
    trades.PositionPayload: trading.position,
    trades.AutopsyPayload: trading.autopsy,
    safety.KillFlagPayload: watching.kill_flag,
    safety.DecayPayload: watching.decay,
    safety.AlertPayload: watching.alert,
    safety.DriftPayload: watching.drift,
    safety.ResolutionPayload: watching.resolution,
    safety.ReconciliationRunPayload: watching.comparison,
    operations.StrategyPayload: watching.strategy,
    operations.PerformancePayload: watching.performance,
    operations.PromotionPayload: watching.promotion,
    operations.AccountPayload: watching.account,
    operations.SessionPayload: watching.session,
    operations.HeartbeatPayload: watching.heartbeat,
    operations.ConfigChangePayload: watching.configuration,
    operations.CheckpointPayload: watching.checkpoint,
}
