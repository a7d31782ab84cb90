"""`phoenix serve`: the executor's process, from taking the lock to letting go of it."""

from __future__ import annotations

import asyncio
import signal

from phoenix.runtime.holding import held_parts
from phoenix.runtime.home import Home
from phoenix.runtime.inbox import Inbox
from phoenix.runtime.opening import Parts, Say
from phoenix.runtime.running import RunningExecutor
from phoenix.runtime.store_of_home import require_whole

_STOPPING = (signal.SIGTERM, signal.SIGINT)
READY = "ready"
"""The first word of the line that is said once decisions are acted on."""


async def serve(home: Home, say: Say) -> None:
    """Be the executor until SIGTERM or SIGINT, then let go in order.

    Raises ExecutorRunning, ConfigurationError and StoreError before anything was changed; and StoreError later on,
    when nothing can be made durable any more: the process must then end, and recovery takes over at its next start.
    """
    with held_parts(home, "serve", say) as parts:
        require_whole(parts.store)
        await _run(parts, say)


async def _run(parts: Parts, say: Say) -> None:
    loop, stop, running = asyncio.get_running_loop(), asyncio.Event(), RunningExecutor(parts)

    def stop_now() -> None:
        stop.set()
        running.wake()

    for number in _STOPPING:
        loop.add_signal_handler(number, stop_now)
    try:
        say(f"{parts.home.store}: {parts.window}")
        await running.start()
        say(f"{READY}: {parts.policy.account.account} ({parts.policy.account.mode.value}), {_session(parts)}")
        await _live(running, stop)
        await running.leave("the executor stopped")
        say("stopped: the broker session is closed, what works at the broker goes on working")
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)


async def _live(running: RunningExecutor, stop: asyncio.Event) -> None:
    parts = running.parts
    inbox = Inbox(parts.home.inbox, running.executor.ingest, parts.faults)
    while not stop.is_set():
        await inbox.pick_up()
        await running.turn()
        running.checkpoint_if_due()
        await running.board.publish()
        await running.sleep(parts.home.settings.serve.poll_s)


def _session(parts: Parts) -> str:
    session = parts.executor.state.session
    entries = "entries are open" if session.is_reconciled else "entries are closed"
    connected = "connected" if session.is_connected else "not connected"
    return f"{parts.broker.name} {connected}, {entries}: {session.detail}"
