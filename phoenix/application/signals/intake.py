"""Signals coming in: known or new, accepted or refused; every outcome is a bead (SPEC 3.1)."""

from __future__ import annotations

from phoenix.application.gate.facts import Facts
from phoenix.application.signals.cse import signal_from_document
from phoenix.application.signals.outcome import SignalOutcome, outcome_of
from phoenix.application.signals.proposals import propose
from phoenix.application.work import Subject, Work
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal, check_signal
from phoenix.domain.vocabulary import RefusalReason


def ingest(work: Work, signal: Signal, signer: Signer = SYSTEM) -> SignalOutcome:
    """Take in a well-formed signal. The same content again answers its first outcome."""
    known = work.find(Key("signal", signal.signal_id))
    if known is not None and isinstance(known.payload, SignalPayload):
        return _known(work, known.payload, signal)
    try:
        check_signal(signal, work.policy.instruments, work.now, work.policy.clock_skew_s)
    except Refused as refusal:
        return SignalOutcome(
            signal.signal_id, refusal=refuse_document(work, refusal, signal.content_hash, signal.signal_id)
        )
    payload = SignalPayload(signal.signal_id, signal.strategy_id, signal.pair, signal.content_hash, signal.document)
    work.record(payload, signer=signer, occurred_at=signal.timestamp)
    return SignalOutcome(signal.signal_id)


def _known(work: Work, first: SignalPayload, signal: Signal) -> SignalOutcome:
    if first.content_hash != signal.content_hash:
        conflict = Refused(
            RefusalReason.SIGNAL_CONFLICT, "signal_id", f"{signal.signal_id} is known with other content",
            "Give every signal an id of its own",
        )  # fmt: skip
        return SignalOutcome(
            signal.signal_id, refusal=refuse_document(work, conflict, signal.content_hash, signal.signal_id)
        )
    return outcome_of(work.find, signal.signal_id)


def refuse_document(work: Work, refusal: Refused, document_hash: str, signal_id: str | None) -> Refused:
    """Record that a document never became a signal: once for each content and reason."""
    subject_id = f"{document_hash}:{refusal.reason.value}"
    if work.find(Key("document", subject_id)) is None:
        work.refuse(refusal, Subject("DOCUMENT", subject_id, signal_id=signal_id))
    return refusal


def process_stored(work: Work, payload: SignalPayload, facts: Facts) -> SignalOutcome:
    """As `process`, for a signal that is only known by its stored document."""
    try:
        signal = signal_from_document(payload.document)
    except Refused as refusal:
        return _refused(work, payload.signal_id, refusal)
    return process(work, signal, facts)


def process(work: Work, signal: Signal, facts: Facts) -> SignalOutcome:
    """Turn a signal from the inbox into a proposal, or refuse it."""
    try:
        check_signal(signal, work.policy.instruments, work.now, work.policy.clock_skew_s)
        position = propose(work, signal, facts)
    except Refused as refusal:
        return _refused(work, signal.signal_id, refusal)
    return SignalOutcome(signal.signal_id, position.intent_id, position.position_id)


def _refused(work: Work, signal_id: str, refusal: Refused) -> SignalOutcome:
    subject = Subject("SIGNAL", signal_id, signal_id=signal_id)
    return SignalOutcome(signal_id, refusal=work.refuse(refusal, subject))
