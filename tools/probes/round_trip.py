"""One side of the comparison of an adapter with the bare library that it uses.

    python -m tools.probes.round_trip SIDE PORT CONTROL_PORT CLIENT_ID

It connects, says so, and then does what each line on stdin names, `order`, `tick` or `executions`, and says in a JSON
line how many microseconds that took on the clock and of this process's processor time.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Coroutine, Iterator, Mapping
from datetime import datetime
from itertools import cycle
from types import MappingProxyType
from typing import Any

from tools.directing import Director
from tools.probes.adapter_sides import AdapterSide
from tools.probes.bare_sides import IbapiSide, InsyncSide
from tools.probes.side import Side

SIDES: Mapping[str, type[Side]] = MappingProxyType(
    {"ib_insync": InsyncSide, "ibapi": IbapiSide, "adapter ib_insync": AdapterSide, "adapter ibapi": AdapterSide}
)
PRICES = (("1.26100", "1.26120"), ("1.26000", "1.26020"))


async def main(name: str, port: str, control_port: str, client_id: str) -> None:
    """Carry out what is asked for until stdin ends."""
    side = SIDES[name](name.removeprefix("adapter "))
    director = Director(int(control_port))
    prices = cycle(PRICES)
    await side.connect(int(port), int(client_id))
    _say(connected=name)
    while line := await asyncio.to_thread(sys.stdin.readline):
        turn = _turn(line.strip(), side, director, prices)
        wall_ns, cpu_ns = time.perf_counter_ns(), time.process_time_ns()
        await turn
        cpu_us, wall_us = (time.process_time_ns() - cpu_ns) / 1000, (time.perf_counter_ns() - wall_ns) / 1000
        _say(wall_us=wall_us, cpu_us=cpu_us)
    director.close()
    await side.disconnect()


def _turn(what: str, side: Side, director: Director, prices: Iterator[tuple[str, str]]) -> Coroutine[Any, Any, None]:
    """What is timed, with everything that it needs made ready."""
    if what == "executions":
        return side.executions()
    if what == "order":
        side.prepare()
        return side.order()
    bid, ask = next(prices)
    return _tick(side, director, director.script(bid, ask), float(bid))


async def _tick(side: Side, director: Director, due: datetime, bid: float) -> None:
    director.go_on(due)
    await side.sees(bid)


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
