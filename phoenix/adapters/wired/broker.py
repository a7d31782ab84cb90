"""The rig as a simulated broker, for whoever lives in simulated time and never waits."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from phoenix.adapters.brokers.chaos_mock import ChaosMockSettings
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.wired.rig import WireOptions, WireRig
from phoenix.domain.order_plan import OrderPlan
from phoenix.ports.answers import Answer
from phoenix.ports.broker import Broker, SendOutcome, SimulatedBroker
from phoenix.ports.broker_events import BrokerEvent, ExecutionReported
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.broker_facts import (
    AccountSnapshot,
    BrokerOrder,
    ContractDetails,
    Holding,
    ProfitAndLoss,
    Quote,
    Session,
)
from phoenix.ports.claims import Claim, ClaimOffice

T = TypeVar("T")


class WiredBroker(SimulatedBroker):
    """The rig as a simulated broker: its methods never suspend, and events come before they return."""

    def __init__(self, wire: WireOptions, settings: ChaosMockSettings, context: BrokerContext) -> None:
        super().__init__(context.office, context.sink)
        self.name = wire.adapter
        self._own_office = ClaimOffice()
        own = replace(context, office=self._own_office, sink=self._tell)
        self.rig = WireRig(wire, settings, own)
        self._adapter: Broker = self.rig.adapter

    @property
    def engine(self) -> BrokerEngine:
        """The broker behind the gateway."""
        return self.rig.engine

    def close(self) -> None:
        """Let go of threads and sockets."""
        self.rig.close()

    async def connect(self) -> Session:
        return self.rig.call(self._adapter.connect())

    async def disconnect(self) -> None:
        self.rig.call(self._adapter.disconnect())

    def session(self) -> Answer[Session]:
        return self._adapter.session()

    async def place(self, plan: OrderPlan) -> SendOutcome:
        """What came through this door passes the adapter's own with a claim of its own."""
        claim = self._own_office.issue(Claim("token", "intent", plan.order_group_id, plan.order_hash(), 1))
        return self.rig.call(self._adapter.submit(plan, claim), has_sent=True)

    async def cancel(self, reference: str, session_order_id: int, permanent_id: str | None) -> None:
        self.rig.call(self._adapter.cancel(reference, session_order_id, permanent_id), has_sent=True)

    async def account(self) -> Answer[AccountSnapshot]:
        return self._ask(self._adapter.account())

    async def quote(self, pair: str) -> Answer[Quote]:
        return self._ask(self._adapter.quote(pair))

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        return self._ask(self._adapter.contract(pair))

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._ask(self._adapter.open_orders())

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._ask(self._adapter.completed_orders())

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        return self._ask(self._adapter.executions())

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        return self._ask(self._adapter.holdings())

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        return self._ask(self._adapter.profit_and_loss())

    async def server_time(self) -> Answer[datetime]:
        return self._ask(self._adapter.server_time())

    def next_due(self) -> datetime | None:
        return self.rig.next_due()

    def advance(self, now: datetime) -> None:  # noqa: ARG002 - the gateway lives by the same clock
        self.rig.advance()

    def _tell(self, event: BrokerEvent) -> None:
        self._sink(event)

    def _ask(self, question: Coroutine[Any, Any, Answer[T]]) -> Answer[T]:
        return self.rig.call(question)
