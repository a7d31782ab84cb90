"""One open connection: the line, who hears it, and every question that is asked on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from phoenix.adapters.ibkr import translation
from phoenix.adapters.ibkr.hearing import Hearing
from phoenix.adapters.ibkr.line import ContractAsked, Line, LineClosed
from phoenix.adapters.ibkr.pace import Pace
from phoenix.adapters.ibkr.questions import Kind
from phoenix.adapters.ibkr.said import ExecutionSaid, HoldingSaid, OrderSaid
from phoenix.adapters.ibkr.settings import IbkrSettings
from phoenix.domain.instrument import Instrument
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import (
    AccountSnapshot,
    BrokerOrder,
    ContractDetails,
    Holding,
    ProfitAndLoss,
    Quote,
)

T = TypeVar("T")
Fact = TypeVar("Fact", BrokerOrder, ExecutionReported, Holding)


class Conversation:
    """Asks and understands. Answers that concern other accounts of the login are left out."""

    def __init__(
        self, line: Line, hearing: Hearing, settings: IbkrSettings, pairs: translation.Pairs, pace: Pace
    ) -> None:  # fmt: skip
        self.line = line
        self.hearing = hearing
        self._settings = settings
        self._pairs = pairs
        self._pace = pace
        self._account = settings.account.account
        self._contracts: dict[str, Complete[ContractDetails]] = {}
        self._followed: list[int] = []
        self._following: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return self.line.is_open and not self.hearing.is_over

    async def account(self) -> Answer[AccountSnapshot]:
        """Equity, cash, margin and buying power; the stream that would go on is ended with the first answer."""

        def ask(request_id: int) -> None:
            self.line.ask_account_values(request_id, translation.ACCOUNT_TAGS)

        answer = await self._ask("the account", ask, stop=self.line.stop_account_values)
        return translation.snapshot(answer, self._settings.account)

    async def quote(self, pair: str) -> Answer[Quote]:
        """The line may go down while a first quote is waited for."""
        silence = self.silence()
        if silence is not None:
            return silence
        quote = await self.hearing.prices.quote(pair)
        return self.silence() or quote

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        """Asked once in a session."""
        known = self._contracts.get(pair)
        if known is not None:
            return known
        instrument = self._settings.instruments.get(pair)
        if instrument is None:
            return Unknown(f"{pair} is not configured, so what the broker says of it was not asked")

        def ask(request_id: int) -> None:
            self.line.ask_contract_details(request_id, contract_of(instrument))

        answer = translation.details(pair, await self._ask(f"the contract of {pair}", ask))
        if isinstance(answer, Complete):
            self._contracts[pair] = answer
        return answer

    async def open_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        """Of every client; the status that follows each order tells what is filled and why it is held."""
        names = self.hearing.names

        def translate(said: OrderSaid) -> BrokerOrder:
            return translation.working_order(said, names.latest(said), names.client_id, self._pairs)

        answer = await self._ask_kind(Kind.OPEN_ORDERS, self.line.ask_open_orders)
        return self._own(answer, _once, translate)

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        answer = await self._ask_kind(Kind.COMPLETED_ORDERS, self.line.ask_completed_orders)
        return self._own(answer, _once, lambda said: translation.ended_order(said, self._pairs))

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        """Those of the day. One without an instant leaves the whole answer unknown.

        What was heard of an answer that never became whole happened all the same, and is told as events.
        """
        heard: list[ExecutionSaid] = []
        answer: Answer[tuple[ExecutionReported, ...]] | None = None
        try:
            answer = self._own(
                await self._ask("executions", self.line.ask_executions, items=heard), iter, self._execution
            )
        finally:
            if not isinstance(answer, Complete):
                self.hearing.tell_executions(heard)
        return answer

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        """The nets that are not flat."""
        answer = await self._ask_kind(Kind.HOLDINGS, self.line.ask_holdings, self.line.stop_holdings)
        nets = self._own(answer, _latest_nets, lambda said: translation.holding(said, self._pairs))
        if isinstance(nets, Unknown):
            return nets
        return Complete(tuple(held for held in nets.value if held.quantity), nets.as_of)

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        def ask(request_id: int) -> None:
            self.line.ask_profit(request_id, self._account)

        answer = await self._ask("profit and loss", ask, stop=self.line.stop_profit)
        if isinstance(answer, Unknown):
            return answer
        _, unrealised, realised = answer.value[0]
        return Complete(ProfitAndLoss(self._account, realised, unrealised), answer.as_of)

    async def server_time(self) -> Answer[datetime]:
        """To the second, as the wire has it."""
        answer = await self._ask_kind(Kind.TIME, self.line.ask_time)
        if isinstance(answer, Unknown):
            return answer
        return Complete(datetime.fromtimestamp(answer.value[0], UTC), answer.as_of)

    async def follow_prices(self) -> None:
        """Follow the prices of every configured instrument, anew where they were followed before.

        There is no quote from this moment on until the new streams bring one; each request waits for its turn.
        """
        prices, former, self._followed = self.hearing.prices, self._followed, []
        prices.close_all()
        instruments = sorted(self._settings.instruments.items())
        streams = [(prices.open(pair, self.hearing.questions.new_id()), instrument) for pair, instrument in instruments]
        with suppress(LineClosed):
            for request_id in former:
                await self._pace.turn_for_question()
                self.line.stop_prices(request_id)
            for stream, instrument in streams:
                await self._pace.turn_for_question()
                if prices.of_request(stream.request_id) is None:
                    return
                self._followed.append(stream.request_id)
                self.line.ask_prices(stream.request_id, contract_of(instrument))

    def follow_prices_anew(self) -> None:
        """The gateway forgot what we follow. Said while its messages are heard, so it is done right after that."""
        if not self.is_open:
            return
        if self._following is not None:
            self._following.cancel()
        self._following = asyncio.get_running_loop().create_task(self.follow_prices())

    async def end(self) -> None:
        """Close the line; nothing it still says is heard."""
        self.hearing.let_go()
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            await asyncio.wait({following})
        await self.line.close()

    def silence(self) -> Unknown | None:
        """Why nobody could answer now."""
        if not self.is_open:
            return Unknown("there is no session")
        return Unknown("the broker's own line is down") if self.hearing.line_is_down else None

    # --- inside --------------------------------------------------------------------------------------------------

    def _execution(self, said: ExecutionSaid) -> ExecutionReported:
        if said.executed_at is None:
            raise translation.Untranslatable(f"execution {said.execution_id} is dated {said.time_text!r}: no instant")
        return translation.execution(said, self._settings.client_id, self._pairs, said.executed_at)

    async def _turn(self) -> Unknown | None:
        """Wait until a question may be sent. Nobody waits for a turn who could not be answered anyway."""
        silence = self.silence()
        if silence is None:
            await self._pace.turn_for_question()
            silence = self.silence()
        return silence

    async def _ask(
        self, what: str, ask: Callable[[int], None], *, stop: Callable[[int], None] | None = None,
        items: list[Any] | None = None,
    ) -> Answer[list[Any]]:  # fmt: skip
        """A numbered question; `stop` ends a stream that would go on after its answer."""
        numbers: list[int] = []

        def send(request_id: int) -> None:
            ask(request_id)
            numbers.append(request_id)

        try:
            return await self.hearing.questions.ask(what, self._turn, send, items)
        except LineClosed as error:
            return Unknown(f"{what}: {error}")
        finally:
            if stop is not None and numbers:
                await self._stop(lambda: stop(numbers[0]))

    async def _ask_kind(
        self, kind: Kind, ask: Callable[[], None], stop: Callable[[], None] | None = None
    ) -> Answer[list[Any]]:
        stopping = None if stop is None else lambda: self._stop(stop)
        try:
            return await self.hearing.questions.ask_kind(kind, self._turn, ask, stopping)
        except LineClosed as error:
            return Unknown(f"{kind.value}: {error}")

    async def _stop(self, stop: Callable[[], None]) -> None:
        """Whether or not it was answered; a line that is closed has nothing to stop."""
        with suppress(LineClosed):
            if self.is_open:
                await self._pace.turn_for_question()
                stop()

    def _own(
        self, answer: Answer[list[Any]], choose: Callable[[list[Any]], Iterable[T]], translate: Callable[[T], Fact]
    ) -> Answer[tuple[Fact, ...]]:
        """What concerns our account. One word that cannot be translated leaves the whole answer unknown."""
        if isinstance(answer, Unknown):
            return answer
        try:
            facts = [translate(said) for said in choose(answer.value)]
        except translation.Untranslatable as error:
            return Unknown(str(error))
        return Complete(tuple(fact for fact in facts if fact.account == self._account), answer.as_of)


def _once(said: list[OrderSaid]) -> Iterable[OrderSaid]:
    """Every order by its last word. Without a permanent id it is another one for each of its numbers."""
    return {one.permanent_id or (one.client_id, one.order_id, one.reference): one for one in said}.values()


def _latest_nets(said: list[HoldingSaid]) -> Iterable[HoldingSaid]:
    """Every account's last word on each contract. Two contracts may go by one name, and neither hides the other."""
    return {(one.account, one.contract.contract_id or one.contract): one for one in said}.values()


def contract_of(instrument: Instrument) -> ContractAsked:
    return ContractAsked(instrument.symbol, instrument.security_type, instrument.exchange, instrument.currency)
