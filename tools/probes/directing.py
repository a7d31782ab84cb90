"""Starts the gateway process, and directs it: time, prices and faults."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from tools.probes.gateway_process import PAIR, START

_ANSWERS_WITHIN_S = 10.0


class GatewayProcess:
    """A gateway simulator that lives while this is entered. Its time stands still but for what it is told."""

    def __init__(self, *, paces: bool = True) -> None:
        self._options = [] if paces else ["unpaced"]
        self.port = 0
        self.now = START

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.probes.gateway_process", *self._options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            self._end()
            raise RuntimeError("the gateway process ended before it listened")
        where = json.loads(said)
        self.port = where["port"]
        self._control = socket.create_connection(("127.0.0.1", where["control_port"]), _ANSWERS_WITHIN_S)
        self._answers = self._control.makefile("rb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._answers.close()
        self._control.close()
        self._end()

    def ask(self, verb: str, **particulars: object) -> dict[str, Any]:
        """What the control channel answers. Raises RuntimeError where it refuses."""
        self._control.sendall(json.dumps({"do": verb, **particulars}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(self._answers.readline())
        if not answer["ok"]:
            raise RuntimeError(f"{verb}: {answer['error']}")
        return answer

    def go_on(self, seconds: float = 1) -> datetime:
        """Let time pass; the instant it has come to."""
        self.now += timedelta(seconds=seconds)
        self.ask("advance", to=self.now.isoformat())
        return self.now

    def quote(self, bid: str, ask: str) -> None:
        """A new price, a second on."""
        at = self.now + timedelta(seconds=1)
        self.ask("quote", pair=PAIR, at=at.isoformat(), bid=bid, ask=ask)
        self.go_on()

    def reject(self, reference: str) -> None:
        """Have the broker refuse the orders of a reference."""
        self.ask("inject", kind="reject", detail={"reference": reference})

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(_ANSWERS_WITHIN_S)
