"""The gateway of a soak over the wire: a process of its own, which drops lines, loses its own, and dies."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

from phoenix.domain.errors import PhoenixError
from phoenix.runtime.process.gateway_control import ask

BOOK = "gateway-book.db"
DISTURB_EVERY_S = 25.0
STARTS_WITHIN_S = 30.0


class SoakGateway:
    """Starts again on the same ports and the same book whenever it died. `counts` says what it did to its clients."""

    def __init__(self, home: Path, mode: str, seed: int, random: Random) -> None:
        self.port, self._control_port = _free_port(), _free_port()
        self.book = home / BOOK
        self.counts: Counter[str] = Counter()
        self._command = [
            str(Path(sys.executable).parent / "phoenix"), "gateway", "run", "--home", str(home),
            "--port", str(self.port), "--control-port", str(self._control_port),
            "--mode", mode, "--seed", str(seed), "--book", str(self.book),
        ]  # fmt: skip
        self._random = random
        self._process: subprocess.Popen[bytes] | None = None
        self._disturb_at = self._next()

    def let_serve(self) -> None:
        """See to it that the gateway runs, and listens."""
        if self._process is not None and self._process.poll() is None:
            return
        if self._process is not None:
            raise RuntimeError(f"the gateway ended by itself with {self._process.returncode}")
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < deadline:
            try:
                ask(self._control_port, {"do": "state"})
            except PhoenixError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"the gateway does not answer after {STARTS_WITHIN_S:g} s")

    def disturb(self) -> None:
        """Do something to the line, now and then."""
        if time.monotonic() < self._disturb_at:
            return
        self._disturb_at = self._next()
        choice = self._random.choice(("drop", "outage", "outage", "drop", "die"))
        self.counts[choice] += 1
        if choice == "die":
            self.kill()
        elif choice == "drop":
            self._inject("socket_drop", {"for_s": round(self._random.uniform(0.5, 8), 1)})
        else:
            kept = self._random.random() < 0.5
            self._inject("line_outage", {"for_s": round(self._random.uniform(0.5, 10), 1), "data_kept": kept})

    def kill(self) -> None:
        """Kill -9; the book is all that is left of it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _inject(self, kind: str, detail: dict[str, object]) -> None:
        ask(self._control_port, {"do": "inject", "kind": kind, "detail": detail})

    def _next(self) -> float:
        return time.monotonic() + self._random.expovariate(1 / DISTURB_EVERY_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
