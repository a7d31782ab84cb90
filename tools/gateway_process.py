"""A gateway simulator in a process of its own, for bare client libraries to talk to.

    python -m tools.gateway_process [unpaced]

It says in one JSON line on stdout where it listens, trades GBPUSD in told time, and ends with its stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.rehearsal.instruments import GBPUSD

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ZONE = "America/New_York"
ACCOUNT = "SIM0001"
PAIR = GBPUSD.pair
BID, ASK = Decimal("1.26000"), Decimal("1.26020")
COMMISSION_RATE = Decimal("0.00002")
MARGIN_RATE = Decimal("0.02")


def _engine(hear: Callable[[Message], None]) -> BrokerEngine:
    options = EngineOptions(
        account=ACCOUNT, instruments={PAIR: GBPUSD}, commission_rate=COMMISSION_RATE, margin_rate=MARGIN_RATE
    )
    return BrokerEngine(options, {PAIR: QuoteFeed(PAIR, [Tick(START, BID, ASK)])}, hear, starts_at=START)


async def main(*, paces: bool) -> None:
    """Serve until stdin ends."""
    time = GatewayTime(SimulatedClock(START), START)
    async with GatewayServer(Gateway(_engine, time.now), time, ZoneInfo(ZONE), Listening(), paces=paces) as server:
        print(json.dumps({"port": server.port, "control_port": server.control_port}), flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(paces="unpaced" not in sys.argv[1:]))
