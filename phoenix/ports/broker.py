"""The broker port (SPEC 5): what every adapter offers, and the one door through which an order passes.

Adapters subclass `Broker` and implement its abstract methods. `submit` is final: it redeems the claim before the
adapter's own `place` is reached, and `place` itself, whoever calls it, refuses a plan that did not come that way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, TypeAlias, final

from phoenix.domain.order_plan import OrderPlan
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_events import BrokerEvent, ExecutionReported
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
from phoenix.ports.errors import ClaimRefused

EventSink: TypeAlias = Callable[[BrokerEvent], None]


@dataclass(frozen=True, slots=True)
class Handed:
    """The adapter gave the order to the wire. Whether the broker has it, only an event can tell."""


SendOutcome: TypeAlias = Handed | Unknown


_Place: TypeAlias = Callable[["Broker", OrderPlan], Coroutine[Any, Any, "SendOutcome"]]


def _admitted_only(place: _Place) -> _Place:
    """An adapter's `place` behind the door: it runs only for what `submit` is letting through."""

    @wraps(place)
    async def placed(self: Broker, plan: OrderPlan) -> SendOutcome:
        self.require_admitted(plan)
        return await place(self, plan)

    return placed


class Broker(ABC):
    """One broker session. Methods never retry; queries answer `Complete` or `Unknown`; events arrive at the sink.

    `office` redeems claims; `sink` receives every event, on the caller's own thread or event loop.
    """

    name: str

    def __init__(self, office: ClaimOffice, sink: EventSink) -> None:
        self._office = office
        self._sink = sink
        self._admitted: set[str] = set()

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        if "submit" in cls.__dict__:
            raise TypeError(f"{cls.__name__}.submit: a broker adapter implements place(); submit() checks the claim")
        if "place" in cls.__dict__:
            setattr(cls, "place", _admitted_only(cls.__dict__["place"]))  # noqa: B010 - a method, by intent

    @final
    async def submit(self, plan: OrderPlan, claim: Claim | None) -> SendOutcome:
        """Send an order group once. Raises ClaimRefused, before anything is sent, without its committed claim."""
        self._office.redeem(claim, plan)
        self._admitted.add(plan.order_group_id)
        try:
            return await self.place(plan)
        finally:
            self._admitted.discard(plan.order_group_id)

    @final
    def require_admitted(self, plan: OrderPlan) -> None:
        """Raises ClaimRefused unless `submit` is letting this very plan through now."""
        if plan.order_group_id not in self._admitted:
            raise ClaimRefused(
                f"order group {plan.order_group_id} did not come through submit(); it was not sent. Submit it with its "
                f"claim"
            )

    @abstractmethod
    async def connect(self) -> Session:
        """Open the session. Raises BrokerUnavailable or BrokerRefused."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Close the session; harmless when it is closed."""

    @abstractmethod
    def session(self) -> Answer[Session]:
        """The session as it stands this instant, without asking over the wire; `Unknown` when there is none."""

    @abstractmethod
    async def place(self, plan: OrderPlan) -> SendOutcome:
        """Hand the legs to the wire, the last one releasing them all. Called by `submit` only."""

    @abstractmethod
    async def cancel(self, reference: str, session_order_id: int, permanent_id: str | None) -> None:
        """Ask the broker to cancel one order; what becomes of it arrives as events."""

    @abstractmethod
    async def account(self) -> Answer[AccountSnapshot]: ...

    @abstractmethod
    async def quote(self, pair: str) -> Answer[Quote]: ...

    @abstractmethod
    async def contract(self, pair: str) -> Answer[ContractDetails]:
        """What the instrument is at the broker. Asked before every entry: an adapter keeps it for its session."""

    @abstractmethod
    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]: ...

    @abstractmethod
    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]: ...

    @abstractmethod
    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]: ...

    @abstractmethod
    async def holdings(self) -> Answer[tuple[Holding, ...]]: ...

    @abstractmethod
    async def profit_and_loss(self) -> Answer[ProfitAndLoss]: ...

    @abstractmethod
    async def server_time(self) -> Answer[datetime]: ...


class SimulatedBroker(Broker):
    """A broker whose world moves only when it is told to: it lives in the same simulated time as the core."""

    @abstractmethod
    def next_due(self) -> datetime | None:
        """The instant of its next event, or None when nothing is coming."""

    @abstractmethod
    def advance(self, now: datetime) -> None:
        """Live through everything due up to and including `now`, sending events to the sink in order."""
