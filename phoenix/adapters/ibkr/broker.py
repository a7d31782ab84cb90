"""The broker port over TWS or IB Gateway, whatever client library carries the bytes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from time import monotonic
from typing import TypeVar

from phoenix.adapters.ibkr.causes import connect_error, library_missing, unanswering, unknown, zone_missing
from phoenix.adapters.ibkr.conversation import Conversation, contract_of
from phoenix.adapters.ibkr.guard import SessionGuard
from phoenix.adapters.ibkr.hearing import Hearing
from phoenix.adapters.ibkr.line import LineClosed, LineFactory, LineFailed, Opened
from phoenix.adapters.ibkr.names import Names
from phoenix.adapters.ibkr.orders import orders_of
from phoenix.adapters.ibkr.pace import Pace
from phoenix.adapters.ibkr.prices import Prices
from phoenix.adapters.ibkr.questions import Questions
from phoenix.adapters.ibkr.settings import IbkrSettings
from phoenix.adapters.ibkr.translation import Pairs
from phoenix.domain.order_plan import OrderPlan
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker import Broker, EventSink, Handed, SendOutcome
from phoenix.ports.broker_events import ExecutionReported
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
from phoenix.ports.errors import BrokerRefused, BrokerUnavailable

T = TypeVar("T")

ZONED_SINCE = 174
"""From this server version on, execution times name their zone."""
_NO_SESSION = Unknown("there is no session")


class IbkrBroker(Broker):
    """One session at a time. Every connection takes a line of its own; what an old one still says is not heard."""

    def __init__(
        self, name: str, settings: IbkrSettings, line: LineFactory, office: ClaimOffice, sink: EventSink
    ) -> None:  # fmt: skip
        super().__init__(office, sink)
        self.name = name
        self._settings = settings
        self._make_line = line
        self._guard = SessionGuard(settings.account, settings.host, settings.port, settings.allowed)
        self._pairs = Pairs(settings.instruments)
        self.pace = Pace(monotonic)
        self._talk: Conversation | None = None
        self._session: Session | None = None

    # --- session -------------------------------------------------------------------------------------------------

    async def connect(self) -> Session:
        await self.disconnect()
        objection = self._guard.objection_to_place() or self._guard.objection_to_account()
        if objection is not None:
            raise BrokerRefused(f"{objection.cause}; nothing was connected", objection.remedy)
        hearing = self._new_hearing()
        line = self._make_line(self._settings.endpoint, hearing)
        try:
            opened = await line.open()
        except LineFailed as failure:
            hearing.let_go()
            raise connect_error(failure, self.name, self._settings) from failure
        except ImportError as error:
            hearing.let_go()
            await line.close()
            raise library_missing(self.name, error) from error
        except BaseException:
            hearing.let_go()
            await line.close()
            raise
        self._talk = Conversation(line, hearing, self._settings, self._pairs, self.pace)
        try:
            self._session = await self._begin(self._talk, opened)
        except BaseException:
            await self.disconnect()
            raise
        return self._session

    async def disconnect(self) -> None:
        talk, self._talk = self._talk, None
        self._session = None
        if talk is not None:
            await talk.end()

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands, whatever may be said against using it."""
        return self._talk is not None and self._talk.line.is_open

    def session(self) -> Answer[Session]:
        """As the port has it. What stands against the account or the gateway is looked at anew each time."""
        talk, session = self._talk, self._session
        if talk is None or session is None or not talk.is_open:
            return _NO_SESSION
        objection = self._guard.objection(talk.hearing.managed)
        return Complete(session, self._now()) if objection is None else unknown(objection)

    # --- orders --------------------------------------------------------------------------------------------------

    async def place(self, plan: OrderPlan) -> SendOutcome:
        """As the port has it. What stands against sending is looked at before every leg, since any may have to wait.

        Raises BrokerRefused, with nothing sent, for another account's order or an instrument that is not configured.
        """
        talk, instrument = self._talk, self._settings.instruments.get(plan.pair)
        if instrument is None or plan.account != self._settings.account.account:
            raise BrokerRefused(f"{plan.pair} of {plan.account} is not what this session trades; nothing was sent")
        orders = orders_of(plan, contract_of(instrument))
        for sent, order in enumerate(orders):
            await self.pace.turn_for_order()
            objection = self._objection_to_order(talk)
            if talk is None or objection is not None:
                return Unknown(f"{objection}; {sent} of {len(orders)} orders were handed to the gateway")
            talk.hearing.names.sent(order)
            try:
                talk.line.place_order(order)
            except LineClosed as error:
                return Unknown(f"the connection broke after {sent} of {len(orders)} orders were sent: {error}")
        return Handed()

    async def cancel(
        self,
        reference: str,
        session_order_id: int,
        permanent_id: str | None,  # noqa: ARG002 - TWS knows an order by its session's number only
    ) -> None:
        """As the port has it. Raises BrokerUnavailable where there is nobody to ask."""
        talk = self._talk
        if talk is None:
            raise BrokerUnavailable(f"there is no session; {reference} was not asked to be cancelled")
        await self.pace.turn_for_order()
        try:
            talk.line.cancel_order(session_order_id)
        except LineClosed as error:
            raise BrokerUnavailable(f"the connection broke; {reference} may not be cancelled: {error}") from error

    # --- queries -------------------------------------------------------------------------------------------------

    async def account(self) -> Answer[AccountSnapshot]:
        return await self._ask(Conversation.account)

    async def quote(self, pair: str) -> Answer[Quote]:
        return await self._ask(lambda talk: talk.quote(pair))

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        return await self._ask(lambda talk: talk.contract(pair))

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return await self._ask(Conversation.open_orders)

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        return await self._ask(Conversation.completed_orders)

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        return await self._ask(Conversation.executions)

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        return await self._ask(Conversation.holdings)

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        return await self._ask(Conversation.profit_and_loss)

    async def server_time(self) -> Answer[datetime]:
        return await self._ask(Conversation.server_time)

    # --- inside --------------------------------------------------------------------------------------------------

    async def _ask(self, question: Callable[[Conversation], Awaitable[Answer[T]]]) -> Answer[T]:
        talk = self._talk
        return _NO_SESSION if talk is None else await question(talk)

    def _objection_to_order(self, talk: Conversation | None) -> str | None:
        """Why nothing may be handed over now: no session, or another one, another login, an outage behind it."""
        if talk is None:
            return _NO_SESSION.reason
        session = self.session()
        silence = talk.silence() if isinstance(session, Complete) else session
        return None if silence is None else silence.reason

    def _now(self) -> datetime:
        return self._settings.clock.now()

    def _new_hearing(self) -> Hearing:
        settings = self._settings
        return Hearing(
            settings.account.account, Names(settings.client_id), Questions(self._now, settings.query_timeout_s),
            Prices(settings.query_timeout_s), self._pairs, self.pace, self._sink, self._now,
        )  # fmt: skip

    async def _begin(self, talk: Conversation, opened: Opened) -> Session:
        """Look at who we are there, ask the time, follow the prices. Raises BrokerRefused or BrokerUnavailable."""
        hearing, policy = talk.hearing, self._settings.account
        hearing.managed = hearing.managed or opened.accounts
        self._require_fit(hearing.managed, opened.server_version)
        server_time = await talk.server_time()
        if isinstance(server_time, Unknown):
            raise unanswering(server_time)
        hearing.on_data_lost(talk.follow_prices_anew)
        await talk.follow_prices()
        floor = max(opened.next_order_id, hearing.next_id, hearing.names.highest_order_id + 1)
        return Session(self.name, policy.account, policy.mode, floor, server_time.value, str(opened.server_version))

    def _require_fit(self, accounts: tuple[str, ...], server_version: int) -> None:
        objection = self._guard.objection(accounts)
        if objection is not None:
            raise BrokerRefused(f"{objection.cause}; the connection was closed again", objection.remedy)
        if server_version < ZONED_SINCE and self._settings.zone is None:
            raise zone_missing(self.name, server_version)
