"""What the broker contract needs of an adapter under test, and the order plans its cards send."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from phoenix.adapters.simulation.faults import Fault
from phoenix.domain.order_plan import EntryTerms, Leg, OrderPlan, bracket_plan, leg_reference
from phoenix.domain.vocabulary import Action, LegRole, OrderType, Side, TimeInForce
from phoenix.ports.answers import Answer, Complete
from phoenix.ports.broker import Broker, SendOutcome
from phoenix.ports.broker_events import BrokerEvent
from phoenix.ports.claims import Claim, ClaimOffice

T = TypeVar("T")
E = TypeVar("E")

QUANTITY = Decimal(100_000)
BID = Decimal("1.26000")
ASK = Decimal("1.26020")
STOP = Decimal("1.25900")
TARGET = Decimal("1.26200")


class PlainHarness(ABC):
    """An adapter before a simulated broker that quotes GBPUSD at 1.26000/1.26020 and lets orders fill at once.

    Subclasses set `broker`, `office` and `events` and bring time and prices to the broker behind the adapter.
    """

    account = "SIM0001"
    pair = "GBPUSD"
    broker: Broker
    office: ClaimOffice
    events: list[BrokerEvent]
    tells_sizes = True
    """Whether the adapter's wire says how small an order may be, and on which grid its size lies."""
    _groups = 0

    @abstractmethod
    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run one of the adapter's coroutines to its end, and let the events it causes arrive."""

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """Let the simulated world live for so long, and let its events arrive."""

    @abstractmethod
    def quote(self, bid: str) -> None:
        """Move the market to a bid, with the usual spread, a second from now, and live until then."""

    @abstractmethod
    def seconds_from_now(self, seconds: float) -> Any:
        """An instant of the simulated world."""

    @abstractmethod
    def ledger(self) -> Sequence[Mapping[str, Any]]:
        """The broker's own records, as JSON values."""

    def claim(self, plan: OrderPlan) -> Claim:
        """A claim as the store issues it at commit."""
        return self.office.issue(Claim("token", "intent", plan.order_group_id, plan.order_hash(), 1))

    def send(self, plan: OrderPlan) -> SendOutcome:
        """Submit a plan with its claim."""
        return self.call(self.broker.submit(plan, self.claim(plan)))

    def cancel(self, leg: Leg) -> None:
        self.call(self.broker.cancel(leg.reference, leg.session_order_id, None))

    def known(self, answer: Coroutine[Any, Any, Answer[T]]) -> T:
        """The value of an answer that must be complete."""
        got = self.call(answer)
        assert isinstance(got, Complete), got
        return got.value

    def told(self, kind: type[E], reference: str | None = None) -> list[E]:
        """The events of one kind, for one order where a reference is given."""
        events = [event for event in self.events if isinstance(event, kind)]
        return [event for event in events if reference is None or getattr(event, "reference", None) == reference]

    def bracket(self, kind: OrderType = OrderType.MARKET, entry: Decimal = ASK, side: Side = Side.LONG) -> OrderPlan:
        """An entry with stop and target around the usual quote."""
        stop, target = (STOP, TARGET) if side is Side.LONG else (TARGET, STOP)
        group, first_id = self._next_group()
        terms = EntryTerms(self.account, self.pair, side, QUANTITY, kind, TimeInForce.DAY, entry, stop, target)
        return bracket_plan(terms, group, first_id)

    def single(
        self,
        action: Action,
        quantity: Decimal = QUANTITY,
        time_in_force: TimeInForce = TimeInForce.GTC,
        **prices: Decimal,
    ) -> OrderPlan:
        """One exit order: a market order, or a limit or stop where its price is given."""
        group, first_id = self._next_group()
        kind = OrderType.LIMIT if "limit_price" in prices else OrderType.STOP if prices else OrderType.MARKET
        reference = leg_reference(group, LegRole.EXIT)
        leg = Leg(LegRole.EXIT, action, kind, quantity, time_in_force, reference, first_id, **prices)
        return OrderPlan(group, self.account, self.pair, (leg,))

    def protective_pair(self) -> OrderPlan:
        """Stop and target for a holding, without an entry."""
        group, first_id = self._next_group()

        def leg(role: LegRole, kind: OrderType, number: int, **prices: Decimal) -> Leg:
            reference = leg_reference(group, role)
            return Leg(role, Action.SELL, kind, QUANTITY, TimeInForce.GTC, reference, number, **prices)

        legs = (
            leg(LegRole.TAKE_PROFIT, OrderType.LIMIT, first_id, limit_price=TARGET),
            leg(LegRole.STOP_LOSS, OrderType.STOP, first_id + 1, stop_price=STOP),
        )
        return OrderPlan(group, self.account, self.pair, legs)

    def _next_group(self) -> tuple[str, int]:
        self._groups += 1
        return str(UUID(int=self._groups)), 10 * self._groups


class BrokerHarness(PlainHarness):
    """As a plain one, before a broker that can be told to misbehave."""

    @abstractmethod
    def inject(self, fault: Fault) -> None:
        """Script a fault at the broker, from now on."""
