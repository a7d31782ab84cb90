"""Migrations: they amount to the declared schema, and happen as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from phoenix.adapters.store.schema import metadata
from phoenix.adapters.store.schema_facts import GUARDS, NEWEST_REVISION, REVISIONS
from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import StoreError
from tests.adapters.store.beads import TALLY, Tally
from tests.adapters.store.raw import dump, raw_connection


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", "phoenix.adapters.store:migrations")
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def test_the_known_revisions_are_those_that_are_shipped() -> None:
    assert scripts().get_current_head() == NEWEST_REVISION
    assert {script.revision for script in scripts().walk_revisions()} == REVISIONS


def test_migrations_amount_to_the_declared_schema(sqlite_store: SqliteStore[Tally], path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        assert set(triggers) == GUARDS
    engine.dispose()


def test_a_migration_that_fails_half_way_leaves_nothing(path: Path) -> None:
    with raw_connection(path) as connection:
        connection.execute(f"PRAGMA application_id = {0x50484E58}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bead_keys (in_the_way TEXT)")
    before = dump(path)
    with pytest.raises(StoreError, match="migrating the store"):
        SqliteStore.open(path, TALLY, ClaimOffice())
    assert dump(path) == before
