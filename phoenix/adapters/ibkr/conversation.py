"""One open connection: the line, who hears it, and every question that is asked on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TypeVar

from phoenix.adapters.ibkr import translation
from phoenix.adapters.ibkr.hearing import Hearing
from phoenix.adapters.ibkr.line import ContractAsked, Line, LineClosed
from phoenix.adapters.ibkr.pace import Pace
from phoenix.adapters.ibkr.questions import Kind
from phoenix.adapters.ibkr.said import ExecutionSaid, OrderSaid
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

    async def account(self) -> Answer[AccountSnapshot]:
        """Equity, cash, margin and buying power; the stream that would go on is ended with the first answer."""

        def ask(request_id: int) -> None:
            self.line.ask_account_values(request_id, translation.ACCOUNT_TAGS)

        answer = await self._ask("the account", ask, self.line.stop_account_values)
        return translation.snapshot(answer, self._settings.account)

    async def quote(self, pair: str) -> Answer[Quote]:
        return self._silence() or await self.hearing.prices.quote(pair)

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
            return translation.working_order(said, names.heard(said), names.client_id, self._pairs)

        answer = await self._ask_kind(Kind.OPEN_ORDERS, self.line.ask_open_orders)
        return self._own(answer, lambda said: {one.permanent_id: one for one in said}.values(), translate)

    async def completed_orders(self) -> Answer[tuple[BrokerOrder, ...]]:
        answer = await self._ask_kind(Kind.COMPLETED_ORDERS, self.line.ask_completed_orders)
        return self._own(answer, iter, lambda said: translation.ended_order(said, self._pairs))

    async def executions(self) -> Answer[tuple[ExecutionReported, ...]]:
        """Those of the day. One without an instant leaves the whole answer unknown."""
        answer = await self._ask("executions", self.line.ask_executions)
        return self._own(answer, iter, self._execution)

    async def holdings(self) -> Answer[tuple[Holding, ...]]:
        """The nets that are not flat."""
        answer = await self._ask_kind(Kind.HOLDINGS, self.line.ask_holdings, self.line.stop_holdings)
        latest = self._own(answer, iter, lambda said: translation.holding(said, self._pairs))
        if isinstance(latest, Unknown):
            return latest
        nets = {held.pair: held for held in latest.value}
        return Complete(tuple(held for held in nets.values() if held.quantity), latest.as_of)

    async def profit_and_loss(self) -> Answer[ProfitAndLoss]:
        def ask(request_id: int) -> None:
            self.line.ask_profit(request_id, self._account)

        answer = await self._ask("profit and loss", ask, self.line.stop_profit)
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

    def follow_prices(self) -> None:
        """Follow the prices of every configured instrument, anew where they were followed before."""
        if not self.line.is_open:
            return
        for request_id in self.hearing.prices.close_all():
            self.line.stop_prices(request_id)
        for pair, instrument in sorted(self._settings.instruments.items()):
            stream = self.hearing.prices.open(pair, self.hearing.questions.new_id())
            self.line.ask_prices(stream.request_id, contract_of(instrument))

    # --- inside --------------------------------------------------------------------------------------------------

    def _execution(self, said: ExecutionSaid) -> ExecutionReported:
        if said.executed_at is None:
            raise translation.Untranslatable(f"execution {said.execution_id} is dated {said.time_text!r}: no instant")
        return translation.execution(said, self._settings.client_id, self._pairs, said.executed_at)

    def _silence(self) -> Unknown | None:
        """Why nobody could answer now."""
        if not self.line.is_open:
            return Unknown("there is no session")
        return Unknown("the broker's own line is down") if self.hearing.line_is_down else None

    async def _ask(
        self, what: str, ask: Callable[[int], None], stop: Callable[[int], None] | None = None
    ) -> Answer[list[Any]]:
        """A numbered question; `stop` ends a stream that would go on after its answer."""
        numbers: list[int] = []

        def send(request_id: int) -> None:
            numbers.append(request_id)
            ask(request_id)

        return await self._asked(
            what, lambda: self.hearing.questions.ask(what, send), None if stop is None else lambda: stop(numbers[0])
        )

    async def _ask_kind(
        self, kind: Kind, ask: Callable[[], None], stop: Callable[[], None] | None = None
    ) -> Answer[list[Any]]:
        return await self._asked(kind.value, lambda: self.hearing.questions.ask_kind(kind, ask), stop)

    async def _asked(
        self, what: str, ask: Callable[[], Any], stop: Callable[[], None] | None
    ) -> Answer[list[Any]]:  # fmt: skip
        await self._pace.turn_for_question()
        if (silence := self._silence()) is not None:
            return silence
        try:
            answer: Answer[list[Any]] = await ask()
            if stop is not None and self.line.is_open:
                await self._pace.turn_for_question()
                stop()
        except LineClosed as error:
            return Unknown(f"{what}: {error}")
        return answer

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


def contract_of(instrument: Instrument) -> ContractAsked:
    return ContractAsked(instrument.symbol, instrument.security_type, instrument.exchange, instrument.currency)
