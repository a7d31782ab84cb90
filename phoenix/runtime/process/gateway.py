"""`phoenix gateway run`: the gateway simulator's process, and what it tells of its life."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, TypeAlias

from phoenix.adapters.calendar import AlwaysOpen, FxWeek
from phoenix.adapters.clock import SystemClock
from phoenix.adapters.gateway.configured import make_server
from phoenix.adapters.gateway.server import GatewayServer
from phoenix.adapters.simulation.ledger import BrokerLedger, LedgerRecord
from phoenix.config.gateway import GatewayConfiguration
from phoenix.config.settings import CalendarName
from phoenix.domain.errors import InvalidValue, PhoenixError
from phoenix.runtime.home import Home, configuration_of

_STOPPING = (signal.SIGTERM, signal.SIGINT)
_LOOK_S = 0.1

Tell: TypeAlias = Callable[[LedgerRecord], None]


class GatewayFailed(PhoenixError):
    """Something that nothing provides for ended the gateway."""


def home_beside(directory: Path, *, is_named: bool) -> Home | None:
    """The home whose instruments count: one that was named, or the one that happens to be there."""
    return Home.open(directory) if is_named or configuration_of(directory).is_file() else None


def gateway_of(configuration: GatewayConfiguration) -> GatewayServer:
    """The gateway in the computer's time. Raises ConfigurationError and InvalidValue."""
    calendar = AlwaysOpen() if configuration.calendar is CalendarName.ALWAYS_OPEN else FxWeek()
    return make_server(
        configuration.options, SystemClock(), calendar, configuration.instruments, configuration.folder
    )  # fmt: skip


async def run_gateway(server: GatewayServer, begun: Callable[[], None], tell: Tell, say: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, telling what is entered in the ledger meanwhile.

    Raises InvalidValue where a port cannot be had, and GatewayFailed.
    """
    loop, stop, failures = asyncio.get_running_loop(), asyncio.Event(), Failures(say)
    failures.stop = stop.set
    loop.set_exception_handler(failures.take)
    for number in _STOPPING:
        loop.add_signal_handler(number, stop.set)
    story = Story(server.gateway.engine.ledger, tell)
    try:
        async with _listening(server):
            begun()
            await until_stopped(stop, story)
        story.go_on()
    finally:
        for number in _STOPPING:
            loop.remove_signal_handler(number)
    failures.raise_first()


@asynccontextmanager
async def _listening(server: GatewayServer) -> AsyncIterator[None]:
    """The server while it listens. Raises InvalidValue, naming the port that it cannot have."""
    try:
        await server.__aenter__()
    except OSError as error:
        raise InvalidValue(
            "gateway.control_port" if server.port else "gateway.port",
            f"{server.host} cannot be listened on ({error.strerror or error})",
            "End what listens there, or give another port",
        ) from error
    try:
        yield
    finally:
        await server.__aexit__()


async def until_stopped(stop: asyncio.Event, story: Story) -> None:
    """Go on with the story until it is to end."""
    while not stop.is_set():
        story.go_on()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK_S)


class Story:
    """Tells the records behind the place where it began, each once."""

    def __init__(self, ledger: BrokerLedger, tell: Tell) -> None:
        self._ledger = ledger
        self._tell = tell
        self._told = len(ledger.records)

    def go_on(self) -> None:
        for record in self._ledger.records[self._told :]:
            self._tell(record)
            self._told = record.seq


class Failures:
    """What the parts of a gateway did not provide for. The system's own are said; any other ends the gateway."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._first: BaseException | None = None
        self.stop: Callable[[], object] = lambda: None

    def take(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None or isinstance(error, OSError):
            self._say(f"{context.get('message')}: {error}")
            return
        self._first = self._first or error
        self.stop()

    def raise_first(self) -> None:
        error = self._first
        if isinstance(error, PhoenixError):
            raise error
        if error is not None:
            raise GatewayFailed(
                f"a part of the gateway failed ({type(error).__name__}: {error}); what its book holds is whole. Start "
                "it again with phoenix gateway run, and report this"
            ) from error
