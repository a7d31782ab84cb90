"""What the broker answers when it is asked. An answer it does not give is `NoAnswer`, never an empty one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TypeAlias, TypeVar

from phoenix.adapters.simulation import valuation
from phoenix.adapters.simulation.account import FLAT, Net
from phoenix.adapters.simulation.executions import Execution
from phoenix.adapters.simulation.faults import Query
from phoenix.adapters.simulation.orders import Order
from phoenix.adapters.simulation.prices import MarketQuote
from phoenix.adapters.simulation.world import World
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """The broker did not answer, or not completely."""

    reason: str


QueryAnswer: TypeAlias = "T | NoAnswer"


@dataclass(frozen=True, slots=True)
class AccountView:
    """Money in the account's currency. Margin and buying power are None where none is asked for."""

    account: str
    currency: str
    balance: Decimal
    equity: Decimal
    margin_used: Decimal | None
    buying_power: Decimal | None


@dataclass(frozen=True, slots=True)
class ProfitView:
    realised: Decimal
    unrealised: Decimal


class Answers:
    """The queries of a client, as of the world's instant."""

    def __init__(self, world: World) -> None:
        self._world = world

    def account(self) -> AccountView | NoAnswer:
        if (silence := self._silence(Query.ACCOUNT)) is not None:
            return silence
        world = self._world
        try:
            equity = valuation.equity(world)
        except LookupError as error:
            return NoAnswer(str(error))
        is_margined = world.options.margin_rate != ZERO
        used = valuation.margin_used(world) if is_margined else None
        power = None if used is None else (equity - used) / world.options.margin_rate
        return AccountView(world.options.account, world.options.currency, world.account.balance, equity, used, power)

    def profit(self) -> ProfitView | NoAnswer:
        if (silence := self._silence(Query.PROFIT_AND_LOSS)) is not None:
            return silence
        try:
            return ProfitView(self._world.account.stated_realised, valuation.unrealised(self._world))
        except LookupError as error:
            return NoAnswer(str(error))

    def quote(self, pair: str) -> MarketQuote | NoAnswer:
        """The prices as the broker shows them: those of the moment a freeze began, while it lasts."""
        if (silence := self._silence(Query.QUOTE)) is not None:
            return silence
        world = self._world
        feed = world.feeds.get(pair)
        frozen_since = world.script.frozen_since(pair, world.now)
        quote = None if feed is None else feed.quote(world.now if frozen_since is None else frozen_since)
        return NoAnswer(f"{pair} has no price at {world.now.isoformat()}") if quote is None else quote

    def instrument(self, pair: str) -> Instrument | NoAnswer:
        if (silence := self._silence(Query.CONTRACT)) is not None:
            return silence
        instrument = self._world.options.instruments.get(pair)
        return NoAnswer(f"no security definition for {pair}") if instrument is None else instrument

    def open_orders(self) -> list[Order] | NoAnswer:
        """Orders that have not ended, those included that have not been acknowledged."""
        silence = self._silence(Query.OPEN_ORDERS)
        return list(self._world.book.live.values()) if silence is None else silence

    def completed_orders(self) -> list[Order] | NoAnswer:
        if (silence := self._silence(Query.COMPLETED_ORDERS)) is not None:
            return silence
        return sorted(self._world.book.completed.values(), key=lambda order: order.sequence)

    def executions(self) -> list[Execution] | NoAnswer:
        if (silence := self._silence(Query.EXECUTIONS)) is not None:
            return silence
        if self._world.script.executions_withheld(self._world.now):
            return []
        return self._world.book.executions()

    def holdings(self) -> dict[str, Net] | NoAnswer:
        """The net of each instrument that is not flat, or that a script falsifies."""
        if (silence := self._silence(Query.HOLDINGS)) is not None:
            return silence
        world = self._world
        lag = world.script.holdings_lag(world.now)
        nets = self._nets_at(world.now - lag) if lag else dict(world.account.nets)
        for claim in world.script.claimed_holdings(world.now):
            known = nets.get(claim.pair, FLAT)
            nets[claim.pair] = Net(claim.quantity, known.average_price)
        return nets

    def server_time(self) -> datetime | NoAnswer:
        silence = self._silence(Query.SERVER_TIME)
        return self.clock() if silence is None else silence

    def clock(self) -> datetime:
        """The broker's own time."""
        return self._world.now + self._world.script.clock_skew(self._world.now)

    def _silence(self, query: Query) -> NoAnswer | None:
        world = self._world
        if not world.delivery.is_heard:
            return NoAnswer("the line to the broker is down")
        if world.script.is_unanswered(query, world.now):
            return NoAnswer(f"the broker did not answer {query.value} completely")
        return None

    def _nets_at(self, instant: datetime) -> dict[str, Net]:
        nets: dict[str, Net] = {}
        for entry in self._world.book.journal:
            at = entry.executed_at if isinstance(entry, Execution) else entry.made_at
            if at <= instant:
                change = entry.signed_quantity if isinstance(entry, Execution) else entry.quantity
                nets[entry.pair] = nets.get(entry.pair, FLAT).after(change, entry.price)
        return {pair: net for pair, net in nets.items() if net is not FLAT}
