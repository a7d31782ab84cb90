"""P12: an IBKR adapter over the gateway simulator, against the bare library that it uses, over the same simulator."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from benchmarks.harness import BLOCKS, Measurement, Pair, Timing, benchmark, measured
from tools.directing import GatewayProcess

GOAL = 1.2
EXECUTIONS = 100
OPERATIONS = 40
_ENDS_WITHIN_S = 10.0
_WHAT = {
    "executions": f"a query of {EXECUTIONS} executions",
    "order": "a market order, from submit to its execution",
    "tick": "a price that moves, until it is read as a quote",
}


@benchmark("P12")
def wire() -> Sequence[Measurement]:
    """Each side in a process of its own, the gateway in a third; their turns alternate."""
    return [one for library in ("ib_insync", "ibapi") for one in _compared(library)]


def _compared(library: str) -> list[Measurement]:
    measurements = []
    with (
        GatewayProcess(paces=False) as gateway,
        _Turns(f"adapter {library}", gateway, 1) as subject,
        _Turns(library, gateway, 2) as floor,
    ):
        for _ in range(EXECUTIONS // 2):
            subject.take("order")
            floor.take("order")
        for what, title in _WHAT.items():
            pair = _paired(subject, floor, what)
            name = f"P12 {library} {what}"
            measurements += [
                measured(name, f"{title}, adapter against bare {library}", pair.wall(), GOAL),
                measured(f"{name} cpu", "the same, processor time of the client", pair.cpu(), GOAL),
            ]
    return measurements


class _Turns:
    """One side, which takes a turn at a time."""

    def __init__(self, name: str, gateway: GatewayProcess, client_id: int) -> None:
        self._command = [
            sys.executable, "-m", "tools.probes.round_trip", name, str(gateway.port), str(gateway.control_port),
            str(client_id),
        ]  # fmt: skip

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._heard()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(_ENDS_WITHIN_S)
        self._process.stdout.close()

    def take(self, what: str) -> tuple[float, float]:
        """Microseconds on the clock and of the processor that a turn took."""
        assert self._process.stdin is not None
        self._process.stdin.write(what + "\n")
        self._process.stdin.flush()
        heard = self._heard()
        return heard["wall_us"], heard["cpu_us"]

    def _heard(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("P12: a side of the comparison ended before its time")
        heard: dict[str, float] = json.loads(line)
        return heard


def _paired(subject: _Turns, floor: _Turns, what: str) -> Pair:
    """As `harness.paired`, with both sides timing themselves."""
    gc.collect()
    subject.take(what)
    floor.take(what)
    blocks = [[(subject.take(what), floor.take(what)) for _ in range(OPERATIONS)] for _ in range(BLOCKS)]
    sides = [[_timing([turn[side] for turn in block]) for block in blocks] for side in (0, 1)]
    return Pair(tuple(sides[0]), tuple(sides[1]))


def _timing(turns: Sequence[tuple[float, float]]) -> Timing:
    return Timing(tuple(wall_us for wall_us, _ in turns), tuple(cpu_us for _, cpu_us in turns))
