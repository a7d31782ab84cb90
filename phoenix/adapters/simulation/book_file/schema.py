"""The tables of a book file, made to be read and changed by hand: numbers, instants and names as plain text.

What a hand may leave out has a default, or is filled in when the broker reads the row.
"""

from __future__ import annotations

from enum import StrEnum

from phoenix.adapters.simulation.agenda import Task
from phoenix.domain.vocabulary import Action, LegRole, OrderStatus, OrderType, TimeInForce

APPLICATION_ID = 0x50484258  # "PHBX"
FORMAT_VERSION = 1


def _number(column: str) -> str:
    return f"CHECK ({column} GLOB '*[0-9]*' AND {column} NOT GLOB '*[^-0-9.]*')"


def _instant(column: str) -> str:
    return f"CHECK ({column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T*Z')"


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"CHECK ({column} IN ({', '.join(repr(word.value) for word in words)}))"


_NOT_A_ROW_MORE = "only INTEGER PRIMARY KEY DEFAULT 1 CHECK (only = 1)"

TABLES = (
    f"""CREATE TABLE book (
        {_NOT_A_ROW_MORE},
        account TEXT NOT NULL,
        currency TEXT NOT NULL,
        seed INTEGER NOT NULL,
        begins_at TEXT NOT NULL {_instant("begins_at")}
    ) STRICT""",
    f"""CREATE TABLE progress (
        {_NOT_A_ROW_MORE},
        now TEXT NOT NULL {_instant("now")},
        order_count INTEGER NOT NULL,
        draw_count INTEGER NOT NULL,
        execution_count INTEGER NOT NULL,
        next_appointment INTEGER NOT NULL,
        socket_is_up INTEGER NOT NULL CHECK (socket_is_up IN (0, 1)),
        line_is_up INTEGER NOT NULL CHECK (line_is_up IN (0, 1))
    ) STRICT""",
    f"""CREATE TABLE account (
        {_NOT_A_ROW_MORE},
        balance TEXT NOT NULL {_number("balance")},
        realised TEXT NOT NULL {_number("realised")},
        commissions TEXT NOT NULL {_number("commissions")}
    ) STRICT""",
    f"""CREATE TABLE holdings (
        pair TEXT PRIMARY KEY NOT NULL,
        quantity TEXT NOT NULL {_number("quantity")},
        average_price TEXT {_number("average_price")}
    ) STRICT""",
    f"""CREATE TABLE orders (
        sequence INTEGER PRIMARY KEY,
        reference TEXT,
        permanent_id TEXT,
        session_order_id INTEGER NOT NULL DEFAULT 0,
        client_id INTEGER NOT NULL DEFAULT 0,
        account TEXT,
        pair TEXT NOT NULL,
        role TEXT {_one_of("role", LegRole)},
        action TEXT NOT NULL {_one_of("action", Action)},
        order_type TEXT NOT NULL {_one_of("order_type", OrderType)},
        quantity TEXT NOT NULL {_number("quantity")},
        limit_price TEXT {_number("limit_price")},
        stop_price TEXT {_number("stop_price")},
        time_in_force TEXT NOT NULL DEFAULT 'GTC' {_one_of("time_in_force", TimeInForce)},
        status TEXT NOT NULL DEFAULT 'WORKING' {_one_of("status", OrderStatus)},
        filled TEXT NOT NULL DEFAULT '0' {_number("filled")},
        released TEXT {_number("released")},
        reduced TEXT NOT NULL DEFAULT '0' {_number("reduced")},
        fill_limit TEXT {_number("fill_limit")},
        parent INTEGER,
        parent_session_order_id INTEGER,
        oca_group TEXT,
        received_at TEXT {_instant("received_at")},
        eligible_at TEXT {_instant("eligible_at")},
        hold_until TEXT {_instant("hold_until")},
        fate TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(fate))
    ) STRICT""",
    f"""CREATE TABLE executions (
        number INTEGER PRIMARY KEY,
        execution_id TEXT,
        order_sequence INTEGER,
        order_group INTEGER,
        role TEXT {_one_of("role", LegRole)},
        client_id INTEGER NOT NULL DEFAULT 0,
        reference TEXT,
        session_order_id INTEGER,
        permanent_id TEXT NOT NULL DEFAULT '0',
        account TEXT,
        pair TEXT NOT NULL,
        action TEXT NOT NULL {_one_of("action", Action)},
        quantity TEXT NOT NULL {_number("quantity")},
        price TEXT NOT NULL {_number("price")},
        executed_at TEXT {_instant("executed_at")},
        rate TEXT {_number("rate")},
        is_bust INTEGER NOT NULL DEFAULT 0 CHECK (is_bust IN (0, 1))
    ) STRICT""",
    f"""CREATE TABLE adjustments (
        number INTEGER PRIMARY KEY,
        pair TEXT NOT NULL,
        quantity TEXT NOT NULL {_number("quantity")},
        price TEXT NOT NULL {_number("price")},
        made_at TEXT NOT NULL {_instant("made_at")}
    ) STRICT""",
    f"""CREATE TABLE agenda (
        number INTEGER PRIMARY KEY,
        due TEXT NOT NULL {_instant("due")},
        task TEXT NOT NULL {_one_of("task", Task)},
        subject INTEGER NOT NULL DEFAULT 0,
        detail TEXT NOT NULL DEFAULT '',
        message TEXT CHECK (message IS NULL OR json_valid(message))
    ) STRICT""",
    f"""CREATE TABLE faults (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(detail)),
        taken_up_at TEXT {_instant("taken_up_at")},
        struck INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE TABLE sessions (client_id INTEGER PRIMARY KEY) STRICT",
    "CREATE TABLE feeds (pair TEXT PRIMARY KEY NOT NULL, terms TEXT NOT NULL, position TEXT NOT NULL) STRICT",
    """CREATE TABLE ledger (
        seq INTEGER PRIMARY KEY,
        record TEXT NOT NULL CHECK (json_valid(record)),
        at TEXT AS (json_extract(record, '$.at')),
        kind TEXT AS (json_extract(record, '$.kind')),
        reference TEXT AS (json_extract(record, '$.reference'))
    ) STRICT""",
)

_APPEND_ONLY = "BEGIN SELECT RAISE(ABORT, 'the ledger says what happened; it is only ever added to'); END"

GUARDS = (
    f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger {_APPEND_ONLY}",
    f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger {_APPEND_ONLY}",
)
