"""Starts the gateway process, and directs it: time, prices and faults."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self

from tools.gateway_process import PAIR

_ANSWERS_WITHIN_S = 10.0


class Director:
    """The control channel of a gateway, whose time stands still but for what it is told."""

    def __init__(self, control_port: int) -> None:
        self._channel = socket.create_connection(("127.0.0.1", control_port), _ANSWERS_WITHIN_S)
        self._answers = self._channel.makefile("rb")

    def ask(self, verb: str, **particulars: object) -> dict[str, Any]:
        """What the control channel answers. Raises RuntimeError where it refuses."""
        self._channel.sendall(json.dumps({"do": verb, **particulars}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(self._answers.readline())
        if not answer["ok"]:
            raise RuntimeError(f"{verb}: {answer['error']}")
        return answer

    def quote(self, bid: str, ask: str) -> None:
        """A new price, a second on."""
        self.go_on(self.script(bid, ask))

    def script(self, bid: str, ask: str) -> datetime:
        """Have a new price come in a second; the instant of it."""
        at = datetime.fromisoformat(self.ask("state")["now"]) + timedelta(seconds=1)
        self.ask("quote", pair=PAIR, at=at.isoformat(), bid=bid, ask=ask)
        return at

    def go_on(self, until: datetime) -> None:
        """Let time pass."""
        self.ask("advance", to=until.isoformat())

    def reject(self, reference: str) -> None:
        """Have the broker refuse the orders of a reference."""
        self.ask("inject", kind="reject", detail={"reference": reference})

    def close(self) -> None:
        """Let go of the channel."""
        self._answers.close()
        self._channel.close()


class GatewayProcess:
    """A gateway simulator that lives while this is entered."""

    def __init__(self, *, paces: bool = True) -> None:
        self._options = [] if paces else ["unpaced"]
        self.port = 0
        self.control_port = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.gateway_process", *self._options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said:
            self._end()
            raise RuntimeError("the gateway process ended before it listened")
        where = json.loads(said)
        self.port, self.control_port = where["port"], where["control_port"]
        self.director = Director(self.control_port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.director.close()
        self._end()

    def _end(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(_ANSWERS_WITHIN_S)
