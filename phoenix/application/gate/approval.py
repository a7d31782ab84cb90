"""The human gate: approving, passing and withdrawing (SPEC 3.5, 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from phoenix.application.gate.facts import Facts
from phoenix.application.gate.guards import require_account, require_account_and_connection, require_entry_allowed
from phoenix.application.gate.tokens import issue, revoke
from phoenix.application.trading.positions import move
from phoenix.application.work import IssuedToken, Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import ActionIntent, ActionStage, Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import PendingDecision
from phoenix.domain.vocabulary import (
    AccountMode,
    OrderEvent,
    PositionState,
    RefusalReason,
    SignerKind,
    TokenReason,
    Trigger,
)

_PROOFS = {
    AccountMode.SIMULATOR: frozenset({"SIMULATED", "TYPED"}),
    AccountMode.PAPER: frozenset[str](),
    AccountMode.LIVE: frozenset[str](),
}
"""The proofs that count, by mode. A passkey's joins them with what verifies it; as a mere word, any program has it."""


def approve(work: Work, pending: PendingDecision, facts: Facts) -> IssuedToken:
    """Mint the token for an intent, if a human approved exactly the evidence that is current and all guards agree."""
    decision = pending.payload
    position = work.require_position_of_intent(decision.subject_id)
    require_human(pending.signer)
    require_proof(work, decision)
    action = position.action(decision.subject_id)
    if action is not None:
        return _approve_action(work, pending, position, action, facts)
    _require_open(position)
    require_current(decision, position.binding.bundle_hash if position.binding else None)
    require_entry_allowed(work, position, facts, "APPROVAL")
    require_account_and_connection(work, position.terms.pair, facts)
    token = issue(
        work, position.intent_id, position, decision.evidence_hash or "", position.token_count,
        pending.signer.identity, decision.decision_id,
    )  # fmt: skip
    if position.state is PositionState.PROPOSED:
        move(work, work.position(position.position_id) or position, Trigger.TOKEN_ISSUED)
    return token


def _approve_action(
    work: Work, pending: PendingDecision, position: Position, action: ActionIntent, facts: Facts
) -> IssuedToken:
    if action.stage not in (ActionStage.PROPOSED, ActionStage.APPROVED):
        raise Refused(
            RefusalReason.WRONG_STATE, "intent_id", f"intent {action.intent_id} is {action.stage.value}",
            "Ask for the exit anew",
        )  # fmt: skip
    require_current(pending.payload, action.bundle_hash)
    _require_sole(position, action)
    require_account(work, facts)
    return issue(
        work, action.intent_id, position, action.bundle_hash or "", action.token_count, pending.signer.identity,
        pending.payload.decision_id,
    )  # fmt: skip


def _require_sole(position: Position, action: ActionIntent) -> None:
    """Something is open, and nothing else that a human approved is under way with it."""
    if position.open_quantity <= ZERO:
        raise wrong_state(position, "holding anything", "Nothing is left to exit or protect")
    other = position.unsettled_action
    if other is not None and other.intent_id != action.intent_id:
        raise Refused(
            RefusalReason.UNSETTLED, "intent_id", f"{other.kind.value} {other.intent_id} is {other.stage.value}",
            "Let it end, or drop it, first",
        )  # fmt: skip


def pass_on(work: Work, pending: PendingDecision) -> None:
    """Say no to a proposal, for good. An assistant may do that too, but for an exit that a human has approved."""
    decision = pending.payload
    position = work.require_position_of_intent(decision.subject_id)
    action = position.action(decision.subject_id)
    if action is not None:
        if action.stage is not ActionStage.PROPOSED:
            require_human(pending.signer)
        end_action(work, pending, position)
        return
    if position.state is not PositionState.PROPOSED:
        raise wrong_state(position, "PROPOSED", "Withdraw an approved intent instead")
    move(
        work, position, Trigger.PASSED, signer=pending.signer, detail=decision.reason, decision_id=decision.decision_id
    )


def withdraw(work: Work, pending: PendingDecision) -> None:
    """Take an approval back before its order was recorded."""
    decision = pending.payload
    require_human(pending.signer)
    position = work.require_position_of_intent(decision.subject_id)
    if position.action(decision.subject_id) is not None:
        end_action(work, pending, position)
        return
    if position.state is not PositionState.APPROVED:
        raise wrong_state(position, "APPROVED", "An order that was sent is cancelled, not withdrawn")
    token = work.state.tokens.get(position.token_id or "")
    if token is None:
        raise wrong_state(position, "APPROVED with a live token", "Wait for the sweeper to expire it")
    revoke(work, token, TokenReason.REVOKED, Trigger.WITHDRAWN, decision.decision_id)


def end_action(work: Work, pending: PendingDecision, position: Position) -> None:
    """Drop an exit or protection that was not sent yet; the position stays as it is."""
    action = position.action(pending.payload.subject_id)
    if action is None or action.stage not in (ActionStage.PROPOSED, ActionStage.APPROVED, ActionStage.CANCELLING):
        raise Refused(
            RefusalReason.WRONG_STATE,
            "intent_id",
            "its order was sent already",
            "Follow it, or attest what became of it",
        )
    token = work.state.tokens.get(action.token_id or "")
    if token is not None:
        revoke(work, token, TokenReason.REVOKED, decision_id=pending.payload.decision_id)
        return
    work.record(
        OrderPayload(
            event=OrderEvent.NOT_SENT, order_group_id="", intent_id=action.intent_id, intent_kind=action.kind,
            position_id=position.position_id, client_order_id=None, role=None, reason="a human dropped it",
            decision_id=pending.payload.decision_id,
        )
    )  # fmt: skip


def require_human(signer: Signer) -> None:
    if signer.kind is not SignerKind.HUMAN or not signer.identity.strip():
        raise Refused(
            RefusalReason.NOT_ALLOWED, "signer", f"{signer.kind.value} {signer.identity!r} may not decide this",
            "A named human has to",
        )  # fmt: skip


def require_in_time(work: Work, pending: PendingDecision) -> None:
    """A decision that is reached too late lapses: what a human decided then may not be what they want now.

    On a clock that went back since, nobody can tell how late it is.
    """
    if work.now - pending.made_at > timedelta(seconds=work.policy.decision_life_s):
        raise Refused(
            RefusalReason.LAPSED, "decision", f"made more than {work.policy.decision_life_s} s ago, nothing was done",
            "Decide again",
        )  # fmt: skip
    if pending.made_at - work.now > timedelta(seconds=work.policy.clock_skew_s):
        raise Refused(
            RefusalReason.LAPSED, "decision",
            f"made at {instant_text(pending.made_at)}, which is later than now, {instant_text(work.now)}: when it was "
            "made cannot be told, nothing was done", "Set the clock right, then decide again",
        )  # fmt: skip


def require_proof(work: Work, decision: DecisionPayload) -> None:
    """The decision is proven to be a human's, as this account's mode demands. Raises Refused."""
    kind = decision.proof.get("kind") if isinstance(decision.proof, Mapping) else None
    mode = work.policy.account.mode
    if kind not in _PROOFS[mode]:
        raise Refused(
            RefusalReason.PROOF_MISSING, "proof", f"{kind} proves no human on a {mode.value} account",
            "Approve with a passkey in the web console",
        )  # fmt: skip


def _require_open(position: Position) -> None:
    if position.state not in (PositionState.PROPOSED, PositionState.APPROVED):
        raise wrong_state(position, "PROPOSED", "Propose the signal again")
    if position.order_group_id is not None:
        raise wrong_state(position, "without an order", "An intent has one order attempt")


def require_current(decision: DecisionPayload, bundle_hash: str | None) -> None:
    """The decision names the evidence that is current. Raises Refused."""
    if bundle_hash is None or decision.evidence_hash != bundle_hash:
        raise Refused(
            RefusalReason.STALE_EVIDENCE, "evidence_hash",
            f"the approval covers {decision.evidence_hash}, current is {bundle_hash}", "Review the current evidence",
        )  # fmt: skip


def wrong_state(position: Position, wanted: str, remedy: str) -> Refused:
    state = position.state.value if position.state else "none"
    return Refused(
        RefusalReason.WRONG_STATE, "position", f"position {position.position_id} is {state}, not {wanted}", remedy
    )
