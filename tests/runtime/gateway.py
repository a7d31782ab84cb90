"""A gateway in real time before a simulated broker, for the account, the instruments and the prices of a home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, timedelta
from decimal import Decimal

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.messages import Message
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.walk import WalkFeed, WalkPlan
from phoenix.runtime.home import Home

_BID, _STEP, _SPREAD, _EVERY = Decimal("1.27000"), Decimal("0.00005"), Decimal("0.00010"), timedelta(seconds=5)


async def serve_gateway(home: Home, say: Callable[[str], None]) -> None:
    """Serve on a free port of this machine until killed; says which."""
    clock = SystemClock()
    time = GatewayTime(clock)
    begins_at = clock.now()
    policy = home.settings.policy()
    options = EngineOptions(
        account=policy.account.account, currency=policy.account.currency, starting_balance=Decimal(100_000), seed=1,
        profile=PROFILES[ChaosMode.INSTANT], instruments=policy.instruments, margin_rate=Decimal("0.03"),
    )  # fmt: skip

    def engine(hear: Callable[[Message], None]) -> BrokerEngine:
        feeds = {
            pair: WalkFeed(WalkPlan(pair, begins_at, _BID, _STEP, _SPREAD, _EVERY, 1)) for pair in policy.instruments
        }
        return BrokerEngine(options, feeds, hear, starts_at=begins_at)

    async with GatewayServer(Gateway(engine, time.now), time, UTC, Listening(control_port=None)) as server:
        say(f"listening on {server.port}")
        await server.run()
