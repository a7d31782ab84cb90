"""Whether the broker's adapter loads and takes its options, without touching what it would work on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from phoenix.adapters.brokers.loader import load_broker_factory
from phoenix.adapters.clock import SystemClock
from phoenix.domain.errors import PhoenixError
from phoenix.ports.broker import Broker, EventSink
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
        with TemporaryDirectory() as folder:
            built(home, Path(folder), lambda _: None, _with_copied_book(home, Path(folder)))
    except (PhoenixError, sqlite3.Error, OSError) as error:
        return failed(CHECK, str(error), "Correct [broker] in the configuration, then phoenix config check")
    return ok(CHECK, f"{name} loads and takes its options")


def built(home: Home, folder: Path, sink: EventSink, options: dict[str, object]) -> Broker:
    """The configured adapter, with options in place of its table. Raises ConfigurationError."""
    policy = home.settings.policy()
    context = BrokerContext(
        options, policy.account, policy.instruments, SystemClock(), calendar_of(home.settings), ClaimOffice(), sink,
        folder,
    )  # fmt: skip
    return load_broker_factory(home.settings.broker.adapter)(context)


def without_book(home: Home) -> dict[str, object]:
    """The adapter's table; what lives in a file of Phoenix's own then lives nowhere."""
    return {name: value for name, value in home.settings.broker.options.items() if name != _BOOK}


def _with_copied_book(home: Home, folder: Path) -> dict[str, object]:
    options = dict(home.settings.broker.options)
    book = options.get(_BOOK)
    if isinstance(book, str):
        options[_BOOK] = _copied(home.directory / book, folder)
    return options


def _copied(book: Path, folder: Path) -> str:
    """The name of a copy of the book; a name that nothing has where there is no book yet."""
    copy = folder / "copy.db"
    if book.is_file():
        here = sqlite3.connect(f"{book.as_uri()}?mode=ro", uri=True)
        with closing(here), closing(sqlite3.connect(copy)) as there:
            here.backup(there)
    return copy.name
