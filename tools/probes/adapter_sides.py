"""Phoenix's adapter, from the claim of an order to the event of its execution."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from itertools import cycle
from uuid import UUID

from phoenix.adapters.brokers.loader import load_broker_factory
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SystemClock
from phoenix.adapters.ibkr.broker import IbkrBroker
from phoenix.domain.order_plan import Leg, OrderPlan, leg_reference
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, Action, LegRole, OrderType, TimeInForce
from phoenix.ports.answers import Complete
from phoenix.ports.broker_events import BrokerEvent, ExecutionReported
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import Claim, ClaimOffice
from phoenix.rehearsal.instruments import GBPUSD
from tools.gateway_process import ACCOUNT, PAIR, ZONE
from tools.probes.side import QUANTITY, WITHIN_S, Side, require_bid


class AdapterSide(Side):
    """Submits with a claim, as the executor does."""

    def __init__(self, library: str) -> None:
        super().__init__(library)
        self._office = ClaimOffice()
        self._executed = asyncio.Event()
        self._actions = cycle((Action.BUY, Action.SELL))
        self._groups = 0

    async def connect(self, port: int, client_id: int) -> None:
        options: dict[str, object] = {"port": port, "client_id": client_id, "gateway_zone": ZONE}
        policy = AccountPolicy(ACCOUNT, AccountMode.SIMULATOR, "USD")
        context = BrokerContext(
            options, policy, {PAIR: GBPUSD}, SystemClock(), AlwaysOpen(), self._office, self._hear
        )  # fmt: skip
        broker = load_broker_factory(self.library)(context)
        if not isinstance(broker, IbkrBroker):
            raise TypeError(f"{self.library} is no IBKR adapter")
        broker.pace.lift()
        self._broker = broker
        session = await broker.connect()
        self._next_id = session.next_session_order_id

    def prepare(self) -> None:
        self._groups += 1
        group, number = str(UUID(int=self._groups << 64 | self._next_id)), self._next_id
        self._next_id += 1
        leg = Leg(
            LegRole.EXIT, next(self._actions), OrderType.MARKET, Decimal(QUANTITY), TimeInForce.DAY,
            leg_reference(group, LegRole.EXIT), number,
        )  # fmt: skip
        self._plan = OrderPlan(group, ACCOUNT, PAIR, (leg,))
        self._claim = self._office.issue(Claim("token", "intent", group, self._plan.order_hash(), 1))
        self._executed.clear()

    async def order(self) -> None:
        await self._broker.submit(self._plan, self._claim)
        async with asyncio.timeout(WITHIN_S):
            await self._executed.wait()

    async def sees(self, bid: float) -> None:
        await self._broker.server_time()
        quote = await self._broker.quote(PAIR)
        if not isinstance(quote, Complete):
            raise RuntimeError(quote.reason)
        require_bid(float(quote.value.bid), bid)

    async def executions(self) -> None:
        answer = await self._broker.executions()
        if not isinstance(answer, Complete):
            raise RuntimeError(answer.reason)

    async def disconnect(self) -> None:
        await self._broker.disconnect()

    def _hear(self, event: BrokerEvent) -> None:
        if isinstance(event, ExecutionReported):
            self._executed.set()
