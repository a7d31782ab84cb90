"""Decisions: each is recorded, answered by what it brings about or by a refusal, and never answered twice."""

from __future__ import annotations

from collections.abc import Callable

from phoenix.application.alerting.acknowledging import acknowledge, try_channels
from phoenix.application.effects import CompareBooks
from phoenix.application.gate.approval import approve, pass_on, require_human, require_in_time, withdraw
from phoenix.application.gate.facts import Facts
from phoenix.application.promotion.ceremony import (
    approve_promotion,
    find_promotion,
    is_promotion,
    pass_on_promotion,
    propose_promotion,
    submit_promotion,
    withdraw_promotion,
)
from phoenix.application.promotion.performance import import_performance
from phoenix.application.settling.adoption import adopt
from phoenix.application.settling.resolution import resolve_drift
from phoenix.application.settling.settlement import (
    attest_absent,
    bind,
    cancel_resting,
    number_of,
    optional_number_of,
)
from phoenix.application.signals.proposals import refresh, repropose
from phoenix.application.trading.exits import submit_action
from phoenix.application.trading.holdings import propose_exit, propose_protection
from phoenix.application.trading.submission import submit_entry
from phoenix.application.watch.decay import decide_decay
from phoenix.application.watch.safety import lift_kill_flag, register_strategy
from phoenix.application.watch.session import ask_for_session
from phoenix.application.work import IssuedToken, Subject, Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.errors import InvalidTransition
from phoenix.domain.refusals import Refused, as_refused
from phoenix.domain.state import PendingDecision
from phoenix.domain.vocabulary import DecisionKind, ReconciliationTrigger, RefusalReason, SignerKind

BOOKS = "books"
"""The subject of a decision to compare the books."""

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
        if is_promotion(work, intent_id):
            submit_promotion(work, intent_id, token_id, secret)
            return
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


def _approve(work: Work, pending: PendingDecision, facts: Facts) -> object:
    promotion = find_promotion(work, pending.payload.subject_id)
    return approve(work, pending, facts) if promotion is None else approve_promotion(work, pending, promotion)


def _pass(work: Work, pending: PendingDecision, _: Facts) -> None:
    promotion = find_promotion(work, pending.payload.subject_id)
    if promotion is None:
        pass_on(work, pending)
    else:
        pass_on_promotion(work, pending, promotion)


def _withdraw(work: Work, pending: PendingDecision, _: Facts) -> None:
    promotion = find_promotion(work, pending.payload.subject_id)
    if promotion is None:
        withdraw(work, pending)
    else:
        withdraw_promotion(work, pending, promotion)


def _reconcile(work: Work, decision: DecisionPayload) -> None:
    """Have the books compared as soon as that is allowed; the run that answers names the decision."""
    if decision.subject_id != BOOKS:
        raise Refused(
            RefusalReason.NOT_FOUND, "subject_id", f"{decision.subject_id!r} cannot be reconciled",
            f"Name {BOOKS!r}: all of them are compared",
        )  # fmt: skip
    work.then(CompareBooks(ReconciliationTrigger.DEMAND, decision.decision_id))


_HANDLERS: dict[DecisionKind, Callable[[Work, PendingDecision, Facts], object]] = {
    DecisionKind.APPROVE: _approve,
    DecisionKind.PASS: _pass,
    DecisionKind.WITHDRAW: _withdraw,
    DecisionKind.CANCEL: lambda work, pending, _: cancel_resting(work, pending.payload, pending.signer),
    DecisionKind.CLOSE: _close,
    DecisionKind.PROTECT: _protect,
    DecisionKind.BIND: lambda work, pending, _: bind(work, pending.payload, pending.signer),
    DecisionKind.ATTEST_ABSENT: lambda work, pending, _: attest_absent(work, pending.payload, pending.signer),
    DecisionKind.ADOPT: lambda work, pending, _: adopt(work, pending.payload, pending.signer),
    DecisionKind.RECONCILE: lambda work, pending, _: _reconcile(work, pending.payload),
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
    DecisionKind.PROMOTE: lambda work, pending, _: propose_promotion(work, pending),
    DecisionKind.IMPORT_PERFORMANCE: lambda work, pending, _: import_performance(work, pending),
    DecisionKind.DECAY: lambda work, pending, _: decide_decay(work, pending),
    DecisionKind.ACKNOWLEDGE: lambda work, pending, _: acknowledge(work, pending.payload, pending.signer),
    DecisionKind.TEST_ALERTS: lambda work, pending, _: try_channels(work, pending.payload),
    DecisionKind.REGISTER_STRATEGY: lambda work, pending, _: register_strategy(work, pending.payload, pending.signer),
    DecisionKind.RECONNECT: lambda work, pending, facts: ask_for_session(work, pending.payload, facts),
}
