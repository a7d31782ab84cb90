"""The stale gate: does the context an intent was made in still stand? (SPEC 3.2)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.work import Work
from phoenix.domain.anchor import Anchor, Components, Freshness, freshness, is_ahead
from phoenix.domain.beads.setup import ConflictPayload
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason, Regime


@dataclass(frozen=True, slots=True)
class Bound:
    """An anchor that something stands on, and who stands on it."""

    phase: str
    strategy_id: str
    pair: str
    captured_at: datetime
    regime: Regime
    components: Mapping[str, str]
    signal_id: str | None
    intent_id: str | None
    position_id: str | None
    stale_kill_set: bool


def components_of(work: Work, strategy_id: str, anchor: Anchor) -> Components:
    """The four components as they are now, for an anchor of this strategy."""
    return Components(
        strategy_params=anchor.strategy_params,
        market_snapshot=anchor.market_snapshot,
        kill_flags=work.state.concerning(work.state.last_kill_bead, strategy_id),
        decay_alerts=work.state.concerning(work.state.last_decay_bead, strategy_id),
    )


def require_anchor(work: Work, position: Position, phase: str) -> None:
    """Let pass what stands on a fresh, unchanged anchor; otherwise record the conflict and raise Refused."""
    binding = position.binding
    if binding is None or binding.captured_at is None or binding.regime is None:
        raise Refused(
            RefusalReason.STATE_CONFLICT, "state_anchor", "the intent is bound to no anchor", "Refresh the proposal"
        )
    bound = Bound(
        phase, position.strategy_id, position.terms.pair, binding.captured_at, binding.regime, binding.components,
        position.signal_id, position.intent_id, position.position_id, position.stale_kill_set,
    )  # fmt: skip
    require_standing(work, bound, _current(work, position))


def _current(work: Work, position: Position) -> Components | None:
    anchor = work.state.anchors.get((position.strategy_id, position.terms.pair))
    return None if anchor is None else components_of(work, position.strategy_id, anchor)


def require_standing(work: Work, bound: Bound, current: Components | None) -> None:
    """As `require_anchor`, for anything that stands on an anchor. No current anchor at all is a conflict too.

    So is an anchor from the future: it was captured by a clock that went back since, and would never grow old.
    """
    ahead = is_ahead(bound.captured_at, work.policy.clock_skew_s, work.now)
    fresh = freshness(bound.captured_at, bound.regime, work.policy.anchor, work.now)
    changed = ("state_anchor",) if current is None else current.changed(bound.components)
    if not fresh.is_stale and not ahead and not changed:
        return
    flag_id = work.ids.new_id() if fresh.is_beyond_threshold and not bound.stale_kill_set else None
    work.record(
        ConflictPayload(
            phase=bound.phase, intent_id=bound.intent_id, position_id=bound.position_id, signal_id=bound.signal_id,
            strategy_id=bound.strategy_id, pair=bound.pair, changed=changed, age_s=fresh.age_s,
            limit_s=Decimal(fresh.limit_s), stale=fresh.is_stale or ahead, kill_flag_id=flag_id,
        )
    )  # fmt: skip
    if flag_id is not None:
        _stale_kill(work, bound, flag_id)
    detail = _explain(fresh, ahead, changed)
    work.alert(
        AlertKind.STATE_CONFLICT, f"{bound.strategy_id} {bound.pair} at {bound.phase}: {detail}",
        key=bound.intent_id or bound.signal_id or bound.strategy_id, position_id=bound.position_id,
        intent_id=bound.intent_id,
    )  # fmt: skip
    remedy = "Set the clock right, or let it pass that instant; then refresh" if ahead else "Refresh"
    raise Refused(RefusalReason.STATE_CONFLICT, "state_anchor", detail, f"{remedy} the proposal and review it again")


def _stale_kill(work: Work, bound: Bound, flag_id: str) -> None:
    """The temporary kill flag of a badly stale anchor, once per intent."""
    reason = f"the state anchor of {bound.strategy_id} on {bound.pair} was stale at {bound.phase}"
    work.set_kill_flag(
        bound.strategy_id, reason, life_s=work.policy.anchor.stale_kill_s, intent_id=bound.intent_id, flag_id=flag_id
    )


def _explain(fresh: Freshness, ahead: bool, changed: tuple[str, ...]) -> str:
    parts = [f"the anchor is {fresh.age_s} s old, its limit is {fresh.limit_s} s"] if fresh.is_stale else []
    parts += [f"the anchor was captured {-fresh.age_s} s after now"] if ahead else []
    parts += [f"changed since: {', '.join(changed)}"] if changed else []
    return "; ".join(parts)
