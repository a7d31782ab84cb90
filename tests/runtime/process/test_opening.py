"""What stops a start: it is explained, and everything is left as it was."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from phoenix.domain.errors import PhoenixError
from phoenix.ports.errors import ConfigurationError, StoreCorrupt, StoreMisconfigured
from phoenix.runtime.desk import Desk
from phoenix.runtime.faults.points import VARIABLE
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from phoenix.runtime.process.serve import serve
from tests.runtime.tampering import changed_byte, configure, cut_tail, rewrite


def foreign(home: Home) -> None:
    home.store.unlink()
    connection = sqlite3.connect(home.store)
    connection.execute("CREATE TABLE beads (x)")
    connection.close()


def no_database(home: Home) -> None:
    home.store.write_bytes(b"not a database at all")


def missing(home: Home) -> None:
    home.store.unlink()


def newer(home: Home) -> None:
    rewrite(home, "UPDATE alembic_version SET version_num = '9999'")


def missing_bead(home: Home) -> None:
    rewrite(home, "DELETE FROM bead_keys", "DELETE FROM beads WHERE seq = 3")


def other_store(home: Home) -> None:
    other = init(home.directory.with_name("other"), datetime.now(UTC))
    shutil.copy(home.checkpoints, other.directory / "kept")
    with Desk(other) as desk:
        desk.catch_up()
    home.store.unlink()
    shutil.copy(other.store, home.store)


def forged_checkpoints(home: Home) -> None:
    home.checkpoints.write_bytes(home.checkpoints.read_bytes().replace(b'"seq":"', b'"seq":"9'))


def open_key(home: Home) -> None:
    home.private_key.chmod(0o644)


def no_public_key(home: Home) -> None:
    configure(home, "public_key", "# public_key")


def other_account(home: Home) -> None:
    configure(home, '"SIM0001"', '"SIM0002"')


def other_mode(home: Home) -> None:
    configure(home, 'id = "SIM0001"\nmode = "SIMULATOR"', 'id = "DU0001"\nmode = "PAPER"')
    configure(home, '"ALWAYS_OPEN"', '"FX_WEEK"')


def other_broker(home: Home) -> None:
    configure(home, 'adapter = "chaos_mock"', 'adapter = "no_such_broker"')


def misspelt(home: Home) -> None:
    configure(home, "tick =", "tikc =")


STOOD_FOR_BY_A_SNAPSHOT = (changed_byte, missing_bead)
"""What only a walk over the whole chain finds, such as a long-lived executor begins with."""


def files_of(home: Home) -> dict[str, bytes]:
    """Every file that matters: SQLite's own side files come and go with each opening."""
    passing = ("-wal", "-shm", ".lock")
    return {
        str(path.relative_to(home.directory)): path.read_bytes()
        for path in home.directory.rglob("*")
        if path.is_file() and not path.name.endswith(passing)
    }


@pytest.mark.parametrize(
    ("breaks", "error", "says"),
    [
        (foreign, StoreMisconfigured, "not a Phoenix store"),
        (no_database, StoreMisconfigured, "not a Phoenix store"),
        (missing, StoreMisconfigured, "no store here"),
        (newer, StoreMisconfigured, "newer"),
        (changed_byte, StoreCorrupt, "bead 3"),
        (missing_bead, StoreCorrupt, "bead 3"),
        (cut_tail, StoreCorrupt, "cut off"),
        (other_store, StoreCorrupt, "different chain|cut off"),
        (forged_checkpoints, StoreCorrupt, "signature"),
        (open_key, ConfigurationError, "chmod 600"),
        (no_public_key, ConfigurationError, "checkpoints.public_key"),
        (other_account, ConfigurationError, "account.id.*SIM0001.*SIM0002"),
        (other_mode, ConfigurationError, "account.id.*SIM0001.*DU0001"),
        (other_broker, ConfigurationError, "no_such_broker"),
        (misspelt, ConfigurationError, "tikc"),
    ],
)
def test_a_start_that_cannot_be_right_is_refused_and_changes_nothing(
    home: Home, breaks: Callable[[Home], None], error: type[PhoenixError], says: str
) -> None:
    with Desk(home) as desk:
        desk.catch_up()
    breaks(home)
    before = files_of(home)
    with pytest.raises(error, match=says):
        asyncio.run(serve(Home.open(home.directory), lambda _: None))
    assert files_of(home) == before
    if breaks not in STOOD_FOR_BY_A_SNAPSHOT:
        with pytest.raises(error, match=says):
            Desk(Home.open(home.directory)).catch_up()
        assert files_of(home) == before


def test_a_refused_start_lets_go_of_the_lock(home: Home) -> None:
    other_account(home)
    with pytest.raises(ConfigurationError):
        Desk(Home.open(home.directory)).catch_up()
    assert Desk(home).executor() is None
    with Desk(home) as desk:
        desk.catch_up()


def test_a_misspelt_fault_point_stops_the_start(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, VARIABLE, "commit.befor.SIGNAL")
    with pytest.raises(ConfigurationError, match=r"commit\.befor\.SIGNAL"):
        Desk(home).catch_up()


def test_letting_go_covers_the_chain_with_a_checkpoint(home: Home) -> None:
    with Desk(home) as desk:
        desk.catch_up()
        covered = desk.checkpoint()
        assert desk.store.head().seq - covered.seq <= 4


def test_the_path_of_a_home_may_hold_spaces(tmp_path: Path) -> None:
    with Desk(init(tmp_path / "my data", datetime.now(UTC))) as desk:
        desk.catch_up()
        assert desk.read.session().detail
