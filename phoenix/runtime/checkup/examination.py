"""All the checks in their order. A broken home is what they are for: nothing that is broken ends them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from phoenix.domain.errors import PhoenixError
from phoenix.runtime.checkup import (
    adapter,
    alerting,
    chain,
    clock,
    configuration,
    connection,
    files,
    store_file,
    work,
    workers,
)
from phoenix.runtime.checkup.finding import Finding, Verdict, failed, not_checked, ok
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home

OPENS = "store opens"
_REPAIR = "repair what it names, then phoenix doctor"
_OF_HOME = (
    files.FILES, files.KEYS, files.DISK, files.INBOX, adapter.CHECK, alerting.CHANNELS, store_file.FORMAT,
    store_file.BINDING, chain.CHAIN, OPENS,
)  # fmt: skip
_OF_STORE = (
    chain.CHECKPOINT, chain.SNAPSHOT, clock.CHECK, workers.WORKERS, workers.HEARTBEAT,
    work.EXECUTOR, work.SESSION, work.ENTRIES, work.STALLED,
    work.UNPROTECTED, work.UNKNOWN, work.DECISIONS, work.DRIFT, alerting.DELIVERY,
    alerting.ALERTS,
)  # fmt: skip


def examine(directory: Path, now: datetime, *, connects: bool = False) -> Iterator[Finding]:
    """Every finding on a home as soon as it is known. Changes nothing.

    Connects to nothing and takes no lock unless it `connects`: then a session is opened where no executor has one,
    under the executor's lock, and only asked.
    """
    home = yield from _home(directory)
    if home is None:
        unchecked = (*_OF_HOME, *_OF_STORE, connection.CHECK)
        yield from (not_checked(check, "the configuration cannot be used") for check in unchecked)
        return
    yield from _attempt(files.FILES, lambda: files.files(home))
    yield from _attempt(files.KEYS, lambda: [files.keys(home)])
    yield from _attempt(files.DISK, lambda: [files.disk(home)])
    yield from _attempt(files.INBOX, lambda: [files.inbox(home)])
    has_adapter = yield from _adapter(home)
    yield from _attempt(alerting.CHANNELS, lambda: [alerting.channels(home)])
    is_sound = yield from _store_file(home)
    yield chain.chain(home) if is_sound else not_checked(chain.CHAIN, "the store's file is not as it should be")
    with Desk(home) as desk:
        is_open = yield from _opened(desk, is_sound)
        if is_open:
            yield from _of_store(desk, now)
        else:
            yield from (not_checked(check, "the store is not open") for check in _OF_STORE)
        if has_adapter:
            yield from _connection(home, desk if is_open else None, connects=connects)
        else:
            yield not_checked(connection.CHECK, "the adapter cannot be used")


def examine_configuration(directory: Path) -> Iterator[Finding]:
    """What a start would refuse before it opens the chain."""
    home = yield from _home(directory)
    if home is None:
        return
    yield from _attempt(files.KEYS, lambda: [files.keys(home)])
    yield from _attempt(adapter.CHECK, lambda: [adapter.adapter(home)])
    yield from _attempt(alerting.CHANNELS, lambda: [alerting.channels(home)])
    yield from _store_file(home)


def _attempt(check: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds; one that cannot be carried out has failed."""
    try:
        yield from list(look())
    except (PhoenixError, OSError, sqlite3.Error) as error:
        yield failed(check, str(error), _REPAIR)


def _adapter(home: Home) -> Generator[Finding, None, bool]:
    found = list(_attempt(adapter.CHECK, lambda: [adapter.adapter(home)]))
    yield from found
    return found[0].verdict is Verdict.OK


def _connection(home: Home, desk: Desk | None, *, connects: bool) -> Iterator[Finding]:
    """Told as it is found: a gateway may take long to answer."""
    store, session = (None, None) if desk is None else (desk.store, desk.read.state.session)
    try:
        yield from connection.connection(home, store, session, connects=connects)
    except (PhoenixError, OSError) as error:
        yield failed(connection.CHECK, str(error), _REPAIR)


def _home(directory: Path) -> Generator[Finding, None, Home | None]:
    """The findings on the configuration, and the home where it can be used."""
    found = [
        *_attempt(configuration.CHECK, lambda: configuration.configuration(directory)), configuration.environment()
    ]  # fmt: skip
    yield from found
    return None if any(finding.verdict is Verdict.FAILED for finding in found) else Home.open(directory)


def _store_file(home: Home) -> Generator[Finding, None, bool]:
    """The findings on the store's file, and whether it can be opened without changing it."""
    of_format = store_file.store_format(home)
    yield of_format
    if of_format.verdict is not Verdict.OK:
        yield not_checked(store_file.BINDING, "the store's file is not as it should be")
        return False
    bound = store_file.binding(home)
    yield bound
    return bound.verdict is Verdict.OK


def _opened(desk: Desk, is_sound: bool) -> Generator[Finding, None, bool]:
    if not is_sound:
        yield not_checked(OPENS, "its file is not as it should be")
        return False
    try:
        head = desk.store.head()
    except PhoenixError as error:
        yield failed(OPENS, str(error), "do not trade; restore a backup, and keep this file to find out who changed it")
        return False
    yield ok(OPENS, f"the state was folded up to bead {head.seq}")
    return True


def _of_store(desk: Desk, now: datetime) -> Iterator[Finding]:
    home, store, read = desk.home, desk.store, desk.read
    yield from _attempt(chain.CHECKPOINT, lambda: [chain.checkpoint(home, store)])
    yield from _attempt(chain.SNAPSHOT, lambda: [chain.snapshot(home)])
    yield from _attempt(clock.CHECK, lambda: [clock.clock(store, now)])
    yield from _attempt(workers.WORKERS, lambda: workers.workers_and_heartbeat(home.directory, now))
    yield from _attempt(work.EXECUTOR, lambda: work.executor_and_entries(home.directory, read.state, now))
    yield from _attempt(work.STALLED, lambda: work.positions(read.state))
    yield from _attempt(work.DECISIONS, lambda: [work.decisions(read.state), work.drift(read.state)])
    yield from _attempt(alerting.DELIVERY, lambda: [alerting.delivery(home, read), alerting.alerts(read)])
