"""However pushes, answers and mishaps are mixed: no event is lost, and no part of an answer counts as the whole."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.adapters.ibkr.said import ContractSaid
from phoenix.ports.answers import Answer, Complete
from phoenix.ports.broker_events import ExecutionReported, OrderStatusReported
from phoenix.ports.broker_facts import Holding
from tests.adapters.ibkr.scripted import CONTRACT, Bench, execution, holding, settle, status

SIZE = 3
STEPS = st.lists(
    st.sampled_from(["ask", "give up", "item", "push", "execution", "outage", "unreadable"]), min_size=1, max_size=60
)


class Gateway:
    """Answers positions in the order they were asked for: three quantities each, then the end."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.told = 0
        self.spoilt: set[int] = set()

    @property
    def asked(self) -> int:
        return len(self.bench.line.requests("ask_holdings"))

    def go_on(self) -> None:
        """The next word of what is owed; every answer's quantities are its own number and position."""
        answer, place = divmod(self.told, SIZE + 1)
        if answer >= self.asked:
            return
        self.told += 1
        if place == SIZE:
            self.bench.hears.holdings_end()
        else:
            self.bench.hears.holding(holding(str(answer * 10 + place + 1), _contract(place)))


def _contract(place: int) -> ContractSaid:
    return replace(CONTRACT, contract_id=place + 1)


@settings(max_examples=120, deadline=None)
@given(STEPS)
def test_no_event_is_lost_and_no_part_is_the_whole(steps: list[str]) -> None:
    bench = Bench(timeout_s=60)
    asyncio.run(_play(bench, steps))


async def _play(bench: Bench, steps: list[str]) -> None:
    await bench.broker.connect()
    bench.events.clear()
    gateway, answers = Gateway(bench), []
    waiting: list[asyncio.Task[Answer[tuple[Holding, ...]]]] = []
    asked_at: list[datetime] = []
    pushes = executions = 0
    for step in steps:
        if step == "ask" and not waiting:
            bench.pass_time(1)
            asked_at.append(bench.clock.now())
            waiting.append(asyncio.create_task(bench.broker.holdings()))
        elif step == "give up" and waiting:
            waiting.pop().cancel()
        elif step == "item":
            gateway.go_on()
        elif step == "push":
            bench.hears.order_status(status("Submitted"))
            pushes += 1
        elif step == "execution":
            bench.hears.execution(execution(f"{executions}.01"))
            executions += 1
        elif step == "outage":
            bench.error(1100)
            bench.error(1102)
        elif step == "unreadable":
            bench.hears.undecodable("strange")
        if step not in ("item", "unreadable", "outage"):
            await settle()
        answers += [task.result() for task in waiting if task.done()]
        waiting = [task for task in waiting if not task.done()]
    await bench.broker.disconnect()
    await asyncio.gather(*waiting, return_exceptions=True)
    assert len(bench.told(OrderStatusReported)) == pushes
    assert len(bench.told(ExecutionReported)) == executions
    for answer in answers:
        if isinstance(answer, Complete):
            quantities = sorted(held.quantity for held in answer.value)
            assert len(quantities) == SIZE
            assert len({int(quantity) // 10 for quantity in quantities}) == 1, "of one answer"
            number = int(quantities[0]) // 10
            assert answer.as_of == asked_at[number], "no newer than it is"
