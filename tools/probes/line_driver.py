"""Drives one line against a gateway: requests come in on stdin, all that is heard goes out on stdout, a JSON line each.

    python -m tools.probes.line_driver ib_insync 127.0.0.1 PORT CLIENT_ID TIMEOUT_S [ZONE]

A request is an object such as {"do": "cancel_order", "with": {"order_id": 7}}.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from phoenix.adapters.brokers.ib_insync import IbInsyncLine
from phoenix.adapters.brokers.ibapi import IbapiLine
from phoenix.adapters.ibkr.line import (
    ContractAsked,
    Endpoint,
    Line,
    LineClosed,
    LineFactory,
    LineFailed,
    Listener,
    OrderAsked,
)

LINES: dict[str, LineFactory] = {"ib_insync": IbInsyncLine, "ibapi": IbapiLine}
DECIMALS = ("quantity", "limit_price", "auxiliary_price")


class PrintingListener:
    """Says whatever it hears."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        def heard(*words: object) -> None:
            said(heard=name, words=words)

        return heard


def said(**what: object) -> None:
    """One JSON line, at once."""
    print(json.dumps(what, default=_plain), flush=True)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{value!r} has no plain form")


def arguments(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a request, with its dataclasses."""
    read = dict(given)
    if "contract" in read:
        read["contract"] = ContractAsked(**read["contract"])
    if "order" in read:
        order = dict(read["order"])
        order["contract"] = ContractAsked(**order["contract"])
        for name in DECIMALS:
            if order.get(name) is not None:
                order[name] = Decimal(order[name])
        read["order"] = OrderAsked(**order)
    return read


def ask(line: Line, request: dict[str, Any]) -> None:
    """Hand one request over, and say if the line refuses it."""
    try:
        getattr(line, request["do"])(**arguments(request.get("with", {})))
    except LineClosed as error:
        said(refused=request["do"], detail=str(error))


async def main(name: str, host: str, port: str, client_id: str, timeout_s: str, zone: str = "") -> None:
    """Open, carry requests until stdin ends or says close, and close."""
    endpoint = Endpoint(host, int(port), int(client_id), float(timeout_s), ZoneInfo(zone) if zone else None)
    line = LINES[name](endpoint, cast(Listener, PrintingListener()))
    begun = time.monotonic()
    try:
        said(opened=await line.open(), library=line.library)
    except LineFailed as failed:
        said(failed=failed.detail, stage=failed.stage, code=failed.code, took_s=time.monotonic() - begun)
    else:
        await _carry(line)
    begun = time.monotonic()
    await line.close()
    await line.close()
    said(
        closed_in_s=time.monotonic() - begun,
        is_open=line.is_open,
        threads=[thread.name for thread in threading.enumerate() if thread is not threading.main_thread()],
        tasks=len(asyncio.all_tasks()) - 1,
    )


async def _carry(line: Line) -> None:
    requests = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(requests), sys.stdin
    )
    while text := await requests.readline():
        request = json.loads(text)
        if request["do"] == "close":
            break
        ask(line, request)
    pipe.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
