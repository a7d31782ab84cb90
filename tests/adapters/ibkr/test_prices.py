"""A quote is two live sides, as old as what was last heard of them; anything else is not known."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from phoenix.ports.answers import Complete, Unknown
from phoenix.ports.broker_events import ConnectionRestored, MarketDataState
from phoenix.ports.broker_facts import Quote
from tests.adapters.ibkr.scripted import PAIR, START, Bench, settle

BID, ASK, LAST = 1, 2, 4


def tick(bench: Bench, side: int, price: str) -> None:
    bench.hears.price_tick(bench.line.requests("ask_prices")[-1][0], side, Decimal(price))


def both(bench: Bench) -> None:
    tick(bench, BID, "1.25")
    tick(bench, ASK, "1.26")


def stream(bench: Bench) -> int:
    number: int = bench.line.requests("ask_prices")[-1][0]
    return number


def test_the_first_quote_is_waited_for_and_dated_by_its_last_tick() -> None:
    bench = Bench(timeout_s=60)

    async def scene() -> None:
        waiting = asyncio.create_task(bench.broker.quote(PAIR))
        await settle()
        tick(bench, BID, "1.25")
        await settle()
        assert not waiting.done()
        bench.pass_time(3)
        tick(bench, ASK, "1.26")
        tick(bench, LAST, "9")
        at = START + timedelta(seconds=3)
        assert await waiting == Complete(Quote(PAIR, Decimal("1.25"), Decimal("1.26"), at), at)

    bench.run(scene)


@pytest.mark.parametrize("price", ["-1", "0"])
@pytest.mark.parametrize("side", [BID, ASK])
def test_a_side_without_a_price_leaves_no_quote(side: int, price: str) -> None:
    bench = Bench()

    async def scene() -> None:
        both(bench)
        tick(bench, side, price)
        assert isinstance(await bench.broker.quote(PAIR), Unknown)

    bench.run(scene)


@pytest.mark.parametrize(("kind", "is_known"), [(1, True), (2, False), (3, False), (4, False), (9, False)])
def test_only_live_prices_are_quotes(kind: int, is_known: bool) -> None:
    bench = Bench()

    async def scene() -> None:
        bench.error(10167, stream(bench))
        bench.hears.market_data_type(stream(bench), kind)
        both(bench)
        assert isinstance(await bench.broker.quote(PAIR), Complete if is_known else Unknown)
        assert bench.events == []

    bench.run(scene)


def test_no_tick_no_quote_and_no_quote_of_what_is_not_followed() -> None:
    bench = Bench()

    async def scene() -> None:
        assert isinstance(await bench.broker.quote(PAIR), Unknown)
        assert isinstance(await bench.broker.quote("EURUSD"), Unknown)

    bench.run(scene)


def test_a_refused_stream_is_unknown_until_both_sides_are_heard_anew() -> None:
    bench = Bench()

    async def scene() -> None:
        both(bench)
        bench.error(354, stream(bench))
        assert isinstance(await bench.broker.quote(PAIR), Unknown)
        tick(bench, BID, "1.25")
        assert isinstance(await bench.broker.quote(PAIR), Unknown)
        tick(bench, ASK, "1.26")
        assert isinstance(await bench.broker.quote(PAIR), Complete)

    bench.run(scene)


@pytest.mark.parametrize("end", ["closed", "outage", "disconnected"])
def test_whoever_waits_for_a_quote_learns_that_there_will_be_none(end: str) -> None:
    bench = Bench(timeout_s=60 if end != "outage" else 0.02)

    async def scene() -> None:
        waiting = asyncio.create_task(bench.broker.quote(PAIR))
        await settle()
        if end == "closed":
            bench.line.drop()
        elif end == "outage":
            bench.error(1100)
            both(bench)
        else:
            await bench.broker.disconnect()
        assert isinstance(await waiting, Unknown)

    bench.run(scene)


@pytest.mark.parametrize("code", [1100, 2103])
def test_a_side_that_was_not_heard_since_an_interruption_makes_the_quote_as_old_as_it(code: int) -> None:
    bench = Bench()

    async def scene() -> None:
        both(bench)
        bench.pass_time(10)
        bench.error(code)
        bench.error(1102)
        bench.pass_time(10)
        tick(bench, BID, "1.24")
        half = await bench.broker.quote(PAIR)
        assert isinstance(half, Complete)
        assert half.as_of == START
        tick(bench, ASK, "1.25")
        whole = await bench.broker.quote(PAIR)
        assert isinstance(whole, Complete)
        assert whole.as_of == START + timedelta(seconds=20)

    bench.run(scene)


def test_prices_that_another_session_took_are_unknown_until_both_sides_are_heard_again() -> None:
    bench = Bench()

    async def scene() -> None:
        both(bench)
        bench.error(10197, stream(bench))
        taken = await bench.broker.quote(PAIR)
        assert isinstance(taken, Unknown)
        assert "another session" in taken.reason
        tick(bench, BID, "1.24")
        assert isinstance(await bench.broker.quote(PAIR), Unknown)
        tick(bench, ASK, "1.25")
        assert isinstance(await bench.broker.quote(PAIR), Complete)

    bench.run(scene)


def test_lost_subscriptions_are_made_anew_and_kept_ones_are_not() -> None:
    bench = Bench()

    async def scene() -> None:
        first = stream(bench)
        both(bench)
        bench.error(1102)
        await settle()
        assert stream(bench) == first
        bench.error(1101)
        bench.error(1101)
        assert isinstance(await bench.broker.quote(PAIR), Unknown), "nothing of before is a quote any more"
        await settle()
        assert stream(bench) != first
        assert bench.line.requests("stop_prices") == [(first,)]
        bench.hears.price_tick(first, BID, Decimal(9))
        both(bench)
        assert isinstance(await bench.broker.quote(PAIR), Complete)
        assert [event.data_kept for event in bench.told(ConnectionRestored)] == [True, False, False]

    bench.run(scene)


def test_a_line_that_breaks_while_prices_are_followed_anew_is_no_error() -> None:
    bench = Bench()

    async def scene() -> None:
        bench.error(1101)
        bench.line.drop()
        await settle()
        assert len(bench.line.requests("ask_prices")) == 1

    bench.run(scene)


def test_prices_are_fresh_again_when_every_farm_is_back() -> None:
    bench = Bench()

    def scene() -> None:
        bench.error(2103, text="Market data farm connection is broken:usfarm")
        bench.error(2105, text="HMDS data farm connection is broken:ushmds")
        bench.error(2104, text="Market data farm connection is OK:cashfarm")
        bench.error(2104, text="Market data farm connection is OK:usfarm")
        assert [event.is_fresh for event in bench.told(MarketDataState)] == [False]
        bench.error(2106, text="HMDS data farm connection is OK:ushmds")
        assert [event.is_fresh for event in bench.told(MarketDataState)] == [False, True]

    bench.hear(scene)


def test_prices_that_another_session_has_are_back_with_the_next_tick() -> None:
    bench = Bench()

    def scene() -> None:
        bench.error(10197, stream(bench))
        bench.error(10197, stream(bench))
        assert [event.is_fresh for event in bench.told(MarketDataState)] == [False]
        tick(bench, BID, "1.25")
        assert [event.is_fresh for event in bench.told(MarketDataState)] == [False, True]

    bench.hear(scene)
