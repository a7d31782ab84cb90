"""The mock broker: the broker port over a simulated broker, in the process and in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from phoenix.adapters.brokers.chaos_mock.settings import ChaosMockSettings
from phoenix.adapters.brokers.chaos_mock.translation import broker_order, event_of, execution_reported, requests_of
from phoenix.adapters.simulation.answers import AccountView, NoAnswer, ProfitView
from phoenix.adapters.simulation.engine import BrokerEngine
from phoenix.adapters.simulation.keeping import BookError
from phoenix.adapters.simulation.messages import LineLost, Message
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker import EventSink, Handed, SendOutcome, SimulatedBroker
from phoenix.ports.broker_events import ConnectionLost, ExecutionReported
from phoenix.ports.broker_facts import (
    AccountSnapshot,
    BrokerOrder,
    ContractDetails,
    Holding,
    ProfitAndLoss,
    Quote,
    Session,
)
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import BrokerUnavailable

SERVER_VERSION = "simulation 1"

A = TypeVar("A")
B = TypeVar("B")


class ChaosMockBroker(SimulatedBroker):
    """One session at a simulated broker. Its methods never suspend; events come before they return."""

    name = "chaos_mock"

    def __init__(self, settings: ChaosMockSettings, office: ClaimOffice, sink: EventSink) -> None:
        super().__init__(office, sink)
        self._options = settings.options
        self._clock = settings.clock
        self._client_id = settings.client_id
        self._session: Session | None = None
        self._is_taken_over = False
        self._engine = BrokerEngine(
            settings.options, settings.feeds, self._hear, starts_at=settings.starts_at, faults=settings.faults,
            keeper=settings.keeper(),
        )  # fmt: skip

    @property
    def engine(self) -> BrokerEngine:
        """The broker behind the session: its ledger, and the place to inject faults."""
        return self._engine

    # --- session -------------------------------------------------------------------------------------------------

    async def connect(self) -> Session:
        now = self._clock.now()
        try:
            self._take_over()
            if self._session is None:
                self._engine.advance(now)
            next_id = self._engine.connect(self._client_id, now)
        except BookError as error:
            raise BrokerUnavailable(f"{error}; nothing was sent") from error
        if next_id is None:
            raise BrokerUnavailable("the simulated broker cannot be reached; nothing was sent. Try again later")
        self._session = Session(
            self.name, self._options.account, AccountMode.SIMULATOR, next_id, self._engine.answers.clock(),
            SERVER_VERSION,
        )  # fmt: skip
        return self._session

    async def disconnect(self) -> None:
        with suppress(BookError):  # the session left open in the book is closed by whoever takes it over
            self._engine.disconnect(self._client_id, self._clock.now())
        self._session = None
        self._engine.release()

    def session(self) -> Answer[Session]:
        if self._session is None:
            return Unknown("there is no session")
        return Complete(self._session, self._engine.now)

    # --- orders --------------------------------------------------------------------------------------------------

    async def place(self, plan: OrderPlan) -> SendOutcome:
        if self._session is None:
            return Unknown("there is no session; whether the order left is not known")
        try:
            self._engine.submit(requests_of(plan, self._client_id), self._clock.now())
        except BookError as error:
            self._lose_line(error)
            return Unknown(str(error))
        return Handed()

    async def cancel(
        self,
        reference: str,  # noqa: ARG002 - a broker is told the order's number, never its reference
        session_order_id: int,
        permanent_id: str | None,
    ) -> None:
        if self._session is None:
            return
        try:
            self._engine.cancel(self._client_id, session_order_id, permanent_id, self._clock.now())
        except BookError as error:
            self._lose_line(error)

    # --- queries -------------------------------------------------------------------------------------------------

    async def account(self) -> Answer[AccountSnapshot]:
        def snapshot(view: AccountView) -> AccountSnapshot:
            return AccountSnapshot(
                view.account, AccountMode.SIMULATOR, view.currency, view.equity, view.balance, view.margin_used,
                view.buying_power, self._engine.now,
            )  # fmt: skip

        return self._answer(self._engine.answers.account, snapshot)

    async def quote(self, pair: str) -> Answer[Quote]:
        return self._answer(
            lambda: self._engine.answers.quote(pair), lambda quote: Quote(pair, quote.bid, quote.ask, quote.as_of)
        )

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        return self._answer(
            lambda: self._engine.answers.instrument(pair),
            lambda known: ContractDetails(pair, known.tick, known.min_size, known.size_step, known.currency),
        )

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._answer(self._engine.answers.open_orders, lambda orders: tuple(map(broker_order, orders)))

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return self._answer(self._engine.answers.completed_orders, lambda orders: tuple(map(broker_order, orders)))

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        return self._answer(self._engine.answers.executions, lambda known: tuple(map(execution_reported, known)))

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        account = self._options.account
        return self._answer(
            self._engine.answers.holdings,
            lambda nets: tuple(Holding(account, pair, net.quantity, net.average_price) for pair, net in nets.items()),
        )

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        def report(view: ProfitView) -> ProfitAndLoss:
            return ProfitAndLoss(self._options.account, view.realised, view.unrealised)

        return self._answer(self._engine.answers.profit, report)

    async def server_time(self) -> Answer[datetime]:
        return self._answer(self._engine.answers.server_time, lambda instant: instant)

    # --- virtual time --------------------------------------------------------------------------------------------

    def next_due(self) -> datetime | None:
        """As the port has it; None also while the book cannot be read."""
        try:
            return self._engine.next_due()
        except BookError:
            return None

    def advance(self, now: datetime) -> None:
        try:
            self._take_over()
            self._engine.advance(now)
        except BookError as error:
            self._lose_line(error)

    # --- inside --------------------------------------------------------------------------------------------------

    def _answer(self, ask: Callable[[], A | NoAnswer], translate: Callable[[A], B]) -> Answer[B]:
        if self._session is None:
            return Unknown("there is no session")
        try:
            answer = self._engine.ask(ask, self._clock.now())
        except BookError as error:
            return Unknown(str(error))
        if isinstance(answer, NoAnswer):
            return Unknown(answer.reason)
        return Complete(translate(answer), self._engine.now)

    def _take_over(self) -> None:
        """Close the session that a process before this one left open; nothing is said to it any more."""
        if not self._is_taken_over:
            self._engine.disconnect(self._client_id, self._engine.now)
            self._is_taken_over = True

    def _lose_line(self, error: BookError) -> None:
        """A broker whose book cannot be used is a broker that cannot be reached."""
        if self._session is not None:
            self._session = None
            self._sink(ConnectionLost(True, str(error), self._clock.now()))

    def _hear(self, message: Message) -> None:
        if isinstance(message, LineLost) and message.is_socket:
            self._session = None
        self._sink(event_of(message))
