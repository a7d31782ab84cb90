"""The control channel moves time, prices and faults, shows the ledger, and survives whatever it is sent."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from phoenix.adapters.gateway.tricks import Tricks
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import instant_text
from tests.adapters.gateway.bench import PAIR, START, Bench, place
from tests.adapters.gateway.sockets import ERROR, served


def _direct(*lines: object, bench: Bench | None = None) -> list[dict[str, Any]]:
    async def test() -> list[dict[str, Any]]:
        async with served(bench) as gateway:
            return await gateway.direct(*lines)

    return asyncio.run(test())


def test_the_state_is_shown() -> None:
    (state,) = _direct({"do": "state"})
    assert state == {
        "ok": True, "now": instant_text(START), "next_due": None, "account": "SIM0001", "clients": [],
        "open_orders": 0, "is_time_told": True,
    }  # fmt: skip


def test_time_is_moved_by_seconds_and_to_an_instant() -> None:
    later = instant_text(START + timedelta(seconds=9))
    by, to = _direct({"do": "advance", "seconds": 5}, {"do": "advance", "to": later})
    assert by["now"] == instant_text(START + timedelta(seconds=5))
    assert to["now"] == later


def test_prices_are_told_and_orders_meet_them() -> None:
    bench = Bench()
    bench.ask(bench.client(), place(1, kind="LMT", price="1.25000"))
    later = instant_text(START + timedelta(seconds=5))
    quote = {"do": "quote", "pair": PAIR, "bid": "1.24000", "ask": "1.24020", "at": later}
    *_, ledger = _direct(quote, {"do": "advance", "seconds": 5}, {"do": "ledger"}, bench=bench)
    kinds = [record["kind"] for record in ledger["records"]]
    assert kinds[-1] == "EXECUTION"
    assert "ORDER_RECEIVED" in kinds


def test_the_ledger_is_shown_from_a_place_on() -> None:
    bench = Bench()
    bench.ask(bench.client(), place(1))
    whole, rest, none = _direct(
        {"do": "ledger"}, {"do": "ledger", "since": 2}, {"do": "ledger", "since": 999}, bench=bench
    )  # fmt: skip
    assert rest["records"] == whole["records"][2:]
    assert none["records"] == []


def test_a_fault_is_injected() -> None:
    bench = Bench()
    inject = {"do": "inject", "kind": "socket_drop", "detail": {"for_s": 5}}
    answers = _direct(inject, {"do": "advance", "seconds": 1}, bench=bench)
    assert [answer["ok"] for answer in answers] == [True, True]
    assert not bench.gateway.admits()


def test_a_coded_message_reaches_every_client() -> None:
    async def test() -> None:
        async with served() as gateway:
            wires = [await gateway.client(number) for number in (1, 2)]
            await gateway.direct({"do": "say", "code": 1300, "text": "port changed"})
            for wire in wires:
                while (error := await wire.hear_of(ERROR))[3] != "1300":
                    continue
                assert error[2:5] == ["-1", "1300", "port changed"]

    asyncio.run(test())


def test_tricks_are_turned() -> None:
    bench = Bench()
    assert _direct({"do": "tricks", "read_only": True}, bench=bench) == [{"ok": True}]
    assert bench.gateway.tricks.read_only


@pytest.mark.parametrize(
    "line",
    [
        "nonsense", "[]", "5", '"state"', "{}", '{"do": 5}', '{"do": "dance"}', "[" * 5000,
        '{"do": "advance"}', '{"do": "advance", "seconds": 1, "to": "2026-03-02T15:00:00.000000Z"}',
        '{"do": "advance", "seconds": Infinity}', '{"do": "advance", "seconds": NaN}',
        '{"do": "advance", "seconds": 1e300}', '{"do": "advance", "seconds": -5}', '{"do": "advance", "to": 5}',
        '{"do": "advance", "seconds": []}', '{"do": "inject", "kind": "NONE"}', '{"do": "inject", "detail": 5}',
        '{"do": "inject", "kind": "socket_drop", "detail": {"nonsense": 1}}',
        '{"do": "quote", "pair": "XXXYYY", "bid": 1, "ask": 2}', '{"do": "quote", "pair": "GBPUSD"}',
        '{"do": "quote", "pair": "GBPUSD", "bid": "x", "ask": 2}',
        '{"do": "quote", "pair": "GBPUSD", "bid": "NaN", "ask": "NaN"}',
        '{"do": "quote", "pair": "GBPUSD", "bid": 2, "ask": 1}',
        '{"do": "quote", "pair": "GBPUSD", "bid": 0, "ask": 1}',
        '{"do": "quote", "pair": "GBPUSD", "bid": 1, "ask": 2, "at": 5}', '{"do": "tricks", "dance": true}',
        '{"do": "tricks", "silent": 1}', '{"do": "say"}', '{"do": "say", "code": Infinity, "text": "x"}',
        '{"do": "say", "code": 5, "text": "a\\u0000b"}',
        '{"do": "ledger", "since": "x"}', '{"do": "ledger", "since": Infinity}',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_the_channel_goes_on(line: str) -> None:
    refused, state = _direct(line, {"do": "state"})
    assert refused["ok"] is False
    assert refused["error"]
    assert state["ok"] is True
    assert state["now"] == instant_text(START)


def test_a_line_without_end_is_hung_up_on() -> None:
    async def test() -> None:
        async with served() as gateway:
            assert gateway.server.control_port is not None
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.server.control_port)
            writer.write(b"x" * 200_000)
            with suppress(ConnectionError):  # what it had not read is lost with the connection
                assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
            assert (await gateway.direct({"do": "state"}))[0]["ok"]

    asyncio.run(test())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dance", True), ("silent", 1), ("read_only", None), ("accounts", "DU1"), ("accounts", ["a,b"]),
        ("accounts", ["a\0"]), ("highest_version", 0), ("highest_version", True), ("hang_up_after_orders", "2"),
        ("unending", ["orders"]), ("unending", None), ("garbage", "yes"),
    ],
)  # fmt: skip
def test_a_trick_that_does_not_fit_is_refused_and_nothing_is_turned(name: str, value: object) -> None:
    tricks = Tricks()
    with pytest.raises(InvalidValue):
        tricks.turn({"silent": True, name: value} if name != "silent" else {"garbage": True, name: value})
    assert tricks == Tricks()
