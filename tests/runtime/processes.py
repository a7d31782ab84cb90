"""Starting and ending real processes on a home."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer

from phoenix.runtime.faults.points import VARIABLE
from phoenix.runtime.home import Home
from tests import children

ROOT = Path(__file__).parents[2]
LIMIT_S = 60


class Process:
    """A worker process whose lines can be waited for. It is killed when it takes far too long."""

    def __init__(self, home: Home, what: str, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-m", "tests.runtime.worker", str(home.directory), what]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=children.environment(**environment),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._limit = Timer(LIMIT_S, self._process.kill)
        self._limit.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_for(self, beginning: str) -> str:
        """The next line that begins so."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(beginning):
                return line
        raise AssertionError(
            f"the process ended ({self._process.wait()}) before it said {beginning!r}: {self._errors()}"
        )

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def end(self) -> tuple[int, str]:
        """How the process ends by itself: its code, negative for a signal, and what it said of errors."""
        code = self._process.wait()
        self._limit.cancel()
        return code, self._errors()

    def kill(self) -> None:
        """Kill it, if it still lives."""
        self._process.kill()
        self.end()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _errors(self) -> str:
        assert self._process.stderr is not None
        return "" if self._process.stderr.closed else self._process.stderr.read()


@contextmanager
def started(home: Home, what: str = "serve", fault_point: str | None = None) -> Iterator[Process]:
    """A process on a home; it is killed at the end, if it has not ended before."""
    process = Process(home, what, {} if fault_point is None else {VARIABLE: fault_point})
    try:
        yield process
    finally:
        process.kill()


@contextmanager
def serving(home: Home, fault_point: str | None = None) -> Iterator[Process]:
    """A running executor that acts on decisions by now."""
    with started(home, "serve", fault_point) as process:
        process.wait_for("ready")
        yield process


def until(happened: Callable[[], bool]) -> None:
    """Look again and again, for ten seconds at most."""
    for _ in range(100):
        if happened():
            return
        Event().wait(0.1)
    raise AssertionError("it did not happen")
