"""The broker session: its changes as beads, and the reads that must be complete before any entry (SPEC 3.13)."""

from __future__ import annotations

from datetime import datetime

from phoenix.application.alerts import AlertKind
from phoenix.application.effects import ReadBooks, ReadContracts, Reconnect
from phoenix.application.gate.facts import Facts
from phoenix.application.work import Subject, Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.instants import instant_text
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason, SessionEvent
from phoenix.ports.answers import Unknown
from phoenix.ports.broker_events import ConnectionLost, ConnectionRestored, MarketDataState
from phoenix.ports.broker_facts import Session

SUBJECT = "session"
"""What a request to reconnect is about: there is one broker session."""
_IN_RESET = "the broker is in its nightly reset"


def ask_for_session(work: Work, decision: DecisionPayload, facts: Facts) -> None:
    """Open the session anew, as the operator asks once the attempts have failed or the line stays down.

    The outcome answers the decision. Raises Refused while there is a session that works.
    """
    if decision.subject_id != SUBJECT:
        raise Refused(
            RefusalReason.NOT_FOUND, "subject_id", f"there is no {decision.subject_id!r} to reconnect",
            f"Name the {SUBJECT}",
        )  # fmt: skip
    if work.state.session.is_connected and not isinstance(facts.session, Unknown):
        raise Refused(
            RefusalReason.WRONG_STATE, "session", "the session is open", "Leave it open; nothing has to be done"
        )
    if any(isinstance(effect, Reconnect) for effect in work.effects):
        raise Refused(
            RefusalReason.CONFLICT, "session", "it is being opened anew already", "Look at what becomes of that"
        )
    work.then(Reconnect(decision.decision_id))


def on_connected(work: Work, session: Session, decision_id: str | None) -> None:
    """A session was opened; entries stay closed until the books have been read and agree."""
    before = work.state.session
    was_lost = before.lost_at is not None or before.is_line_down
    event = SessionEvent.RECONNECTED if was_lost else SessionEvent.CONNECTED
    _record(work, event, f"server version {session.server_version}", session, decision_id=decision_id)
    work.then(ReadBooks())
    work.then(ReadContracts())


def on_connect_failed(
    work: Work, reason: str, decision_id: str | None, reset_until: datetime | None = None
) -> None:  # fmt: skip
    """No connection could be had. The first attempt to have it anew waits for the end of a reset."""
    if work.state.session.lost_at is None:
        _record(work, SessionEvent.DISCONNECTED, reason, is_socket=True, reset_until=reset_until)
    _tell_if_last(work, reason)
    _answer_in_vain(work, reason, decision_id)


def _answer_in_vain(work: Work, reason: str, decision_id: str | None) -> None:
    if decision_id is not None:
        remedy = "Find out why the broker cannot be had, then ask again"
        refusal = Refused(RefusalReason.CONNECTION, "session", reason, remedy)
        work.refuse(refusal, Subject("DECISION", SUBJECT, decision_id=decision_id))


def _tell_if_last(work: Work, reason: str) -> None:
    """After the third attempt to reconnect came to nothing, whatever the reason, a human has to."""
    session, tries = work.state.session, len(work.policy.reconnect_delays_s)
    if session.lost_at is None or session.reconnects < tries:
        return
    work.alert(
        AlertKind.RECONNECT_FAILED, f"{tries} attempts to reconnect failed ({reason}); reconnect by hand", key="session"
    )


def on_reconnect_due(work: Work, reset_until: datetime | None = None) -> None:
    """The next of the attempts; but none of them is spent on a broker that is in its nightly reset."""
    if reset_until is not None:
        detail = f"{_IN_RESET} until {instant_text(reset_until)}: the next attempt is made after it"
        _record(work, SessionEvent.AWAITING_RESET, detail, reset_until=reset_until)
        return
    attempt = work.state.session.reconnects + 1
    _record(work, SessionEvent.RECONNECTING, f"attempt {attempt} of {len(work.policy.reconnect_delays_s)}")
    work.then(Reconnect())


def on_refused(work: Work, reason: str, decision_id: str | None) -> None:
    """The broker, or the adapter's guard, refused the session: wrong account, mode, port or client id."""
    _record(work, SessionEvent.REFUSED, reason, decision_id=decision_id)
    work.alert(AlertKind.CONNECT_REFUSED, f"the broker session was refused: {reason}", key="session")
    _tell_if_last(work, reason)
    _answer_in_vain(work, reason, decision_id)


def on_closed(work: Work, reason: str) -> None:
    """The executor lets go of the session on purpose: worth a bead, not an alert."""
    if work.state.session.is_connected:
        _record(work, SessionEvent.DISCONNECTED, reason, is_socket=True)


def on_connection_lost(work: Work, event: ConnectionLost, reset_until: datetime | None = None) -> None:
    """The session ended, or its broker is out of reach. While only the line is down nothing is connected anew.

    In the broker's nightly reset that is to be expected: a human hears of it, and is called only if it lasts.
    """
    session = work.state.session
    if not session.is_connected and not (session.is_line_down and event.is_socket):
        return
    _record(
        work, SessionEvent.DISCONNECTED, event.detail, at=event.occurred_at, is_socket=event.is_socket,
        reset_until=reset_until,
    )  # fmt: skip
    what = "the broker session was lost" if event.is_socket else "the broker is out of reach"
    if reset_until is None:
        work.alert(AlertKind.CONNECTION_LOST, f"{what}: {event.detail}", key="session")
    else:
        until = f"{_IN_RESET} until {instant_text(reset_until)}"
        work.alert(AlertKind.SESSION_RESET, f"{what}, {until}: {event.detail}", key="session")


def on_reset_over(work: Work) -> None:
    """The reset is over, and the broker's line has not come back with it: that was not to be expected."""
    detail = f"{work.state.session.detail}; still so after the broker's nightly reset"
    _record(work, SessionEvent.DISCONNECTED, detail, is_socket=False)
    work.alert(AlertKind.CONNECTION_LOST, f"the broker is out of reach: {detail}", key="session")


def on_connection_restored(work: Work, event: ConnectionRestored) -> None:
    """The line is back by itself. What happened meanwhile is read, whether or not the broker kept its data.

    Without a session it says nothing yet: whoever opens the next one reads the books.
    """
    if work.state.session.lost_at is not None:
        return
    detail = f"{event.detail} ({'data kept' if event.data_kept else 'data lost'})"
    _record(work, SessionEvent.RECONNECTED, detail, at=event.occurred_at)
    work.then(ReadBooks())


def on_market_data(work: Work, event: MarketDataState) -> None:
    kind = SessionEvent.DATA_RESTORED if event.is_fresh else SessionEvent.DATA_STALE
    _record(work, kind, event.detail, at=event.occurred_at)
    if not event.is_fresh:
        work.alert(AlertKind.MARKET_DATA_STALE, event.detail, key="market-data")


def record_reconciled(work: Work, detail: str, *, books_as_of: datetime) -> None:
    _record(work, SessionEvent.RECONCILED, detail, books_as_of=books_as_of)


def record_incomplete(work: Work, detail: str, *, books_as_of: datetime | None) -> None:
    """The same detail as before is told once, however often the books are read in between."""
    _record(work, SessionEvent.RECOVERY_INCOMPLETE, detail, books_as_of=books_as_of)
    text = f"entries stay closed: {detail}"
    if not work.is_told(AlertKind.RECOVERY_INCOMPLETE, text, key="recovery"):
        work.alert(AlertKind.RECOVERY_INCOMPLETE, text, key="recovery")


def _record(
    work: Work, event: SessionEvent, detail: str, session: Session | None = None, at: datetime | None = None, *,
    books_as_of: datetime | None = None, is_socket: bool | None = None, decision_id: str | None = None,
    reset_until: datetime | None = None,
) -> None:  # fmt: skip
    state = work.state.session
    work.record(
        SessionPayload(
            event=event, adapter=session.adapter if session else "",
            account=session.account if session else state.account, mode=session.mode if session else state.mode,
            next_session_order_id=session.next_session_order_id if session else None, detail=detail,
            books_as_of=books_as_of, is_socket=is_socket, decision_id=decision_id,
            reset_until=reset_until,
        ),
        occurred_at=at,
    )  # fmt: skip
