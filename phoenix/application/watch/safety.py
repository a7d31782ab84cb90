"""Kill flags and strategies: what stops entries, and who may lift it (SPEC 3.3)."""

from __future__ import annotations

from datetime import datetime

from phoenix.application.alerts import AlertKind
from phoenix.application.gate.tokens import revoke
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.operations import StrategyPayload
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.kill import KillFlag, check_kill_flag
from phoenix.domain.position import LegState, Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import in_order
from phoenix.domain.strategy_name import NAME_RULE, is_strategy_name
from phoenix.domain.vocabulary import (
    IntentKind,
    KillEvent,
    KillSource,
    LegRole,
    RefusalReason,
    SignerKind,
    StrategyMode,
    TokenReason,
)

_BLOCKED = frozenset({IntentKind.ENTRY, IntentKind.PROMOTE})
"""What a kill flag stops; exits and protection never."""


def set_kill_flag(
    work: Work, strategy_id: str | None, reason: str, source: KillSource, signer: Signer, expires_at: datetime | None
) -> str:
    """Set a flag; it binds everything after it, and ends the unclaimed tokens in its scope. Needs no approval."""
    check_kill_flag(strategy_id, reason, expires_at, work.now)
    flag_id = work.ids.new_id()
    work.record(
        KillFlagPayload(
            flag_id=flag_id, event=KillEvent.SET, strategy_id=strategy_id, source=source, reason=reason,
            expires_at=expires_at,
        ),
        signer=signer,
    )  # fmt: skip
    _announce(work, flag_id, strategy_id, reason)
    return flag_id


def announce_kill_flags(work: Work) -> None:
    """Alert to every flag that another process set, once. The core's own come with an alert of what they are for."""
    for flag in in_order(work.state.flags):
        if flag.awaits_announcement:
            _announce(work, flag.flag_id, flag.strategy_id, flag.reason)


def _announce(work: Work, flag_id: str, strategy_id: str | None, reason: str) -> None:
    scope = strategy_id or "all strategies"
    work.alert(AlertKind.KILL_FLAG_SET, f"entries of {scope} are blocked: {reason}", key=flag_id)


def revoke_blocked_tokens(work: Work) -> None:
    """End every unclaimed token of an entry or a promotion in the scope of an active flag, whoever set it."""
    for token in in_order(work.state.tokens):
        blocked = token.strategy_id is not None and work.state.flags_for(token.strategy_id)
        if token.kind in _BLOCKED and blocked:
            revoke(work, token, TokenReason.KILL_FLAG)


def lift_kill_flag(work: Work, flag_id: str, reason: str | None, signer: Signer, decision_id: str) -> None:
    """Lift a flag. Only a named human with a reason may."""
    if signer.kind is not SignerKind.HUMAN or not signer.identity.strip():
        raise Refused(RefusalReason.NOT_ALLOWED, "signer", "only a named human lifts a kill flag", "Ask an operator")
    if reason is None or not reason.strip():
        raise Refused(RefusalReason.MALFORMED, "reason", "lifting a kill flag takes a reason", "Say why it is safe now")
    flag = work.state.flags.get(flag_id)
    if flag is None:
        raise _unknown_flag(work, flag_id)
    _end(work, flag, KillEvent.LIFTED, reason, signer, decision_id)


def expire_kill_flag(work: Work, flag: KillFlag) -> None:
    """Record that a temporary flag ran out; until this bead it is active."""
    _end(work, flag, KillEvent.EXPIRED, "its time is over", None, None)


def _end(
    work: Work, flag: KillFlag, event: KillEvent, reason: str, signer: Signer | None, decision_id: str | None
) -> None:
    payload = KillFlagPayload(
        flag_id=flag.flag_id, event=event, strategy_id=flag.strategy_id, source=flag.source, reason=reason,
        expires_at=flag.expires_at, decision_id=decision_id,
    )  # fmt: skip
    if signer is None:
        work.record(payload)
    else:
        work.record(payload, signer=signer)


def _unknown_flag(work: Work, flag_id: str) -> Refused:
    ended = work.find(Key("flag_end", flag_id)) is not None
    detail = f"kill flag {flag_id} is no longer active" if ended else f"no kill flag {flag_id} is known"
    return Refused(RefusalReason.NOT_FOUND, "flag_id", detail, "List the active kill flags")


def resting_entries(work: Work) -> list[tuple[Position, LegState]]:
    """The entry orders that may still fill: what a human may want to cancel after a halt."""
    return [
        (position, leg)
        for position in in_order(work.state.positions)
        for leg in position.alive_legs
        if leg.leg.role is LegRole.ENTRY
    ]


def register_strategy(work: Work, decision: DecisionPayload, signer: Signer) -> None:
    """Make a strategy known, in mode SHADOW. Raises Refused when it is known already, or no signal could name it."""
    strategy_id = decision.subject_id
    if not is_strategy_name(strategy_id):
        raise Refused(
            RefusalReason.MALFORMED, "strategy_id", f"it is not {NAME_RULE}", "Use a name that a signal can bear"
        )  # fmt: skip
    if strategy_id in work.state.strategies:
        raise Refused(RefusalReason.CONFLICT, "strategy_id", f"{strategy_id} is registered already", "Use another name")
    payload = StrategyPayload(
        strategy_id, StrategyMode.SHADOW, decision.reason or "", decision_id=decision.decision_id
    )  # fmt: skip
    work.record(payload, signer=signer)
