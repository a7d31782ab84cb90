"""Whether the broker's adapter loads and takes its options, without touching what it would work on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from phoenix.adapters.brokers.loader import load_broker_factory
from phoenix.adapters.clock import SystemClock
from phoenix.domain.errors import PhoenixError
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import ClaimOffice
from phoenix.runtime.checkup.finding import Finding, failed, ok
from phoenix.runtime.home import Home
from phoenix.runtime.process.opening import calendar_of

CHECK = "broker adapter"
_BOOK = "book"


def adapter(home: Home) -> Finding:
    """One is built as at a start, in a folder that goes away, on a copy of the simulated broker's book."""
    name = home.settings.broker.adapter
    try:
        factory = load_broker_factory(name)
        with TemporaryDirectory() as folder:
            factory(_context(home, Path(folder)))
    except (PhoenixError, sqlite3.Error, OSError) as error:
        return failed(CHECK, str(error), "Correct [broker] in the configuration, then phoenix config check")
    return ok(CHECK, f"{name} loads and takes its options")


def _context(home: Home, folder: Path) -> BrokerContext:
    policy = home.settings.policy()
    options = dict(home.settings.broker.options)
    book = options.get(_BOOK)
    if isinstance(book, str):
        options[_BOOK] = _copied(home.directory / book, folder)
    return BrokerContext(
        options, policy.account, policy.instruments, SystemClock(), calendar_of(home.settings), ClaimOffice(),
        lambda _: None, folder,
    )  # fmt: skip


def _copied(book: Path, folder: Path) -> str:
    """The name of a copy of the book; a name that nothing has where there is no book yet."""
    copy = folder / "copy.db"
    if book.is_file():
        here = sqlite3.connect(f"{book.as_uri()}?mode=ro", uri=True)
        with closing(here), closing(sqlite3.connect(copy)) as there:
            here.backup(there)
    return copy.name
