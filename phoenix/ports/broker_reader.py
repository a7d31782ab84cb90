"""What may be asked of a broker by those who must not act on it: reconciliation has no other way to it (SPEC 3.9)."""

from __future__ import annotations

from typing import Protocol

from phoenix.ports.answers import Answer
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import (
    AccountSnapshot,
    BrokerOrder,
    Holding,
    ProfitAndLoss,
    Quote,
)


class BrokerReader(Protocol):
    """The queries of a broker, and nothing else. Every `Broker` can be read; whoever holds a reader cannot act."""

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]: ...

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]: ...

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]: ...

    async def holdings(self) -> Answer[tuple[Holding, ...]]: ...

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]: ...

    async def account(self) -> Answer[AccountSnapshot]: ...

    async def quote(self, pair: str) -> Answer[Quote]: ...
