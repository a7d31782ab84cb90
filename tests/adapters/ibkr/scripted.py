"""A line that says what a test scripts, and notes what it is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ibkr.broker import IbkrBroker
from phoenix.adapters.ibkr.line import (
    ContractAsked,
    Endpoint,
    Line,
    LineClosed,
    LineFailed,
    Listener,
    Opened,
    OrderAsked,
)
from phoenix.adapters.ibkr.said import (
    ContractSaid,
    DetailsSaid,
    ErrorSaid,
    ExecutionSaid,
    HoldingSaid,
    OrderSaid,
    StatusSaid,
)
from phoenix.adapters.ibkr.settings import IbkrSettings
from phoenix.domain.instrument import Instrument
from phoenix.domain.order_plan import EntryTerms, OrderPlan, bracket_plan
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, OrderType, Side, TimeInForce
from phoenix.ports.broker import SendOutcome
from phoenix.ports.broker_events import BrokerEvent
from phoenix.ports.claims import Claim, ClaimOffice

T = TypeVar("T")
E = TypeVar("E")

START = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
PAIR, ACCOUNT = "GBPUSD", "DU1"
GBPUSD = Instrument(
    PAIR, "GBP", "CASH", "IDEALPRO", "USD", Decimal("0.00005"), Decimal("0.0001"), Decimal(1000), Decimal(1000)
)  # fmt: skip
CONTRACT = ContractSaid(12087797, "GBP", "CASH", "IDEALPRO", "USD")
GROUP = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"


def order(
    order_id: int | None = 1, permanent_id: int | None = 900, reference: str | None = "PX-1", status: str = "Submitted",
    **changes: Any,
) -> OrderSaid:  # fmt: skip
    said = OrderSaid(
        order_id, 1, permanent_id, None, reference, ACCOUNT, CONTRACT, "BUY", "LMT", Decimal(1000), Decimal("1.25"),
        None, "DAY", None, status,
    )  # fmt: skip
    return replace(said, **changes)


def status(
    word: str, order_id: int = 1, permanent_id: int | None = 900, filled: str = "0", remaining: str = "1000",
    why_held: str | None = None, client_id: int = 1,
) -> StatusSaid:  # fmt: skip
    return StatusSaid(order_id, client_id, permanent_id, None, word, Decimal(filled), Decimal(remaining), why_held)


def execution(execution_id: str = "0001.01.01", request_id: int = -1, **changes: Any) -> ExecutionSaid:
    said = ExecutionSaid(
        request_id, execution_id, 1, 1, 900, "PX-1", ACCOUNT, CONTRACT, "BOT", Decimal(1000), Decimal("1.25"), START,
        "20260302 14:30:00",
    )  # fmt: skip
    return replace(said, **changes)


def holding(quantity: str, contract: ContractSaid = CONTRACT, account: str = ACCOUNT) -> HoldingSaid:
    return HoldingSaid(account, contract, Decimal(quantity), Decimal("1.25"))


DETAILS = DetailsSaid(CONTRACT, Decimal("0.00005"), None, None)


def no_script(_: str, __: tuple[Any, ...]) -> None:
    """Nothing is answered."""


class ScriptedLine(Line):
    """`reply` is called with every request, and may make the listener hear things at once."""

    library = "scripted"

    def __init__(self, script: Script, endpoint: Endpoint, listener: Listener) -> None:
        self.script, self.endpoint, self.hears = script, endpoint, listener
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self._is_open = False

    async def open(self) -> Opened:
        if self.script.failure is not None:
            raise self.script.failure
        self.script.while_opening(self.hears)
        self.hears.accounts(self.script.accounts)
        self.hears.next_order_id(self.script.next_order_id)
        self._is_open = True
        return Opened(self.script.server_version, self.script.next_order_id, self.script.accounts)

    async def close(self) -> None:
        self._is_open = False

    @property
    def is_open(self) -> bool:
        return self._is_open

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def requests(self, name: str) -> list[tuple[Any, ...]]:
        return [words for asked, words in self.asked if asked == name]

    def drop(self) -> None:
        """The connection breaks by itself."""
        self._is_open = False
        self.hears.closed("gone")

    def _note(self, name: str, *words: Any) -> None:
        if not self._is_open:
            raise LineClosed("closed")
        self.asked.append((name, words))
        if name == "ask_time" and self.script.tells_time:
            self.hears.current_time(int(START.timestamp()))
        self.script.reply(name, words)

    def place_order(self, order: OrderAsked) -> None:
        self._note("place_order", order)

    def cancel_order(self, order_id: int) -> None:
        self._note("cancel_order", order_id)

    def ask_open_orders(self) -> None:
        self._note("ask_open_orders")

    def ask_completed_orders(self) -> None:
        self._note("ask_completed_orders")

    def ask_executions(self, request_id: int) -> None:
        self._note("ask_executions", request_id)

    def ask_holdings(self) -> None:
        self._note("ask_holdings")

    def stop_holdings(self) -> None:
        self._note("stop_holdings")

    def ask_account_values(self, request_id: int, tags: str) -> None:
        self._note("ask_account_values", request_id, tags)

    def stop_account_values(self, request_id: int) -> None:
        self._note("stop_account_values", request_id)

    def ask_profit(self, request_id: int, account: str) -> None:
        self._note("ask_profit", request_id, account)

    def stop_profit(self, request_id: int) -> None:
        self._note("stop_profit", request_id)

    def ask_prices(self, request_id: int, contract: ContractAsked) -> None:
        self._note("ask_prices", request_id, contract)

    def stop_prices(self, request_id: int) -> None:
        self._note("stop_prices", request_id)

    def ask_contract_details(self, request_id: int, contract: ContractAsked) -> None:
        self._note("ask_contract_details", request_id, contract)

    def ask_time(self) -> None:
        self._note("ask_time")


def _says_nothing(_: Listener) -> None:
    """No order is open."""


@dataclass
class Script:
    """What the gateway is like."""

    accounts: tuple[str, ...] = (ACCOUNT,)
    next_order_id: int = 1
    server_version: int = 176
    tells_time: bool = True
    failure: LineFailed | ImportError | None = None
    while_opening: Callable[[Listener], None] = _says_nothing
    reply: Callable[[str, tuple[Any, ...]], None] = no_script


class Bench:
    """A broker over scripted lines, on a clock of its own."""

    def __init__(
        self, *, account: str = ACCOUNT, mode: AccountMode = AccountMode.PAPER, port: int = 4002,
        host: str = "127.0.0.1", allowed: frozenset[str] | None = None, allow_live: bool = False,
        zone: ZoneInfo | None = None, timeout_s: float = 0.02,
    ) -> None:  # fmt: skip
        self.clock = SimulatedClock(START)
        self.events: list[BrokerEvent] = []
        self.script = Script(accounts=(account,))
        self.lines: list[ScriptedLine] = []
        self.office = ClaimOffice()
        self.account = account
        settings = IbkrSettings(
            host, port, 1, AccountPolicy(account, mode, "USD", allow_live), {PAIR: GBPUSD}, self.clock,
            frozenset({account}) if allowed is None else allowed, zone, 1.0, timeout_s,
        )  # fmt: skip
        self.broker = IbkrBroker("scripted", settings, self._line, self.office, self.events.append)

    def _line(self, endpoint: Endpoint, listener: Listener) -> Line:
        self.lines.append(ScriptedLine(self.script, endpoint, listener))
        return self.lines[-1]

    @property
    def line(self) -> ScriptedLine:
        return self.lines[-1]

    @property
    def hears(self) -> Listener:
        return self.line.hears

    def told(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]

    def pass_time(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + timedelta(seconds=seconds))

    def error(self, code: int, request_id: int = -1, text: str = "text") -> None:
        self.hears.error(ErrorSaid(request_id, code, text))

    def run(self, scene: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Play a scene in a session, and let go of it."""

        async def played() -> T:
            await self.broker.connect()
            self.events.clear()
            try:
                return await scene()
            finally:
                await self.broker.disconnect()

        return asyncio.run(played())

    def hear(self, scene: Callable[[], None]) -> None:
        """Play what is only heard."""

        async def heard() -> None:
            scene()
            await settle()

        self.run(heard)

    async def submit(self, plan: OrderPlan) -> SendOutcome:
        claim = Claim("t", "i", plan.order_group_id, plan.order_hash(), 1)
        return await self.broker.submit(plan, self.office.issue(claim))


async def settle() -> None:
    """Let everything that is ready go on."""
    for _ in range(10):
        await asyncio.sleep(0)


def bracket(first_id: int = 1, account: str = ACCOUNT, pair: str = PAIR) -> OrderPlan:
    terms = EntryTerms(
        account, pair, Side.LONG, Decimal(1000), OrderType.LIMIT, TimeInForce.DAY, Decimal("1.25"), Decimal("1.24"),
        Decimal("1.27"),
    )  # fmt: skip
    return bracket_plan(terms, GROUP, first_id)
