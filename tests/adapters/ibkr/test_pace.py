"""No second holds more than fifty messages, and no order waits behind questions."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.adapters.ibkr.pace import KEPT_FOR_ORDERS, MESSAGES_PER_SECOND, Pace
from phoenix.adapters.pauses import pause
from tests.adapters.ibkr.scripted import Bench, bracket, settle


class Time:
    """Seconds that pass only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        wake = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, wake)

    def pace(self) -> Pace:
        return Pace(self.monotonic, self.pause)


def most_in_a_second(sent: list[float]) -> int:
    return max(sum(1 for other in sent if at <= other < at + 1 - 1e-9) for at in sent)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("oq"), st.floats(0, 1.5)), min_size=60, max_size=160))
def test_no_second_holds_more_than_fifty_messages(turns: list[tuple[str, float]]) -> None:
    time = Time()
    pace, sent = time.pace(), []

    async def scene() -> None:
        for kind, after in turns:
            time.now += after / 50
            await (pace.turn_for_order() if kind == "o" else pace.turn_for_question())
            sent.append(time.now)

    asyncio.run(scene())
    assert most_in_a_second(sent) <= MESSAGES_PER_SECOND


def test_an_order_does_not_wait_behind_questions() -> None:
    time = Time()
    pace = time.pace()

    async def scene() -> None:
        for _ in range(MESSAGES_PER_SECOND - KEPT_FOR_ORDERS):
            await pace.turn_for_question()
        assert time.now == 0.0
        question = asyncio.get_running_loop().create_task(pace.turn_for_question())
        for _ in range(KEPT_FOR_ORDERS):
            await pace.turn_for_order()
        assert time.now == 0.0
        await question
        assert time.now >= 1.0

    asyncio.run(scene())


def test_a_question_leaves_room_for_orders() -> None:
    time = Time()
    pace = time.pace()

    async def scene() -> None:
        for _ in range(MESSAGES_PER_SECOND - KEPT_FOR_ORDERS):
            await pace.turn_for_question()
        assert time.now == 0.0
        await pace.turn_for_question()
        assert time.now == 1.0

    asyncio.run(scene())


def test_questions_keep_quiet_after_the_gateway_s_complaint_and_orders_do_not() -> None:
    time = Time()
    pace = time.pace()

    async def scene() -> None:
        pace.back_off()
        await pace.turn_for_order()
        assert time.now == 0.0
        await pace.turn_for_question()
        assert time.now == 5.0

    asyncio.run(scene())


@pytest.mark.parametrize("request_id", [-1, 1, 2_000_000_001])
def test_error_100_makes_questions_wait_whatever_it_names(request_id: int) -> None:
    bench = Bench()
    bench.hear(lambda: bench.error(100, request_id))
    assert bench.broker.pace.is_backing_off


def test_everything_that_is_sent_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(timeout_s=0.01)
    turns: list[str] = []

    def counted(name: str) -> Any:
        async def turn(_: Pace) -> None:
            turns.append(name)

        return turn

    monkeypatch.setattr(Pace, "turn_for_order", counted("order"))
    monkeypatch.setattr(Pace, "turn_for_question", counted("question"))

    async def scene() -> None:
        broker = bench.broker
        asks = (
            broker.open_orders, broker.completed_orders, broker.executions, broker.holdings, broker.account,
            broker.profit_and_loss, broker.server_time,
        )  # fmt: skip
        for ask in asks:
            await ask()
        await broker.contract("GBPUSD")
        bench.error(1101)
        await settle()
        await bench.submit(bracket())
        await broker.cancel("PX", 1, None)
        orders = [name for name in bench.line.names() if name in ("place_order", "cancel_order")]
        assert turns.count("order") == len(orders) == 4
        assert turns.count("question") == len(bench.line.asked) - 4

    bench.run(scene)


def test_a_pause_ends_by_itself_and_can_be_given_up() -> None:
    async def scene() -> None:
        await pause(0.001)
        given_up = asyncio.create_task(pause(60))
        await settle()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up

    asyncio.run(scene())
