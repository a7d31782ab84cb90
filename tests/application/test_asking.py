"""A real broker is asked everything at once, a simulated one one thing after the other and without an event loop."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.application.asking import together
from phoenix.application.gate.facts import Facts
from phoenix.application.gate.facts_reader import FactsReader
from phoenix.application.gate.pacing import Pacer
from phoenix.application.simulation import run_now
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import AccountSnapshot, ContractDetails, Quote, Session
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.world import World

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Slow:
    """Answers nothing before everything was asked that a step needs."""

    def __init__(self, needed: int) -> None:
        self._needed = needed
        self._all_asked = asyncio.Event()
        self.asked: list[str] = []

    async def _ask(self, what: str) -> Unknown:
        self.asked.append(what)
        if len(self.asked) == self._needed:
            self._all_asked.set()
        await self._all_asked.wait()
        return Unknown(f"no answer for {what}")

    async def account(self) -> Answer[AccountSnapshot]:
        return await self._ask("account")

    async def server_time(self) -> Answer[datetime]:
        return await self._ask("time")

    async def quote(self, pair: str) -> Answer[Quote]:
        return await self._ask(pair)

    async def contract(self, pair: str) -> Answer[ContractDetails]:
        return await self._ask(f"contract of {pair}")

    def session(self) -> Answer[Session]:
        return Unknown("none")


def test_what_a_step_needs_of_a_real_broker_is_asked_at_once() -> None:
    async def read() -> Facts:
        broker = Slow(needed=4)
        reader = FactsReader(
            broker, AlwaysOpen(), SimulatedClock(NOW), Pacer(50), INSTRUMENTS, "USD"  # type: ignore[arg-type]
        )  # fmt: skip
        return await asyncio.wait_for(reader.read(["GBPUSD", "EURUSD"]), 5)

    facts = asyncio.run(read())
    assert facts.account == Unknown("no answer for account")
    assert facts.server_time == Unknown("no answer for time")
    assert dict(facts.quotes) == {pair: Unknown(f"no answer for {pair}") for pair in ("EURUSD", "GBPUSD")}


def test_an_error_of_one_question_is_raised_when_all_have_come_to_an_end() -> None:
    ended: list[str] = []

    async def ask(what: str) -> str:
        await asyncio.sleep(0)
        ended.append(what)
        if what == "first":
            raise ValueError(what)
        return what

    async def both() -> list[str]:
        return await together(Slow(0), ask("first"), ask("second"))  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="first"):
        asyncio.run(both())
    assert ended == ["first", "second"]


def test_a_simulated_broker_is_driven_without_a_loop_and_within_one() -> None:
    world = World()

    async def name(what: str) -> str:
        return what

    async def within() -> list[str]:
        return run_now(together(world.broker, name("a"), name("b")))

    assert run_now(together(world.broker, name("a"), name("b"))) == asyncio.run(within()) == ["a", "b"]
