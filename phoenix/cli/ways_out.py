"""Which commands lead on from an outcome: a refusal names what a person does next, in commands that exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phoenix.domain.errors import PhoenixError
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.ports.errors import BrokerError, ConfigurationError, ExecutorRunning, NotYetKnown, StoreError
from phoenix.runtime.words.ids import short

if TYPE_CHECKING:
    from phoenix.runtime.readings.outcomes import Outcome

_LISTS = {
    "intent_id": "phoenix pending",
    "position_id": "phoenix positions list",
    "signal_id": "phoenix beads list --type SIGNAL",
    "flag_id": "phoenix kill list",
    "alert_id": "phoenix alerts list --open",
    "channel": "phoenix config show",
    "strategy_id": "phoenix strategy list",
    "drift_bead_id": "phoenix drift list",
}
_CHECKS = {
    RefusalReason.KILL_FLAG: "phoenix kill list, then phoenix kill lift FLAG --reason WHY",
    RefusalReason.CONNECTION: "phoenix status, phoenix doctor",
    RefusalReason.ACCOUNT: "phoenix doctor, phoenix account",
    RefusalReason.PACING: "phoenix status",
    RefusalReason.STRATEGY_UNKNOWN: "phoenix strategy list",
    RefusalReason.STRATEGY_MODE: "phoenix strategy list",
    RefusalReason.INSTRUMENT_UNKNOWN: "phoenix config show",
    RefusalReason.UNSETTLED: "phoenix positions list, phoenix pending",
    RefusalReason.LAPSED: "phoenix pending",
}
_PROMOTION = {
    "kill_flags": "phoenix kill list, then phoenix kill lift FLAG --reason WHY",
    "drift": "phoenix reconcile --now, phoenix drift list, then phoenix drift resolve ID --as HOW --reason WHY",
    "stalled": "phoenix positions list, then phoenix positions settle ID",
}
"""By the item of a promotion's checklist that is missing; all others are met by what is recorded in SHADOW."""

_SHOWING: dict[type[PhoenixError], str] = {
    ConfigurationError: "phoenix config check",
    StoreError: "phoenix doctor",
    ExecutorRunning: "phoenix status",
    BrokerError: "phoenix doctor",
    NotYetKnown: "phoenix status",
}
_NAMES_COMMAND = re.compile(r"\bphoenix [a-z]")
_REMEDIES = {
    "Propose the signal again": "phoenix repropose ID, with that of the signal, the intent or the position",
    "Look at the position": "phoenix positions list",
}


_PROPOSING = frozenset({DecisionKind.REPROPOSE, DecisionKind.CLOSE, DecisionKind.PROTECT, DecisionKind.PROMOTE})
_SHOWN_AFTERWARDS = frozenset(
    {DecisionKind.APPROVE, DecisionKind.CANCEL, DecisionKind.BIND, DecisionKind.ATTEST_ABSENT}
)
"""Decisions behind which the position is worth a look."""


def next_steps(outcome: Outcome) -> list[str]:
    """What to do after a decision, at most a line each."""
    if outcome.refusal is not None:
        steps = [f"{outcome.refusal.remedy}."]
        command = _after_refusal(outcome, outcome.refusal)
        return [*steps, f"Command: {command}"] if command else steps
    if outcome.status == "NOT_YET_KNOWN":
        return ["Look before deciding again: phoenix status, phoenix pending. It lapses by itself if nobody acts."]
    command = _after_success(outcome)
    return [] if command is None else [f"Next: {command}"]


def way_out(refusal: Refused) -> str | None:
    """The commands that show what a refusal is about."""
    if refusal.reason is RefusalReason.NOT_FOUND or refusal.reason is RefusalReason.MALFORMED:
        return _LISTS.get(refusal.field)
    return _CHECKS.get(refusal.reason) or _REMEDIES.get(refusal.remedy)


def command_for(error: PhoenixError) -> str | None:
    """As `way_out`, for any error that does not name a command itself: what shows more of what it is about."""
    if isinstance(error, Refused):
        return None if "phoenix " in error.remedy else way_out(error)
    if _NAMES_COMMAND.search(str(error)):
        return None
    return next((command for kind, command in _SHOWING.items() if isinstance(error, kind)), None)


def _after_refusal(outcome: Outcome, refusal: Refused) -> str | None:
    if outcome.kind is DecisionKind.PROMOTE or refusal.remedy == "Ask for a promotion anew":
        return _after_refused_promotion(outcome, refusal)
    subject = short(outcome.subject_id)
    is_intent = outcome.kind in (DecisionKind.APPROVE, DecisionKind.REFRESH)
    if refusal.reason is RefusalReason.STATE_CONFLICT and is_intent:
        return f"phoenix refresh {subject} (simulator: with --now), then phoenix review {subject}"
    if refusal.reason is RefusalReason.STATE_CONFLICT:
        return f"phoenix repropose {outcome.subject_id} (simulator: with --now)"
    if refusal.reason is RefusalReason.STALE_EVIDENCE:
        return f"phoenix review {subject}, then phoenix approve {subject}"
    if refusal.remedy == "Propose the signal again":
        return f"phoenix repropose {subject}"
    if refusal.reason in (RefusalReason.TOKEN, RefusalReason.RISK_LIMIT, RefusalReason.WRONG_STATE) and is_intent:
        return "phoenix pending, phoenix positions list"
    if refusal.reason is RefusalReason.NOT_FOUND and refusal.field not in _LISTS:
        return "phoenix pending, phoenix positions list"
    return way_out(refusal)


def way_to_meet(item: str, strategy_id: str) -> str:
    """The commands that lead to an item of a promotion's checklist."""
    evidence = f"phoenix shadow report {strategy_id}; more of it: phoenix shadow import, phoenix shadow follow"
    return _PROMOTION.get(item.lower(), evidence)


def _after_refused_promotion(outcome: Outcome, refusal: Refused) -> str | None:
    is_strategy = outcome.kind is DecisionKind.PROMOTE
    if refusal.field in _PROMOTION or refusal.reason is RefusalReason.EVIDENCE_INCOMPLETE:
        return way_to_meet(refusal.field, outcome.subject_id if is_strategy else "STRATEGY")
    if refusal.reason is RefusalReason.STRATEGY_MODE:
        return f"phoenix shadow report {outcome.subject_id}"
    return way_out(refusal) if is_strategy else "phoenix strategy list, then phoenix promote STRATEGY"


def _after_success(outcome: Outcome) -> str | None:
    if outcome.promotion is not None:
        return f"phoenix shadow report {outcome.promotion.strategy_id}"
    if outcome.kind is DecisionKind.IMPORT_PERFORMANCE:
        return f"phoenix shadow report {outcome.subject_id}, phoenix promote {outcome.subject_id}"
    if outcome.kind is DecisionKind.DECAY:
        return "phoenix decay list, phoenix kill list"
    if outcome.kind in _PROPOSING:
        shown = short(outcome.intent_id or "")
        return f"phoenix review {shown}, then phoenix approve {shown} or phoenix pass {shown}"
    if outcome.kind is DecisionKind.REFRESH:
        return f"phoenix review {short(outcome.subject_id)}"
    if outcome.position_id is None:
        return None
    position = f"phoenix positions show {short(outcome.position_id)}"
    if outcome.state is PositionState.STALLED:
        return f"{position}, then phoenix positions settle; nothing is sent again"
    if outcome.kind is DecisionKind.ADOPT:
        return f"phoenix positions protect {short(outcome.position_id)} --stop PRICE, or {position}"
    if outcome.kind in _SHOWN_AFTERWARDS:
        return position
    return None
