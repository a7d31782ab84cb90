"""`phoenix.run`: being the executor of a home for as long as a block lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from logging import getLogger
from pathlib import Path

from phoenix.application.watch.workers import Worker, WorkerDied
from phoenix.domain.errors import InvalidValue
from phoenix.embedding.asking import Asking
from phoenix.embedding.core import Core
from phoenix.embedding.homes import open_home
from phoenix.ports.approver import Approver
from phoenix.runtime.home import Home
from phoenix.runtime.home.store import require_whole
from phoenix.runtime.process.checkpoint_request import SERVE
from phoenix.runtime.process.holding import held_parts
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.process.watchdog import Watchdog, tell_of_death
from phoenix.runtime.signals.inbox import Inbox

_log = getLogger("phoenix.embedding")


@asynccontextmanager
async def run(
    home: Home | Path | str, *, approver: Approver | None = None, inbox: bool = False, name: str = "embedded"
) -> AsyncIterator[Core]:
    """Be the executor of a home inside the block: hold its lock, connect, recover, keep time; let go in order after it.

    `approver` is asked about every intent that waits; without one they wait for the program or another process.
    `inbox` also takes in the files of the signal inbox. `name` tells others who holds the lock; it is not serve, for
    whoever is called so is sent signals. What happens is told to the logger `phoenix.embedding`.

    Raises ExecutorRunning while another process is the executor, and ConfigurationError or StoreError for whatever
    else stops a start, each with nothing changed. When nothing can be made durable any more, the block is cancelled and
    the StoreError comes out of it; the next start recovers. So it is with a part of the executor that dies of an error
    that nothing provides for, once that was told.
    """
    if name == SERVE:
        raise InvalidValue("name", f"{name!r} is how phoenix serve is known, and it listens to signals", "Use another")
    opened = home if isinstance(home, Home) else open_home(home)
    with held_parts(opened, name, _log.info) as parts:
        require_whole(parts.store)
        running = RunningExecutor(parts)
        await running.start()
        parts.workers.begin(*(() if inbox else (Worker.INBOX,)))
        core = Core(running)
        asking = None if approver is None else Asking(approver, core)
        folder = Inbox(opened.inbox, running.executor.ingest, parts.faults, parts.say) if inbox else None
        watching = asyncio.create_task(Watchdog(running).watch())
        try:
            async with _living(core, asking, folder, lambda: running.leave(f"{name} is done")):
                yield core
        except WorkerDied as death:
            await tell_of_death(running, death)
            raise
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


@asynccontextmanager
async def _living(
    core: Core, asking: Asking | None, folder: Inbox | None, leave: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """The core lives beside the block, and leaves at its end however that comes about.

    A life that fails cuts the block short, and its error is what comes out; there is nothing in order to leave then.
    """
    block, life = asyncio.current_task(), asyncio.create_task(_live(core, asking, folder))
    is_cut_short = False

    def cut_short(_: asyncio.Task[None]) -> None:
        nonlocal is_cut_short
        if core.is_open and block is not None:
            is_cut_short = block.cancel()

    life.add_done_callback(cut_short)
    try:
        yield
    finally:
        core.let_go()
        if is_cut_short and block is not None:
            block.uncancel()
        await asyncio.wait({life})
        if asking is not None:
            await asking.end()
        try:
            life.result()
            await leave()
            core.part(in_order=True)
        except BaseException:
            core.part(in_order=False)
            raise


async def _live(core: Core, asking: Asking | None, folder: Inbox | None) -> None:
    while core.is_open:
        if folder is not None:
            with core.turn_of(Worker.INBOX):
                await folder.pick_up()
        await core.turn()
        if asking is not None:
            asking.ask()
        await core.rest()
