"""A session that is opened to look, and let go of: everything that a start asks of a broker, point by point."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from phoenix.application.gate.contracts import contradictions
from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.policy import Policy
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker import Broker
from phoenix.ports.broker_facts import AccountSnapshot, ContractDetails, Quote, Session
from phoenix.ports.broker_reader import BrokerReader
from phoenix.ports.clock import Clock
from phoenix.ports.errors import BrokerError
from phoenix.runtime.checkup.finding import Finding, failed, not_checked, ok, warning

T = TypeVar("T")

CLOCK, ACCOUNT, CONTRACTS, QUOTES = "broker's clock", "broker's account", "contracts", "quotes"
OPEN_ORDERS, COMPLETED_ORDERS, EXECUTIONS, POSITIONS = "open orders", "completed orders", "executions", "positions"
POINTS = (CLOCK, ACCOUNT, CONTRACTS, QUOTES, OPEN_ORDERS, COMPLETED_ORDERS, EXECUTIONS, POSITIONS)
_AGAIN = "Look at the gateway, then phoenix doctor --connect"
_SET_CLOCK = "timedatectl; set this computer's clock, or the clock of the gateway's"


class _Answering(BrokerReader, Protocol):
    """What is asked here. Whoever holds this cannot act."""

    def session(self) -> Answer[Session]: ...
    async def contract(self, pair: str) -> Answer[ContractDetails]: ...
    async def server_time(self) -> Answer[datetime]: ...


def ask_everything(check: str, broker: Broker, policy: Policy, clock: Clock) -> Iterator[Finding]:
    """The findings as soon as they are known, beginning with that on the connection; the session is let go of."""
    with asyncio.Runner() as runner:
        try:
            session = runner.run(broker.connect())
        except BrokerError as error:
            yield failed(check, error.cause, error.remedy or _AGAIN)
            yield from (not_checked(point, "there is no connection") for point in POINTS)
            return
        try:
            yield ok(
                check, f"{session.adapter} has a session: {session.account}, server version {session.server_version}"
            )
            yield from _Asking(runner, broker, policy, clock).findings()
        finally:
            runner.run(broker.disconnect())


class _Asking:
    """One point after the other; once the session has gone, what is left is not checked."""

    def __init__(self, runner: asyncio.Runner, broker: _Answering, policy: Policy, clock: Clock) -> None:
        self._runner = runner
        self._broker = broker
        self._policy = policy
        self._clock = clock
        self._has_gone = False

    def findings(self) -> Iterator[Finding]:
        broker, pairs = self._broker, sorted(self._policy.instruments)
        yield self._told(CLOCK, broker.server_time, self._skew)
        yield self._told(ACCOUNT, broker.account, self._account)
        for pair in pairs:
            yield self._told(CONTRACTS, partial(broker.contract, pair), self._contract)
        for pair in pairs:
            yield self._told(QUOTES, partial(broker.quote, pair), self._quote)
        yield self._told(OPEN_ORDERS, broker.open_orders, lambda book: _counted(OPEN_ORDERS, book))
        yield self._told(COMPLETED_ORDERS, broker.completed_orders, lambda book: _counted(COMPLETED_ORDERS, book))
        yield self._told(EXECUTIONS, broker.executions, lambda book: _counted(EXECUTIONS, book))
        yield self._told(POSITIONS, broker.holdings, lambda book: _counted(POSITIONS, book))

    def _told(
        self, check: str, ask: Callable[[], Coroutine[Any, Any, Answer[T]]], judge: Callable[[T], Finding]
    ) -> Finding:
        if self._has_gone:
            return not_checked(check, "the session has gone")
        answer = self._runner.run(ask())
        if not isinstance(answer, Unknown):
            return judge(answer.value)
        session = self._broker.session()
        self._has_gone = isinstance(session, Unknown)
        return failed(check, answer.reason.removeprefix(f"{check}: "), answer.remedy or _AGAIN)

    def _skew(self, told: datetime) -> Finding:
        """Told to the second. Entries are refused behind a clock that is further off than the limit."""
        apart_s = abs((told - self._clock.now()).total_seconds())
        found = f"it shows {instant_text(told)}, {apart_s:.1f} s away from ours"
        limit_s = self._policy.limits.clock_skew_max_s
        if limit_s is not None and apart_s > limit_s:
            return failed(CLOCK, f"{found}; entries are refused beyond {decimal_text(limit_s)} s", _SET_CLOCK)
        if apart_s > self._policy.clock_skew_s:
            return warning(CLOCK, found, _SET_CLOCK)
        return ok(CLOCK, found)

    def _account(self, told: AccountSnapshot) -> Finding:
        ours = self._policy.account.currency
        if told.currency != ours:
            return failed(
                ACCOUNT, f"{told.account} is kept in {told.currency}, not in {ours}", "Correct account.currency"
            )  # fmt: skip
        return ok(ACCOUNT, f"{told.account} has an equity of {decimal_text(told.equity)} {told.currency}")

    def _contract(self, told: ContractDetails) -> Finding:
        found = contradictions(self._policy.instruments[told.pair], told)
        if found:
            return failed(
                CONTRACTS, f"{told.pair}: {'; '.join(found)}", f"Correct instruments.{told.pair} in the configuration"
            )
        return ok(
            CONTRACTS, f"{told.pair} is at the broker what is configured, with a tick of {decimal_text(told.tick)}"
        )

    def _quote(self, told: Quote) -> Finding:
        instrument = self._policy.instruments[told.pair]
        bid, ask = instrument.price_text(told.bid), instrument.price_text(told.ask)
        return ok(QUOTES, f"{told.pair} {bid} / {ask}, heard {instant_text(told.as_of)}")


def _counted(check: str, book: tuple[object, ...]) -> Finding:
    return ok(check, f"told in full: {len(book) or 'none'}")
