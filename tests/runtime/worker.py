"""Processes of their own for tests of the runtime, in a home that is given as the first argument.

serve        be the executor until told to stop; errors end it with one line and code 1
hold         hold the executor's lock until killed
gateway      be a gateway on a free port, which is said, until killed
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from threading import Event

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.locks import FileLock, this_process
from phoenix.domain.errors import PhoenixError
from phoenix.runtime.home import Home
from phoenix.runtime.process.serve import serve
from tests.runtime.gateway import serve_gateway


def main() -> None:
    home = Home.open(Path(sys.argv[1]))
    try:
        {"serve": run, "hold": hold, "gateway": gateway}[sys.argv[2]](home)
    except PhoenixError as error:
        sys.exit(str(error))


def run(home: Home) -> None:
    asyncio.run(serve(home, say))


def hold(home: Home) -> None:
    lock = FileLock(home.lock)
    lock.take(this_process("hold", SystemClock().now()))
    say("ready")
    Event().wait()


def gateway(home: Home) -> None:
    asyncio.run(serve_gateway(home, say))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
