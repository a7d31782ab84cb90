"""Decay, told by Signalman or whoever takes its place: a DECAY bead, and what the rule makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.watch.safety import set_kill_flag
from phoenix.application.work import Work
from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.beads.safety import DecayPayload
from phoenix.domain.decay import ALL_STRATEGIES, DecayVerdict, require_score, verdict_on
from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import decimal_text, parse_decimal
from phoenix.domain.refusals import Refused
from phoenix.domain.state import PendingDecision
from phoenix.domain.vocabulary import KillSource, RefusalReason

_DETAIL_MAX = 500


def decide_decay(work: Work, pending: PendingDecision) -> None:
    """Take in a decay that another process put on record as a decision. Raises Refused."""
    decision = pending.payload
    detail = decision.detail if isinstance(decision.detail, Mapping) else {}
    strategy_id = None if decision.subject_id == ALL_STRATEGIES else decision.subject_id
    record_decay(
        work, strategy_id, _score_of(detail.get("score")), str(decision.reason or ""), pending.signer,
        decision.decision_id,
    )  # fmt: skip


def _score_of(score: object) -> Decimal:
    try:
        return require_score(parse_decimal(score if isinstance(score, str) else ""))
    except InvalidValue as error:
        raise Refused(RefusalReason.MALFORMED, "score", error.refused, "Give a number from 0 to 1") from error


def record_decay(
    work: Work, strategy_id: str | None, score: Decimal, detail: str, signer: Signer = SYSTEM,
    decision_id: str | None = None,
) -> None:  # fmt: skip
    """Record how far a strategy (or all, without one) has decayed; warn or set a kill flag as the policy says."""
    _require_sound(work, strategy_id, score, detail)
    work.record(DecayPayload(strategy_id, score, detail, decision_id), signer=signer)
    verdict, scope = verdict_on(score, work.policy.decay), strategy_id or "all strategies"
    reason = f"decay of {scope} is {decimal_text(score)}: {detail}"
    if verdict is DecayVerdict.KILL and not _is_flagged(work, strategy_id):
        set_kill_flag(work, strategy_id, reason, KillSource.SIGNALMAN, signer, None)
    elif verdict is DecayVerdict.WARN:
        work.alert(AlertKind.STRATEGY_DECAYS, reason, key=scope)


def _require_sound(work: Work, strategy_id: str | None, score: Decimal, detail: str) -> None:
    if strategy_id is not None and strategy_id not in work.state.strategies:
        raise Refused(
            RefusalReason.STRATEGY_UNKNOWN, "strategy_id", f"{strategy_id} is not registered",
            f"Name a registered strategy, or {ALL_STRATEGIES}",
        )  # fmt: skip
    if not 0 < len(detail.strip()) <= _DETAIL_MAX:
        raise Refused(
            RefusalReason.MALFORMED, "reason", f"a decay says what decays, in at most {_DETAIL_MAX} characters",
            "Say what was measured",
        )  # fmt: skip
    require_score(score)


def _is_flagged(work: Work, strategy_id: str | None) -> bool:
    """Whether Signalman has stopped this very scope already."""
    return any(
        flag.source is KillSource.SIGNALMAN and flag.strategy_id == strategy_id for flag in work.state.flags.values()
    )
