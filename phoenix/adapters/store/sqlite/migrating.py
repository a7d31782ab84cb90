"""Migrating a SQLite file over a connection that is open already, so that what it promises holds here too."""

from __future__ import annotations

import sqlite3

from sqlalchemy import StaticPool, create_engine, event
from sqlalchemy.exc import DBAPIError

from phoenix.adapters.store.migrate import bring_up_to_date
from phoenix.adapters.store.sqlite.faults import translate
from phoenix.ports.errors import StoreUnavailable


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the file to the newest schema, or leave it as it is. Raises StoreMisconfigured and other StoreErrors."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as begun:
            bring_up_to_date(begun)
    except DBAPIError as error:
        raise _translated(error) from error


def _translated(error: DBAPIError) -> Exception:
    doing = "migrating the store"
    return translate(error.orig, doing) if isinstance(error.orig, sqlite3.Error) else StoreUnavailable(str(error))
