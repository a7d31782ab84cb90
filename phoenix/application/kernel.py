"""The kernel: one pure step from state and input to beads and effects (SPEC 11.1).

Timers need no setting: what falls due is derived from the state (`phoenix.domain.timers`). A refusal is an outcome
like any other; its beads are kept, and the caller gets it as an error once they are durable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from phoenix.application.alerting.recording import give_up_removed, record_receipts
from phoenix.application.alerts import AlertKind
from phoenix.application.decisions import answer, decide, submit_approved
from phoenix.application.effects import Effect
from phoenix.application.gate.contracts import on_contracts_read
from phoenix.application.gate.guards import require_instrument, require_strategy_mode
from phoenix.application.inputs import (
    AlertsDelivered,
    AutopsyDone,
    AutopsyFailed,
    BooksCompared,
    BooksRead,
    BrokerSaid,
    CancelUnknown,
    CatchUp,
    ConfigurationLoaded,
    Connected,
    ConnectFailed,
    ConnectRefused,
    ContractsRead,
    DecayRead,
    Decide,
    EventUnstorable,
    HeartBeaten,
    IngestSignal,
    Input,
    NotSent,
    RefuseDocument,
    RegisterAnchor,
    SendUnknown,
    SessionClosed,
    SessionFollowed,
    SetKillFlag,
    ShadowForgotten,
    ShadowRefused,
    Submit,
    TimePassed,
    WorkerEnded,
    WorkerLate,
)
from phoenix.application.promotion.performance import record_session, refuse_shadow
from phoenix.application.settling.recovery import on_books_read
from phoenix.application.signals.intake import ingest, process, process_stored, refuse_document
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.signals.proposals import register_anchor
from phoenix.application.trading.broker_events import on_broker_events, on_unstorable_event
from phoenix.application.trading.submission import record_not_sent
from phoenix.application.watch.autopsies import record_autopsy, record_failed_autopsy
from phoenix.application.watch.decay import record_decay
from phoenix.application.watch.findings import on_compared
from phoenix.application.watch.pulse import on_beat, on_worker_died, on_worker_late
from phoenix.application.watch.safety import announce_kill_flags, revoke_blocked_tokens, set_kill_flag
from phoenix.application.watch.session import on_closed, on_connect_failed, on_connected, on_refused
from phoenix.application.watch.timers import on_time
from phoenix.application.work import IssuedToken, Subject, Work
from phoenix.domain.beads.operations import ConfigChangePayload
from phoenix.domain.encoding import content_hash
from phoenix.domain.errors import DomainError
from phoenix.domain.policy import Policy
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.ids import IdSource
from phoenix.ports.store import FoldedProposal, View


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a step brought about, or what it was refused with; the effects to carry out, and the secrets to keep."""

    reply: object
    error: DomainError | None
    effects: tuple[Effect, ...]
    issued: tuple[IssuedToken, ...]


class Kernel:
    """All rules under one configuration. Holds nothing but that configuration."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def step(self, view: View[State], input_: Input, now: datetime, ids: IdSource) -> FoldedProposal[Outcome, State]:
        """Decide what an input brings about. Pure: the same arguments give the same beads and effects."""
        work = Work(self.policy, view, now, ids)
        reply: object = None
        error: DomainError | None = None
        if not isinstance(input_, ConfigurationLoaded):
            announce_kill_flags(work)
        try:
            reply = _HANDLERS[type(input_)](work, input_)
        except DomainError as refusal:
            error = refusal
        revoke_blocked_tokens(work)
        outcome = Outcome(reply, error, tuple(work.effects), tuple(work.issued))
        return FoldedProposal(work.beads, outcome, work.state)


def _ingest(work: Work, input_: IngestSignal) -> SignalOutcome:
    outcome = ingest(work, input_.signal, input_.signer)
    if outcome.refusal is not None or outcome.signal_id not in work.state.inbox:
        return outcome
    return process(work, input_.signal, input_.facts)


def _refuse_document(work: Work, input_: RefuseDocument) -> SignalOutcome:
    refusal = refuse_document(work, input_.refusal, input_.document_hash, None)
    return SignalOutcome("", refusal=refusal)


def _decide(work: Work, input_: Decide) -> object:
    return decide(work, input_.decision, input_.signer, input_.facts, submit=input_.submit)


def _submit(work: Work, input_: Submit) -> None:
    submit_approved(work, input_.intent_id, input_.token_id, input_.secret, input_.facts)


def _catch_up(work: Work, input_: CatchUp) -> list[object]:
    """Signals first, then decisions, each on its own: one refusal does not hold up the next."""
    signals = [payload for payload in in_order(work.state.inbox) if payload.signal_id in input_.signals]
    replies: list[object] = [process_stored(work, payload, input_.facts) for payload in signals]
    decisions = [pending for key, pending in work.state.decisions.items() if key in input_.decisions]
    for pending in sorted(decisions, key=lambda p: (p.made_at, p.payload.decision_id)):
        try:
            replies.append(answer(work, pending, input_.facts, submit=input_.submit))
        except DomainError as refusal:
            replies.append(refusal)
    return replies


def _set_kill_flag(work: Work, input_: SetKillFlag) -> str:
    try:
        return set_kill_flag(work, input_.strategy_id, input_.reason, input_.source, input_.signer, input_.expires_at)
    except Refused as refusal:
        raise work.refuse(refusal, Subject("KILL_FLAG", input_.strategy_id or "global")) from refusal


def _register_anchor(work: Work, input_: RegisterAnchor) -> None:
    try:
        require_strategy_mode(work, input_.strategy_id)
        require_instrument(work, input_.pair)
        register_anchor(work, input_.strategy_id, input_.pair, input_.anchor, "REFRESH", None, signer=input_.signer)
    except Refused as refusal:
        raise work.refuse(refusal, Subject("ANCHOR", f"{input_.strategy_id}/{input_.pair}")) from refusal


def _configuration(work: Work, input_: ConfigurationLoaded) -> None:
    """An executor's first bead says that it is there; only behind it may it be held to what fell due meanwhile."""
    work.record(ConfigChangePayload(content_hash(input_.settings), input_.settings))
    give_up_removed(work)
    announce_kill_flags(work)


def _send_unknown(work: Work, input_: SendUnknown) -> None:
    """The order may or may not have left. The silence timer goes on running; nothing is sent again."""
    reference = input_.plan.legs[0].reference
    work.alert(
        AlertKind.SEND_UNKNOWN, f"whether {reference} was sent is not known: {input_.reason}", key=reference,
        position_id=work.state.position_of_reference.get(reference),
    )  # fmt: skip


def _cancel_unknown(work: Work, input_: CancelUnknown) -> None:
    """The order may go on working. Nothing is asked again; whoever waits for its end goes on waiting."""
    reference = input_.effect.reference
    work.alert(
        AlertKind.CANCEL_UNKNOWN, f"whether the cancel of {reference} arrived is not known: {input_.reason}",
        key=reference, position_id=work.state.position_of_reference.get(reference),
    )  # fmt: skip


def _shadow_forgotten(work: Work, input_: ShadowForgotten) -> None:
    work.alert(AlertKind.SHADOW_FORGOTTEN, input_.detail, key="shadow")


def _decay_read(work: Work, input_: DecayRead) -> None:
    reading = input_.reading
    try:
        record_decay(work, reading.strategy_id, reading.score, reading.detail)
    except DomainError as error:
        detail = Refused(RefusalReason.MALFORMED, "decay", str(error), "Correct what reads the decay")
        raise work.refuse(detail, Subject("DECAY", reading.strategy_id or "ALL")) from error


_HANDLERS: dict[type, Callable[[Work, Any], object]] = {
    IngestSignal: _ingest,
    RefuseDocument: _refuse_document,
    Decide: _decide,
    Submit: _submit,
    CatchUp: _catch_up,
    SetKillFlag: _set_kill_flag,
    RegisterAnchor: _register_anchor,
    ConfigurationLoaded: _configuration,
    Connected: lambda work, input_: on_connected(work, input_.session, input_.decision_id),
    ConnectFailed: lambda work, input_: on_connect_failed(work, input_.reason, input_.decision_id, input_.reset_until),
    ConnectRefused: lambda work, input_: on_refused(work, input_.reason, input_.decision_id),
    SessionClosed: lambda work, input_: on_closed(work, input_.reason),
    BooksCompared: lambda work, input_: on_compared(work, input_.comparison),
    BooksRead: lambda work, input_: on_books_read(work, input_.books),
    ContractsRead: lambda work, input_: on_contracts_read(work, input_.contracts),
    BrokerSaid: lambda work, input_: on_broker_events(work, input_.events, input_.reset_until),
    EventUnstorable: lambda work, input_: on_unstorable_event(work, input_.event, input_.reason),
    TimePassed: lambda work, input_: on_time(work, input_.reset_until),
    NotSent: lambda work, input_: record_not_sent(work, input_.effect.plan, input_.reason),
    SendUnknown: _send_unknown,
    CancelUnknown: _cancel_unknown,
    AutopsyDone: lambda work, input_: record_autopsy(work, input_.autopsy),
    AutopsyFailed: lambda work, input_: record_failed_autopsy(work, input_.position_id, input_.reason),
    SessionFollowed: lambda work, input_: record_session(work, input_.session),
    ShadowRefused: lambda work, input_: refuse_shadow(work, input_.signal_id, input_.refusal),
    ShadowForgotten: _shadow_forgotten,
    DecayRead: _decay_read,
    HeartBeaten: lambda work, input_: on_beat(work, input_.checks),
    WorkerLate: lambda work, input_: on_worker_late(work, input_.worker, input_.detail),
    WorkerEnded: lambda work, input_: on_worker_died(work, input_.worker, input_.detail),
    AlertsDelivered: lambda work, input_: record_receipts(work, input_.receipts),
}
