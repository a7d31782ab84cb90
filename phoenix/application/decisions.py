"""Decisions: each is recorded, answered by what it brings about or by a refusal, and never answered twice."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.application.gate.approval import approve, pass_on, require_human, require_in_time, withdraw
from phoenix.application.gate.facts import Facts
from phoenix.application.settling.adoption import adopt
from phoenix.application.settling.settlement import (
    attest_absent,
    bind,
    cancel_resting,
    number_of,
    optional_number_of,
    resolve_drift,
)
from phoenix.application.signals.proposals import refresh, repropose
from phoenix.application.trading.exits import submit_action
from phoenix.application.trading.holdings import propose_exit, propose_protection
from phoenix.application.trading.submission import submit_entry
from phoenix.application.watch.safety import lift_kill_flag, register_strategy
from phoenix.application.watch.session import ask_for_session
from phoenix.application.work import IssuedToken, Subject, Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.refusals import Refused, as_refused
from phoenix.domain.state import PendingDecision
from phoenix.domain.vocabulary import DecisionKind, RefusalReason, SignerKind

NEED_FRESH_BOOKS = frozenset({DecisionKind.ATTEST_ABSENT, DecisionKind.BIND, DecisionKind.ADOPT})
"""Decisions about what the broker has; it is asked anew before they are answered."""
_FOR_ASSISTANTS = frozenset({DecisionKind.RECOMMEND, DecisionKind.PASS})


def decide(work: Work, decision: DecisionPayload, signer: Signer, facts: Facts, *, submit: bool) -> object:
    """Record a decision and carry it out. What it brought about is returned; a refusal is recorded and raised."""
    if work.find(Key("decision", decision.decision_id)) is not None:
        raise _refuse_known(work, decision)
    work.record(decision, signer=signer)
    return answer(work, PendingDecision(decision, signer, work.now), facts, submit=submit)


def _refuse_known(work: Work, decision: DecisionPayload) -> Refused:
    """The refusal does not name the decision as its own, for that would answer the one that is known."""
    refusal = Refused(
        RefusalReason.CONFLICT, "decision_id", f"decision {decision.decision_id} is known already",
        "Look what became of it; give a new decision an id of its own",
    )  # fmt: skip
    return work.refuse(refusal, Subject("DECISION", decision.subject_id))


def answer(work: Work, pending: PendingDecision, facts: Facts, *, submit: bool) -> object:
    """Carry out a recorded decision. Raises what it was refused with, after recording that."""
    if pending.payload.kind is DecisionKind.RECOMMEND:
        return None
    mark = work.mark()
    try:
        require_in_time(work, pending)
        _require_allowed(pending)
        brought_about = _HANDLERS[pending.payload.kind](work, pending, facts)
    except Refused as refusal:
        raise work.refuse(refusal, _subject(pending)) from refusal
    except InvalidTransition as error:
        work.rewind(mark)
        work.refuse(as_refused(error), _subject(pending))
        raise
    if submit and isinstance(brought_about, IssuedToken):
        submit_approved(work, brought_about.intent_id, brought_about.token_id, brought_about.secret, facts)
    return brought_about


def submit_approved(work: Work, intent_id: str, token_id: str, secret: str, facts: Facts) -> None:
    """Submit what a token was issued for. A refusal is recorded and raised."""
    mark = work.mark()
    try:
        position = work.require_position_of_intent(intent_id)
        if position.action(intent_id) is not None:
            submit_action(work, intent_id, token_id, secret, facts)
        else:
            submit_entry(work, intent_id, token_id, secret, facts)
    except InvalidTransition as error:
        work.rewind(mark)
        raise work.refuse(as_refused(error), Subject("INTENT", intent_id, intent_id=intent_id)) from error
    except Refused as refusal:
        raise work.refuse(refusal, Subject("INTENT", intent_id, intent_id=intent_id)) from refusal


def _subject(pending: PendingDecision) -> Subject:
    decision = pending.payload
    return Subject("DECISION", decision.subject_id, decision_id=decision.decision_id)


def _require_allowed(pending: PendingDecision) -> None:
    kind = pending.payload.kind
    if pending.signer.kind is SignerKind.ASSISTANT and kind not in _FOR_ASSISTANTS:
        raise Refused(
            RefusalReason.NOT_ALLOWED, "signer", f"an assistant may not {kind.value}", "A human decides in the console"
        )


def _close(work: Work, pending: PendingDecision, facts: Facts) -> str:
    require_human(pending.signer)
    decision = pending.payload
    position = work.require_position(decision.subject_id)
    quantity = optional_number_of(decision, "quantity")
    return propose_exit(work, position, quantity, decision.reason or "closed by hand", facts, decision.decision_id)


def _protect(work: Work, pending: PendingDecision, facts: Facts) -> str:
    require_human(pending.signer)
    decision = pending.payload
    return propose_protection(
        work, work.require_position(decision.subject_id), number_of(decision, "stop_price"),
        optional_number_of(decision, "target_price"), decision.reason or "protected by hand", facts,
        decision.decision_id,
    )  # fmt: skip


def _promote(_work: Work, _pending: PendingDecision, _facts: Facts) -> object:
    raise Refused(
        RefusalReason.NOT_ALLOWED, "kind", "the promotion checklist is not configured, and an unconfigured check fails",
        "Keep the strategy in SHADOW",
    )  # fmt: skip


_HANDLERS: dict[DecisionKind, Callable[[Work, PendingDecision, Facts], object]] = {
    DecisionKind.APPROVE: approve,
    DecisionKind.PASS: lambda work, pending, _: pass_on(work, pending),
    DecisionKind.WITHDRAW: lambda work, pending, _: withdraw(work, pending),
    DecisionKind.CANCEL: lambda work, pending, _: cancel_resting(work, pending.payload, pending.signer),
    DecisionKind.CLOSE: _close,
    DecisionKind.PROTECT: _protect,
    DecisionKind.BIND: lambda work, pending, _: bind(work, pending.payload, pending.signer),
    DecisionKind.ATTEST_ABSENT: lambda work, pending, _: attest_absent(work, pending.payload, pending.signer),
    DecisionKind.ADOPT: lambda work, pending, _: adopt(work, pending.payload, pending.signer),
    DecisionKind.RESOLVE: lambda work, pending, _: resolve_drift(work, pending.payload, pending.signer),
    DecisionKind.REFRESH: lambda work, pending, facts: refresh(
        work, pending.payload.subject_id, facts, pending.payload.decision_id
    ),
    DecisionKind.REPROPOSE: lambda work, pending, facts: repropose(
        work, pending.payload.subject_id, facts, pending.payload.decision_id
    ),
    DecisionKind.KILL_LIFT: lambda work, pending, _: lift_kill_flag(
        work, pending.payload.subject_id, pending.payload.reason, pending.signer, pending.payload.decision_id
    ),
    DecisionKind.PROMOTE: _promote,
    DecisionKind.REGISTER_STRATEGY: lambda work, pending, _: register_strategy(work, pending.payload, pending.signer),
    DecisionKind.RECONNECT: lambda work, pending, facts: ask_for_session(work, pending.payload, facts),
}
