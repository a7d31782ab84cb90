"""What is known of an order whose outcome is not, before a human says what became of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.position import LegState, Position
from phoenix.domain.state import SessionState
from phoenix.runtime.documents.positions import order_document
from phoenix.runtime.documents.safety import session_document
from phoenix.runtime.readings.positions import LastWord


def question_document(position: Position, session: SessionState, words: Mapping[str, LastWord]) -> dict[str, Any]:
    """The order in question, null where there is none, and when the books were last read in full."""
    leg = position.leg_in_question
    return {
        "order": None if leg is None else order_document(leg, words.get(leg.leg.reference)),
        "session": session_document(session),
    }


def question_lines(
    position: Position, session: SessionState, words: Mapping[str, LastWord], now: datetime
) -> Iterator[str]:
    """The same in words."""
    leg = position.leg_in_question
    if leg is None:
        yield f"No order of position {position.position_id} is in question."
    else:
        yield f"In question: {_order(position, leg)}, sent {instant_text(leg.sent_at)}"
        word = words.get(leg.leg.reference)
        yield f"Last word: {'none, ever' if word is None else _word(word)}"
    yield f"Books: {_books(session, now)}. They are read anew before this is decided"


def _order(position: Position, leg: LegState) -> str:
    terms = leg.leg
    return (
        f"{terms.role.value} {terms.action.value} {decimal_text(terms.quantity)} {position.terms.pair} as "
        f"{terms.reference}, permanent id {leg.permanent_id or 'unknown'}"
    )


def _word(word: LastWord) -> str:
    status = word.payload.event.value if word.payload.status is None else word.payload.status.value
    reason = "" if word.payload.reason is None else f" ({word.payload.reason})"
    return f"{status}{reason} at {instant_text(word.recorded_at)}"


def _books(session: SessionState, now: datetime) -> str:
    if session.books_read_at is None:
        return f"never read in full in this session ({session.detail})"
    age_s = int((now - session.books_read_at).total_seconds())
    return f"last read in full {age_s} s ago, at {instant_text(session.books_read_at)}: {session.detail}"
