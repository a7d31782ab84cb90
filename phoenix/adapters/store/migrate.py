"""Bringing a database to the schema that this Phoenix knows."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from phoenix.adapters.store.schema_facts import NEWEST_REVISION, REVISIONS
from phoenix.ports.errors import StoreMisconfigured


def bring_up_to_date(connection: Connection) -> None:
    """Migrate inside the caller's transaction, so that either all of it happens or nothing.

    Raises StoreMisconfigured for a schema of a newer Phoenix, which is left as it was.
    """
    revision = current_revision(connection)
    if revision == NEWEST_REVISION:
        return
    if revision is not None and revision not in REVISIONS:
        raise StoreMisconfigured(
            f"the schema revision {revision!r} is not known to this Phoenix; the store was left as it was. "
            "Open it with the newer Phoenix that made it"
        )
    _upgrade(connection)


def current_revision(connection: Connection) -> str | None:
    """The schema revision of a database, or None while it has no tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "phoenix.adapters.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST_REVISION)
