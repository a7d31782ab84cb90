"""The broker session: its changes as beads, and the reads that must be complete before any entry (SPEC 3.13)."""

from __future__ import annotations

from datetime import datetime

from phoenix.application.alerts import AlertKind
from phoenix.application.effects import ReadBooks, Reconnect
from phoenix.application.work import Work
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.vocabulary import SessionEvent
from phoenix.ports.broker_facts import ConnectionLost, ConnectionRestored, MarketDataState, Session


def on_connected(work: Work, session: Session) -> None:
    """A session was opened; entries stay closed until the books have been read and agree."""
    event = SessionEvent.CONNECTED if work.state.session.lost_at is None else SessionEvent.RECONNECTED
    _record(work, event, f"server version {session.server_version}", session)
    work.then(ReadBooks())


def on_connect_failed(work: Work, reason: str) -> None:
    """An attempt to reconnect failed. After the third a human has to."""
    tries = len(work.policy.reconnect_delays_s)
    if work.state.session.lost_at is None:
        _record(work, SessionEvent.DISCONNECTED, reason)
    if work.state.session.reconnects < tries:
        return
    work.alert(
        AlertKind.RECONNECT_FAILED, f"{tries} attempts to reconnect failed ({reason}); reconnect by hand", key="session"
    )


def on_reconnect_due(work: Work) -> None:
    attempt = work.state.session.reconnects + 1
    _record(work, SessionEvent.RECONNECTING, f"attempt {attempt} of {len(work.policy.reconnect_delays_s)}")
    work.then(Reconnect())


def on_refused(work: Work, reason: str) -> None:
    """The broker, or the adapter's guard, refused the session: wrong account, mode, port or client id."""
    _record(work, SessionEvent.REFUSED, reason)


def on_closed(work: Work, reason: str) -> None:
    """The executor lets go of the session on purpose: worth a bead, not an alert."""
    if work.state.session.is_connected:
        _record(work, SessionEvent.DISCONNECTED, reason)


def on_connection_lost(work: Work, event: ConnectionLost) -> None:
    if not work.state.session.is_connected:
        return
    _record(work, SessionEvent.DISCONNECTED, event.detail, at=event.occurred_at)
    work.alert(AlertKind.CONNECTION_LOST, f"the broker session was lost: {event.detail}", key="session")


def on_connection_restored(work: Work, event: ConnectionRestored) -> None:
    """The line is back by itself. What happened meanwhile is read, whether or not the broker kept its data."""
    detail = f"{event.detail} ({'data kept' if event.data_kept else 'data lost'})"
    _record(work, SessionEvent.RECONNECTED, detail, at=event.occurred_at)
    work.then(ReadBooks())


def on_market_data(work: Work, event: MarketDataState) -> None:
    kind = SessionEvent.DATA_RESTORED if event.is_fresh else SessionEvent.DATA_STALE
    _record(work, kind, event.detail, at=event.occurred_at)
    if not event.is_fresh:
        work.alert(AlertKind.MARKET_DATA_STALE, event.detail, key="market-data")


def record_reconciled(work: Work, detail: str) -> None:
    _record(work, SessionEvent.RECONCILED, detail, reads_complete=True)


def record_incomplete(work: Work, detail: str, *, reads_complete: bool) -> None:
    _record(work, SessionEvent.RECOVERY_INCOMPLETE, detail, reads_complete=reads_complete)
    work.alert(AlertKind.RECOVERY_INCOMPLETE, f"entries stay closed: {detail}", key="recovery")


def _record(
    work: Work, event: SessionEvent, detail: str, session: Session | None = None, at: datetime | None = None, *,
    reads_complete: bool | None = None,
) -> None:  # fmt: skip
    state = work.state.session
    work.record(
        SessionPayload(
            event=event, adapter=session.adapter if session else "",
            account=session.account if session else state.account, mode=session.mode if session else state.mode,
            next_session_order_id=session.next_session_order_id if session else None, detail=detail,
            reads_complete=reads_complete,
        ),
        occurred_at=at,
    )  # fmt: skip
