"""Kill flags, strategies, drift and the broker session for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from phoenix.cli.views.figures import NONE, add, inert, table
from phoenix.cli.views.times import clock_and_left, distance
from phoenix.domain.kill import KillFlag
from phoenix.domain.state import SessionState
from phoenix.runtime.readings import StrategyReading
from phoenix.runtime.readings.promotions import Standing
from phoenix.runtime.words.ids import short

NO_FLAGS = "No kill flag is active: as far as flags go, entries pass."
NO_STRATEGIES = "No strategy is registered: phoenix strategy register NAME --description TEXT"


def flags_view(flags: Sequence[KillFlag], now: datetime) -> RenderableType:
    """A row for each active flag."""
    if not flags:
        return Text(NO_FLAGS)
    made = table("Flag", "Stops entries of", "Set by", "Set", "Ends", "Reason")
    for flag in flags:
        ends = "when lifted" if flag.expires_at is None else clock_and_left(flag.expires_at, now)
        scope = "ALL" if flag.strategy_id is None else flag.strategy_id
        add(made, short(flag.flag_id), scope, flag.source.value, distance(flag.set_at, now), ends, flag.reason)
    return made


def strategies_view(strategies: Sequence[StrategyReading], standings: Mapping[str, Standing]) -> RenderableType:
    """A row for each strategy, with how far it has come on its way to LIVE."""
    if not strategies:
        return Text(NO_STRATEGIES)
    made = table("Strategy", "Mode", "Promotion", "Entries", "Description")
    for known in strategies:
        entries = "pass" if not known.flags else f"blocked by {', '.join(short(flag.flag_id) for flag in known.flags)}"
        come = progress(standings.get(known.strategy_id))
        add(made, known.strategy_id, known.mode.value, come, entries, known.description or NONE)
    return made


def progress(standing: Standing | None) -> str:
    """How many items of the checklist are met, or since when a strategy is LIVE."""
    if standing is not None and standing.checklist is not None:
        checklist = standing.checklist
        return f"{len(checklist.items) - len(checklist.missing)} of {len(checklist.items)} met"
    if standing is not None and standing.promoted_at is not None:
        return f"since {standing.promoted_at:%Y-%m-%d %H:%M} UTC"
    return NONE


def session_view(session: SessionState, adapter: str, executor: str | None, now: datetime) -> RenderableType:
    """The session in a few lines."""
    return Text(inert("\n".join(_session_lines(session, adapter, executor, now))), overflow="fold")


def _session_lines(session: SessionState, adapter: str, executor: str | None, now: datetime) -> Iterator[str]:
    state = "connected" if session.is_connected else "line down" if session.is_line_down else "NOT CONNECTED"
    books = "books agree" if session.is_reconciled else "entries stay closed until the books were read and agree"
    yield f"{state}, {books}"
    yield f"adapter   {adapter}, account {session.account or 'unknown'}"
    yield f"executor  {executor or 'none is at work; commands that decide connect by themselves'}"
    read_at = session.books_read_at
    books_read = "not read in full in this session" if read_at is None else f"read in full {distance(read_at, now)}"
    yield f"books     {books_read}"
    if session.lost_at is not None:
        yield f"lost      {clock_and_left(session.lost_at, now)}, {session.reconnects} attempts since"
    if session.reset_until is not None:
        yield f"reset     by the broker until {clock_and_left(session.reset_until, now)}; then it is opened anew"
    if not session.is_data_fresh:
        yield "prices    STALE by the broker's word"
    yield f"detail    {session.detail}"
    if not session.is_connected:
        yield f"next      {'phoenix broker reconnect' if executor is not None else 'phoenix serve'}"
