"""A second, small opinion on the core: which acts pass, and which state every position is in, from plain dictionaries.

It knows nothing of beads, folds or adapters. Durations are seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial

STALE_S, STALE_NEWS_S, STALE_FLAG_S = 900, 600, 300
TOKEN_LIFE_S, SILENCE_S, RECONNECT_S, HELD_S, LATE_S = 300, 60, 5, 30, 5
TERMINAL = ("CLOSED", "CANCELLED", "REJECTED", "EXPIRED")
UNANSWERED = ("LOST", "UNHEARD", "SLOW")


@dataclass
class Row:
    """A position. `truth` is what the broker has made of it and has not been heard of yet."""

    signal: str
    state: str = "PROPOSED"
    quantity: int = 0
    captured_at: datetime | None = None
    limit_s: int = STALE_S
    context: tuple[str, int] = ("", 0)
    lapses_at: datetime | None = None
    tokens: int = 0
    token_until: datetime | None = None
    fate: str | None = None
    sent_at: datetime | None = None
    exit_sent_at: datetime | None = None
    late_at: datetime | None = None
    is_open: bool = False
    has_stop: bool = False
    is_deaf: bool = False
    stale_flagged: bool = False
    truth: str | None = None

    def is_mute(self, now: datetime) -> bool:
        """Whether nothing that the broker says of its orders is heard, except in its books."""
        is_held = self.fate == "SLOW" and self.sent_at is not None and now < self.sent_at + timedelta(seconds=HELD_S)
        return self.is_deaf or is_held


@dataclass
class Model:
    """What a careful person would expect, kept by hand. Act methods give the reason of the refusal, or None."""

    now: datetime
    rows: dict[str, Row] = field(default_factory=dict)
    flags: list[datetime | None] = field(default_factory=list)
    flag_changes: int = 0
    anchor: tuple[datetime, str, int] | None = None
    reconnect_at: datetime | None = None
    books_read_at: datetime | None = None
    drifts: int = 0
    strays: set[str] = field(default_factory=set)
    entries_received: int = 0

    # --- kill flags and anchors ----------------------------------------------------------------------------------

    def set_flag(self, until: datetime | None) -> None:
        self.flags.append(until)
        self.flag_changes += 1
        for row in self.rows.values():
            if row.state == "APPROVED":
                row.state = "EXPIRED"

    def end_flag(self, until: datetime | None) -> None:
        self.flags.remove(until)
        self.flag_changes += 1

    def conflict(self, captured_at: datetime, limit_s: int, row: Row | None, *, changed: bool) -> str | None:
        age_s = (self.now - captured_at).total_seconds()
        if age_s > STALE_S and not (row is not None and row.stale_flagged):
            self.set_flag(self.now + timedelta(seconds=STALE_FLAG_S))
            if row is not None:
                row.stale_flagged = True
        return "STATE_CONFLICT" if age_s > limit_s or changed else None

    # --- guards --------------------------------------------------------------------------------------------------

    def entry_guard(self, row: Row) -> str | None:
        if self.flags:
            return "KILL_FLAG"
        if row.captured_at is None or self.anchor is None:
            return "STATE_CONFLICT"
        changed = row.context != (self.anchor[1], self.flag_changes)
        if conflict := self.conflict(row.captured_at, row.limit_s, row, changed=changed):
            return conflict
        is_unsettled = self.drifts or self.strays or any(other.state == "STALLED" for other in self.rows.values())
        return "RISK_LIMIT" if is_unsettled else None

    def propose(self, row_id: str, signal: str, own: tuple[datetime, str, int] | None, quantity: int) -> str | None:
        """A proposal on an anchor of its own, or (for a signal proposed again) on the current one."""
        if self.flags:
            return "KILL_FLAG"
        anchor = own or self.anchor
        assert anchor is not None
        if conflict := self.conflict(anchor[0], anchor[2], None, changed=False):
            return conflict
        if own is not None and self.anchor is not None and own[0] < self.anchor[0]:
            return "STATE_CONFLICT"
        self.anchor = anchor
        if self.reconnect_at is not None:
            return "SIZING"
        lapses_at = datetime.combine(self.now.date() + timedelta(days=1), time(), self.now.tzinfo)
        context = (anchor[1], self.flag_changes)
        self.rows[row_id] = Row(signal, "PROPOSED", quantity, anchor[0], anchor[2], context, lapses_at)
        return None

    def can_repropose(self, signal: str) -> bool:
        former = [row for row in self.rows.values() if row.signal == signal]
        return all(row.state in TERMINAL and row.state != "CLOSED" and row.truth != "HELD" for row in former)

    def approve(self, row: Row) -> str | None:
        if row.state not in ("PROPOSED", "APPROVED"):
            return "WRONG_STATE"
        if reason := self.entry_guard(row):
            return reason
        if self.reconnect_at is not None:
            return "CONNECTION"
        if row.tokens == 3:
            return "TOKEN"
        row.state, row.tokens = "APPROVED", row.tokens + 1
        row.token_until = self.now + timedelta(seconds=TOKEN_LIFE_S)
        return None

    def submit(self, row: Row, fate: str) -> str | None:
        if row.sent_at is None and (reason := self.entry_guard(row)):
            return reason
        if row.state != "APPROVED":
            return "TOKEN"
        if self.reconnect_at is not None:
            return "CONNECTION"
        self.entries_received += fate != "LOST"
        row.sent_at, row.fate = self.now, fate
        row.state = {"FILL": "MANAGED", "PARTIAL": "FILLED", "REJECT": "REJECTED"}.get(fate, "SUBMITTED")
        row.is_open = fate in ("FILL", "PARTIAL")
        row.has_stop = fate in ("FILL", *UNANSWERED[1:])
        row.truth = "MANAGED" if fate in UNANSWERED[1:] else None
        row.is_deaf = fate == "UNHEARD"
        return None

    def refresh(self, row: Row, quantity: int) -> str | None:
        if row.state != "PROPOSED":
            return "WRONG_STATE"
        if self.flags:
            return "KILL_FLAG"
        assert self.anchor is not None
        if conflict := self.conflict(self.anchor[0], self.anchor[2], row, changed=False):
            return conflict
        if self.reconnect_at is not None:
            return "SIZING"
        row.quantity, row.captured_at, row.limit_s = quantity, self.anchor[0], self.anchor[2]
        row.context = (self.anchor[1], self.flag_changes)
        return None

    def cancel(self, row: Row) -> str | None:
        """What rests is an unfilled entry, the rest of a part-filled one, or an exit that nobody answers."""
        is_part_filled = row.state == "FILLED" and row.fate == "PARTIAL"
        if row.state not in ("SUBMITTED", "STALLED") and not is_part_filled and row.exit_sent_at is None:
            return "WRONG_STATE"
        if self.reconnect_at is None and row.fate in ("REST", "LATE"):
            row.state = "CANCELLED"
            row.late_at = self.now + timedelta(seconds=LATE_S) if row.fate == "LATE" else None
        elif self.reconnect_at is None and row.fate == "PARTIAL":
            row.state, row.has_stop, row.fate = "MANAGED", True, "FILL"
        return None

    def attest(self, row: Row) -> str | None:
        sent_at = row.exit_sent_at if row.exit_sent_at is not None else row.sent_at
        is_open_question = row.exit_sent_at is not None or (row.state == "STALLED" and row.fate == "LOST")
        if not is_open_question or sent_at is None:
            return "WRONG_STATE"
        if self.books_read_at is None or self.books_read_at <= sent_at:
            return "UNKNOWN_OUTCOME"
        if row.exit_sent_at is None:
            row.state = "CANCELLED"
        row.exit_sent_at = None
        return None

    def act_on_holding(self, row: Row, kind: str, fate: str) -> str | None:
        """An EXIT or PROTECT, approved at once. Flags, anchors, drift and limits have no say here."""
        if not row.is_open:
            return "WRONG_STATE"
        if row.exit_sent_at is not None:
            return "UNSETTLED"
        if self.reconnect_at is not None:
            return "CONNECTION"
        if kind == "PROTECT" or row.fate == "PARTIAL":
            row.state = "MANAGED"  # the end of a part-filled entry lets its children work, if only for an instant
        row.fate, row.has_stop = "FILL", kind == "PROTECT"
        if kind == "CLOSE" and fate == "FILL":
            row.state, row.is_open = "CLOSED", False
        elif kind == "CLOSE" and fate == "LOST":
            row.exit_sent_at = self.now
        return None

    # --- the world -----------------------------------------------------------------------------------------------

    def hear(self, row: Row) -> None:
        """What the broker made of an order becomes known."""
        if row.truth is not None:
            row.state, row.truth = row.truth, None
            row.is_open = row.state == "MANAGED"

    def fill_late(self, row_id: str) -> None:
        self.rows[row_id].late_at, self.rows[row_id].truth = None, "HELD"
        self.drifts += 1
        self.strays.add(row_id)
        self.set_flag(None)

    def stall(self, fates: tuple[str, ...], sent_before: datetime | None) -> None:
        for row in self.rows.values():
            is_covered = sent_before is None or (row.sent_at is not None and row.sent_at < sent_before)
            if row.state == "SUBMITTED" and row.fate in fates and is_covered:
                row.state = "STALLED"

    def read_books(self) -> None:
        """Complete books settle all but what never arrived; without a line nothing is known of any unanswered order."""
        if self.reconnect_at is not None:
            self.stall(UNANSWERED, None)
            return
        self.books_read_at = self.now
        for row_id, row in self.rows.items():
            if row.late_at is not None and row.late_at <= self.now:
                self.fill_late(row_id)
            if row.truth != "HELD":
                self.hear(row)
        self.stall(("LOST",), self.now)

    def lose_line(self) -> None:
        self.reconnect_at = self.now + timedelta(seconds=RECONNECT_S)

    def price_hits(self) -> None:
        """Every stop or target that works at the broker executes."""
        for row in self.rows.values():
            if row.has_stop:
                row.has_stop = False
                row.truth = "CLOSED"
                if self.reconnect_at is None and not row.is_mute(self.now) and row.state == "MANAGED":
                    self.hear(row)

    def advance(self, now: datetime) -> None:
        """Live through everything that falls due, in order."""
        while due := min(self._due(), key=lambda item: item[:3], default=None):
            if due[0] > now:
                break
            self.now = due[0]
            due[3]()
        self.now = now

    def _due(self) -> list[tuple[datetime, int, str, Callable[[], None]]]:
        items: list[tuple[datetime, int, str, Callable[[], None]]] = []
        items += [(until, 1, "", partial(self.end_flag, until)) for until in self.flags if until is not None]
        for row_id, row in self.rows.items():
            items += [(at, rank, row_id, act) for at, rank, act in self._due_of(row_id, row)]
        if self.reconnect_at is not None:
            items.append((self.reconnect_at, 9, "", self._reconnect))
        return items

    def _due_of(self, row_id: str, row: Row) -> list[tuple[datetime, int, Callable[[], None]]]:
        items: list[tuple[datetime, int, Callable[[], None]]] = []

        def becomes(state: str) -> Callable[[], None]:
            return lambda: setattr(row, "state", state)

        if row.state == "APPROVED" and row.token_until is not None:
            items.append((row.token_until, 2, becomes("EXPIRED")))
        if row.state == "PROPOSED" and row.lapses_at is not None:
            items.append((row.lapses_at, 3, becomes("CANCELLED")))
        if row.sent_at is not None and row.state == "SUBMITTED" and row.fate in UNANSWERED:
            items.append((row.sent_at + timedelta(seconds=SILENCE_S), 4, becomes("STALLED")))
        if self.reconnect_at is None and row.sent_at is not None and row.fate == "SLOW" and row.is_mute(self.now):
            items.append((row.sent_at + timedelta(seconds=HELD_S), 0, lambda: self.hear(row)))
        if self.reconnect_at is None and row.late_at is not None:
            items.append((row.late_at, 0, lambda: self.fill_late(row_id)))
        return items

    def _reconnect(self) -> None:
        self.reconnect_at = None
        self.read_books()
