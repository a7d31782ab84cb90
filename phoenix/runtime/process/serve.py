"""`phoenix serve`: the executor's process, from taking the lock to letting go of it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.locks import FileLock
from phoenix.application.watch.workers import Worker, WorkerDied, WorkerHangs
from phoenix.runtime.home import Home
from phoenix.runtime.home.store import require_whole
from phoenix.runtime.process.checkpoint_request import SERVE, SIGNAL
from phoenix.runtime.process.holding import held_parts
from phoenix.runtime.process.narration import Narration, Tell, tell_nobody
from phoenix.runtime.process.opening import Parts
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.process.watchdog import Watchdog, tell_of_death
from phoenix.runtime.saying import Say
from phoenix.runtime.signals.inbox import Inbox

_STOPPING = (signal.SIGTERM, signal.SIGINT)
"""And SIGHUP when its terminal is closed, unless nohup had that ignored."""
_LOOK_S = 0.05
READY = "ready"
"""The first word of the line that is said once decisions are acted on."""


async def serve(home: Home, say: Say, tell: Tell = tell_nobody) -> None:
    """Be the executor until SIGTERM, SIGINT or SIGHUP, then let go in order. What happens is told bead by bead.

    Raises ExecutorRunning, ConfigurationError and StoreError before anything was changed; and StoreError later on,
    when nothing can be made durable any more: the process must then end, and recovery takes over at its next start.
    Raises WorkerDied, once that was told, where a worker ends on an error that nothing provides for; and WorkerHangs.
    """
    loop, asked = asyncio.get_running_loop(), CheckpointAsked()
    loop.add_signal_handler(SIGNAL, asked.ask)
    try:
        await _let_one_shot_end(home, say)
        with held_parts(home, SERVE, say) as parts:
            require_whole(parts.store)
            await _run(parts, asked, say, tell)
    finally:
        loop.remove_signal_handler(SIGNAL)


class CheckpointAsked:
    """Whether another process has asked for a checkpoint. A signal may come as soon as the lock names this process."""

    def __init__(self) -> None:
        self._is_asked = False
        self.wake: Callable[[], None] = lambda: None

    def ask(self) -> None:
        self._is_asked = True
        self.wake()

    def take_up(self) -> bool:
        """Whether it was asked since the last time."""
        was_asked, self._is_asked = self._is_asked, False
        return was_asked


async def _let_one_shot_end(home: Home, say: Say) -> None:
    """Wait for a command that is the executor for a moment; another serve is not waited for."""
    clock, lock = SystemClock(), FileLock(home.lock)
    until, told = clock.now() + timedelta(seconds=home.settings.commands.wait_s), False
    while clock.now() < until and (holder := lock.holder()) is not None and holder.command != SERVE:
        if not told:
            say(f"waiting for {holder}")
            told = True
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), _LOOK_S)


async def _run(parts: Parts, asked: CheckpointAsked, say: Say, tell: Tell) -> None:
    loop, stop, running = asyncio.get_running_loop(), asyncio.Event(), RunningExecutor(parts)
    narration = Narration(parts.store, tell)
    asked.wake = running.wake

    def stop_now() -> None:
        stop.set()
        running.wake()

    stopping = _STOPPING if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (*_STOPPING, signal.SIGHUP)
    for number in stopping:
        loop.add_signal_handler(number, stop_now)
    try:
        say(f"{parts.home.store}: {parts.window}")
        await running.start()
        parts.workers.begin()
        narration.go_on()
        say(f"{READY}: {parts.policy.account.account} ({parts.policy.account.mode.value}), {_session(parts)}")
        await _live_watched(running, asked, stop, narration)
        await running.leave("the executor stopped")
        narration.go_on()
        say("stopped: the broker session is closed, what works at the broker goes on working")
    finally:
        for number in stopping:
            loop.remove_signal_handler(number)


async def _live_watched(
    running: RunningExecutor, asked: CheckpointAsked, stop: asyncio.Event, narration: Narration
) -> None:
    """Live until told to stop. Whatever ends the workers, or who watches over them, ends the other, too.

    Raises WorkerHangs where it was told to stop, and waited in vain for a worker's turn to end.
    """
    living = asyncio.ensure_future(_live(running, asked, stop, narration))
    watching = asyncio.ensure_future(Watchdog(running).watch())
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((living, watching, stopping), return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            await watching
        done, _ = await asyncio.wait((living,), timeout=running.parts.policy.heartbeat.late_after_s)
        if not done:
            raise WorkerHangs(running.parts.workers.late(running.parts.clock.now()))
        await living
    except WorkerDied as death:
        await tell_of_death(running, death)
        narration.go_on()
        raise
    finally:
        for task in (living, watching, stopping):
            task.cancel()
        await asyncio.gather(living, watching, stopping, return_exceptions=True)


async def _live(running: RunningExecutor, asked: CheckpointAsked, stop: asyncio.Event, narration: Narration) -> None:
    parts = running.parts
    inbox = Inbox(parts.home.inbox, running.executor.ingest, parts.faults, parts.say)
    while not stop.is_set():
        with parts.workers.turn_of(Worker.INBOX):
            await inbox.pick_up()
        await running.turn()
        await parts.workers.beat()
        with parts.workers.turn_of(Worker.RECORD):
            if asked.take_up():
                running.checkpoint()
            running.checkpoint_if_due()
        narration.go_on()
        await running.board.publish()
        await running.sleep(parts.home.settings.serve.poll_s)


def _session(parts: Parts) -> str:
    session = parts.executor.state.session
    entries = "entries are open" if session.is_reconciled else "entries are closed"
    connected = "connected" if session.is_connected else "not connected"
    return f"{parts.broker.name} {connected}, {entries}: {session.detail}"
