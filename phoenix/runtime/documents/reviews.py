"""What waits for a decision, as JSON documents; and in words, what an approval would run into by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.encoding import Json
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.state import PendingDecision
from phoenix.domain.vocabulary import IntentKind
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.runtime.documents.values import optional_instant
from phoenix.runtime.readings import Waiting
from phoenix.runtime.readings.promotion_reviews import PromotionReview
from phoenix.runtime.readings.reviews import Recommendation, Review


def pending_document(
    reviews: Sequence[Waiting], unanswered: Sequence[PendingDecision], unread: Sequence[SignalPayload], now: datetime
) -> dict[str, Json]:
    """Everything that waits: for a human, or for an executor."""
    return {
        "as_of": instant_text(now),
        "pending": [_summary(review, now) for review in reviews],
        "unanswered": [_decision(decision) for decision in unanswered],
        "unread_signals": [
            {"signal_id": signal.signal_id, "strategy_id": signal.strategy_id, "pair": signal.pair} for signal in unread
        ],
    }


def review_document(review: Waiting, quote: Answer[Quote] | None, now: datetime) -> dict[str, Json]:
    """One intent with its whole evidence. An approval must name `bundle_hash`. A promotion has no quote."""
    return {
        **_summary(review, now),
        "as_of": instant_text(now),
        "bundle": review.bundle,
        "bundle_hash": review.bundle_hash,
        "quote": None if quote is None else _quote(quote),
        "recommendations": [_recommendation(given) for given in review.recommendations],
    }


def obstacles(review: Waiting, now: datetime) -> list[str]:
    """Why an approval would be refused by now, as far as the beads tell; guards may know of more."""
    if isinstance(review, PromotionReview):
        later = ["performance was recorded after it was frozen"] if review.outdated else []
        return [*later, *(item.text() for item in review.missing)]
    found = []
    if review.stale_at is not None and now > review.stale_at:
        found.append("its state anchor is stale")
    if review.changed:
        found.append(f"changed since it was frozen: {', '.join(review.changed)}")
    found += [flag.text() for flag in review.flags]
    return found


def confirmation(review: Waiting) -> str:
    """What an approval does, in the words that a person types to confirm it."""
    if isinstance(review, PromotionReview):
        return f"PROMOTE {review.strategy_id}"
    bundle = review.bundle if isinstance(review.bundle, Mapping) else {}
    if review.kind is IntentKind.ENTRY:
        terms = review.position.terms
        return f"{terms.side.value} {decimal_text(terms.quantity)} {terms.pair}"
    verb = "CLOSE" if review.kind is IntentKind.EXIT else review.kind.value
    return f"{verb} {bundle.get('maximum_quantity')} {bundle.get('pair')}"


def _summary(review: Waiting, now: datetime) -> dict[str, Json]:
    about = _about_strategy(review) if isinstance(review, PromotionReview) else _about_position(review)
    return {
        "intent_id": review.intent_id,
        "kind": review.kind.value,
        "what": confirmation(review),
        **about,
        "approved": review.approved,
        "frozen_at": instant_text(review.frozen_at),
        "stale_at": None if isinstance(review, PromotionReview) else optional_instant(review.stale_at),
        "lapses_at": optional_instant(review.lapses_at),
        "obstacles": list(obstacles(review, now)),
    }


def _about_position(review: Review) -> dict[str, Json]:
    position, bundle = review.position, review.bundle if isinstance(review.bundle, Mapping) else {}
    is_entry = review.kind is IntentKind.ENTRY
    return {
        "position_id": position.position_id,
        "signal_id": position.signal_id,
        "strategy_id": position.strategy_id,
        "pair": position.terms.pair,
        "side": position.terms.side.value,
        "order": bundle.get("order") if is_entry else None,
        "sizing": bundle.get("sizing") if is_entry else None,
    }


def _about_strategy(review: PromotionReview) -> dict[str, Json]:
    """The same names, with nothing behind what only positions have."""
    return {
        **dict.fromkeys(("position_id", "signal_id")), "strategy_id": review.strategy_id,
        **dict.fromkeys(("pair", "side", "order", "sizing")),
    }  # fmt: skip


def _decision(pending: PendingDecision) -> Json:
    decision = pending.payload
    return {
        "decision_id": decision.decision_id,
        "decision": decision.kind.value,
        "subject_id": decision.subject_id,
        "made_by": pending.signer.identity,
        "signer": pending.signer.kind.value,
        "made_at": instant_text(pending.made_at),
    }


def _recommendation(given: Recommendation) -> Json:
    return {
        "by": given.signer.identity,
        "signer": given.signer.kind.value,
        "text": given.text,
        "made_at": instant_text(given.made_at),
    }


def _quote(answer: Answer[Quote]) -> Json:
    if isinstance(answer, Unknown):
        return {"unknown": answer.reason}
    quote = answer.value
    return {"bid": decimal_text(quote.bid), "ask": decimal_text(quote.ask), "as_of": instant_text(quote.as_of)}
