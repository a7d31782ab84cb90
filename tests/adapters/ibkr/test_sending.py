"""Orders go out once, in their sequence, and only while nothing stands against it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from phoenix.adapters.ibkr.line import OrderAsked
from phoenix.adapters.ibkr.pace import Pace
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.vocabulary import LegRole
from phoenix.ports.answers import Unknown
from phoenix.ports.broker import Handed
from phoenix.ports.errors import BrokerRefused, BrokerUnavailable, ClaimRefused
from tests.adapters.ibkr.scripted import Bench, bracket, settle


def sent(bench: Bench) -> list[OrderAsked]:
    return [words[0] for words in bench.line.requests("place_order")]


def protective_pair() -> OrderPlan:
    plan = bracket()
    return replace(plan, legs=tuple(leg for leg in plan.legs if leg.role is not LegRole.ENTRY))


def test_a_bracket_is_released_by_its_last_leg() -> None:
    bench = Bench()

    async def scene() -> None:
        assert await bench.submit(bracket(11)) == Handed()

    bench.run(scene)
    orders = sent(bench)
    assert [(one.order_id, one.parent_id, one.transmit) for one in orders] == [
        (11, 0, False), (12, 11, False), (13, 11, True),
    ]  # fmt: skip
    assert [(one.order_type, one.time_in_force, one.oca_group) for one in orders] == [
        ("LMT", "DAY", ""), ("LMT", "GTC", ""), ("STP", "GTC", ""),
    ]  # fmt: skip
    assert [(one.limit_price, one.auxiliary_price) for one in orders] == [
        (Decimal("1.25"), None), (Decimal("1.27"), None), (None, Decimal("1.24")),
    ]  # fmt: skip


def test_of_a_pair_the_stop_goes_first_and_one_reduces_the_other() -> None:
    bench = Bench()

    async def scene() -> None:
        assert await bench.submit(protective_pair()) == Handed()

    bench.run(scene)
    first, second = sent(bench)
    assert (first.order_type, second.order_type) == ("STP", "LMT")
    assert first.transmit
    assert second.transmit
    assert first.oca_group == second.oca_group != ""
    assert (first.oca_type, second.oca_type, first.parent_id) == (2, 2, 0)


def test_a_single_order_is_plain() -> None:
    bench = Bench()
    plan = bracket()
    single = replace(plan, legs=plan.legs[:1])

    async def scene() -> None:
        assert await bench.submit(single) == Handed()

    bench.run(scene)
    assert [(one.transmit, one.oca_group, one.oca_type, one.parent_id) for one in sent(bench)] == [(True, "", 0, 0)]


@pytest.mark.parametrize("what", ["breaks", "outage", "login", "reset"])
@pytest.mark.parametrize(("legs", "is_handed"), [(1, False), (2, False), (3, True)])
def test_what_happens_between_two_legs_stops_the_rest_and_is_not_known(what: str, legs: int, is_handed: bool) -> None:
    bench = Bench()

    def reply(name: str, _: tuple[Any, ...]) -> None:
        if name == "place_order" and len(sent(bench)) == legs:
            happen: dict[str, Callable[[], None]] = {
                "breaks": bench.line.drop,
                "outage": lambda: bench.error(1100),
                "reset": lambda: bench.error(2110),
                "login": lambda: bench.hears.accounts(("DU9",)),
            }
            happen[what]()

    bench.script.reply = reply

    async def scene() -> None:
        outcome = await bench.submit(bracket())
        assert isinstance(outcome, Handed if is_handed else Unknown)
        with pytest.raises(ClaimRefused):
            await bench.broker.submit(bracket(), None)

    bench.run(scene)
    assert len(sent(bench)) == legs


def test_nothing_is_handed_over_without_a_session() -> None:
    for what in ("closed", "outage", "disconnected"):
        bench = Bench()

        async def scene(what: str = what, bench: Bench = bench) -> None:
            if what == "closed":
                bench.hears.closed("gone")
                assert bench.line.is_open, "the line itself has not noticed"
            elif what == "outage":
                bench.error(1100)
            else:
                await bench.broker.disconnect()
            assert isinstance(await bench.submit(bracket()), Unknown)

        bench.run(scene)
        assert sent(bench) == []


@pytest.mark.parametrize("plan", [bracket(account="DU2"), bracket(pair="EURUSD")])
def test_an_order_of_another_account_or_instrument_is_refused(plan: OrderPlan) -> None:
    bench = Bench()

    async def scene() -> None:
        with pytest.raises(BrokerRefused, match="nothing was sent"):
            await bench.submit(plan)

    bench.run(scene)
    assert sent(bench) == []


def test_an_order_of_a_former_session_does_not_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench()

    async def scene() -> None:
        turn = asyncio.Event()

        async def wait(_: Pace) -> None:
            await turn.wait()

        monkeypatch.setattr(Pace, "turn_for_order", wait)
        sending = asyncio.create_task(bench.submit(bracket()))
        await settle()
        await bench.broker.disconnect()
        await bench.broker.connect()
        turn.set()
        assert isinstance(await sending, Unknown)
        assert [line.requests("place_order") for line in bench.lines] == [[], []]

    bench.run(scene)


def test_a_cancel_goes_by_the_session_s_number_and_says_when_nobody_can_be_asked() -> None:
    bench = Bench()

    async def scene() -> None:
        await bench.broker.cancel("PX-1", 5, "900")
        assert bench.line.requests("cancel_order") == [(5,)]
        bench.line.drop()
        with pytest.raises(BrokerUnavailable, match="may not be cancelled"):
            await bench.broker.cancel("PX-1", 5, "900")
        await bench.broker.disconnect()
        with pytest.raises(BrokerUnavailable, match="no session"):
            await bench.broker.cancel("PX-1", 5, "900")

    bench.run(scene)
