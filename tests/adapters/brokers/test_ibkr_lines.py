"""Both client libraries say the same words for the same bytes, and a connection ends without a trace."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from tests.adapters.brokers.line_talk import Heard, line_at, talk, wire, within_the_limit
from tests.adapters.brokers.tws_scripts import (
    NEW,
    OLD,
    UNSET_DOUBLE,
    books,
    commission,
    error,
    execution,
    open_order,
    order_status,
    position,
)

LIBRARIES = ["ib_insync", "ibapi"]
SPOKEN = [("ib_insync", OLD), ("ib_insync", NEW), ("ibapi", OLD)]
END = ["58", "1", "0", "1"]
"""A marketDataType: it marks the end of a script."""
BUFFER_BYTES = 4096
"""What ibapi reads at once."""

EURUSD = {
    "contract_id": 12087792, "symbol": "EUR", "security_type": "CASH", "exchange": "IDEALPRO", "currency": "USD",
}  # fmt: skip
ORDER = {
    "order_id": 7,
    "contract": {"symbol": "EUR", "security_type": "CASH", "exchange": "IDEALPRO", "currency": "USD"},
    "account": "DU1234567", "reference": "PHX-1", "action": "BUY", "order_type": "STP LMT", "quantity": "20000.50",
    "time_in_force": "GTC", "transmit": False, "parent_id": 6, "oca_group": "G", "oca_type": 3,
    "limit_price": "0.00005", "auxiliary_price": "1.100000000000000000001",
}  # fmt: skip


def words(heard: list[Heard], name: str) -> list[Any]:
    return [said["words"] for said in heard if said.get("heard") == name]


async def told(library: str, version: int, script: list[list[str]], zone: str = "") -> list[Heard]:
    """All that a line says of a script once it is open."""
    async with talk(library, zone=zone) as (gateway, line):
        await gateway.welcome(version)
        await line.until("opened")
        gateway.say(*script, END)
        heard = await line.until("heard", "market_data_type")
        line.ask("close")
        await line.end()
        return heard


@pytest.mark.parametrize(("library", "version"), SPOKEN)
def test_it_opens_and_hears_what_is_pushed_before_the_session_is_ready(library: str, version: int) -> None:
    async def conversation() -> None:
        async with talk(library) as (gateway, line):
            await gateway.welcome(version, open_order(version), order_status())
            heard = await line.until("opened")
            names = [said["heard"] for said in heard if "heard" in said]
            assert names == ["open_order", "order_status", "accounts", "next_order_id"]
            opened = {"server_version": version, "next_order_id": 7, "accounts": ["DU1234567"]}
            assert heard[-1]["opened"] == opened
            assert heard[-1]["library"].startswith(library)
            line.ask("close")
            closed = await line.end()
            assert closed["closed_in_s"] < 0.5
            assert (closed["is_open"], closed["threads"], closed["tasks"]) == (False, [], 0)

    within_the_limit(conversation())


@pytest.mark.parametrize(("library", "version"), SPOKEN)
def test_an_order_goes_on_the_wire_digit_by_digit(library: str, version: int) -> None:
    async def conversation() -> list[str]:
        async with talk(library) as (gateway, line):
            await gateway.welcome(version)
            line.ask("place_order", order=ORDER)
            return await gateway.request()

    fields = within_the_limit(conversation())
    assert fields[:2] == ["3", "7"]
    assert fields[3:5] == ["EUR", "CASH"]
    assert fields[16:23] == ["BUY", "20000.5", "STP LMT", "0.00005", "1.100000000000000000001", "GTC", "G"]
    assert fields[23] == "DU1234567"
    assert fields[26:29] == ["PHX-1", "0", "6"]
    after_exempt_code = fields.index("-1") + 1
    assert fields[after_exempt_code] == "3"  # the kind of the one-cancels-other group
    assert fields[after_exempt_code + 6 : after_exempt_code + 8] == ["0", "0"]  # eTradeOnly, firmQuoteOnly


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_market_order_has_blank_prices(library: str) -> None:
    async def conversation() -> list[str]:
        async with talk(library) as (gateway, line):
            await gateway.welcome(OLD)
            line.ask("place_order", order={**ORDER, "limit_price": None, "auxiliary_price": None})
            return await gateway.request()

    assert within_the_limit(conversation())[19:21] == ["", ""]


def test_both_libraries_ask_alike() -> None:
    async def requests(library: str) -> list[list[str]]:
        async with talk(library) as (gateway, line):
            await gateway.welcome(OLD)
            for name in ("open_orders", "completed_orders", "holdings", "time"):
                line.ask(f"ask_{name}")
            line.ask("ask_executions", request_id=21)
            line.ask("ask_account_values", request_id=22, tags="NetLiquidation")
            line.ask("ask_profit", request_id=23, account="DU1234567")
            line.ask("ask_prices", request_id=24, contract=ORDER["contract"])
            line.ask("ask_contract_details", request_id=31, contract=ORDER["contract"])
            line.ask("cancel_order", order_id=7)
            line.ask("stop_holdings")
            for number, name in ((22, "account_values"), (23, "profit"), (24, "prices")):
                line.ask(f"stop_{name}", request_id=number)
            return [await gateway.request() for _ in range(14)]

    first, second = (within_the_limit(requests(library)) for library in LIBRARIES)
    assert first == second
    assert " ".join(fields[0] for fields in first) == "16 99 61 49 7 62 92 1 9 4 64 63 93 2"
    assert first[1] == ["99", "0"]  # not only the orders of programs


def test_the_same_bytes_are_the_same_words() -> None:
    script = books(OLD, "20260302  10:00:00")
    first, second = (within_the_limit(told(library, OLD, script, "UTC")) for library in LIBRARIES)
    assert first == second
    assert len(first) == len(script) + 1
    [[order]] = words(first, "open_order")
    assert order == {
        "order_id": 7, "client_id": 3, "permanent_id": 1523412345, "parent_id": 6, "reference": "PHX-1",
        "account": "DU1234567", "contract": EURUSD, "action": "BUY", "order_type": "LMT", "quantity": "20000",
        "limit_price": "1.10525", "auxiliary_price": "0", "time_in_force": "GTC", "oca_group": None,
        "status": "Submitted", "filled_quantity": None, "completed_status": None,
    }  # fmt: skip
    [[completed]] = words(first, "completed_order")
    assert [completed[name] for name in ("order_id", "client_id", "reference", "limit_price")] == [None] * 4
    assert (completed["filled_quantity"], completed["completed_status"]) == ("20000", "Filled Size: 20000")
    assert words(first, "profit") == [[23, "12.5", None, "0"]]
    assert words(first, "price_tick") == [[24, 1, "1.10525"]]
    [[_, details]] = words(first, "contract_details")
    assert (details["minimum_tick"], details["minimum_size"]) == ("0.00005", None)


def test_the_new_layout_says_the_same_and_the_sizes() -> None:
    old = within_the_limit(told("ib_insync", OLD, books(OLD, "20260302 10:00:00 UTC")))
    new = within_the_limit(told("ib_insync", NEW, books(NEW, "20260302 10:00:00 UTC")))
    [[_, details]] = words(new, "contract_details")
    assert (details["minimum_size"], details["size_increment"]) == ("20000", "1")
    details["minimum_size"] = details["size_increment"] = None
    assert old == new


@pytest.mark.parametrize("library", LIBRARIES)
def test_unset_numbers_are_none(library: str) -> None:
    script = [
        open_order(OLD, price=UNSET_DOUBLE, permanent_id="0"),
        order_status(permanent_id="0"),
        commission(UNSET_DOUBLE),
        position(cost=UNSET_DOUBLE),
    ]
    heard = within_the_limit(told(library, OLD, script))
    [[order]] = words(heard, "open_order")
    [[status]] = words(heard, "order_status")
    assert (order["limit_price"], order["permanent_id"], status["permanent_id"]) == (None, None, None)
    assert words(heard, "commission")[0][0]["amount"] is None
    assert words(heard, "holding")[0][0]["average_cost"] is None


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize(
    ("time", "zone", "instant"),
    [
        ("20260302  10:00:00", "America/New_York", "2026-03-02T15:00:00+00:00"),
        ("20260302  10:00:00", "", None),
        ("20260302 10:00:00 America/New_York", "", "2026-03-02T15:00:00+00:00"),
        ("20260302 10:00:00 Nowhere/At_All", "UTC", None),
    ],
)
def test_the_machines_own_zone_is_never_taken(library: str, time: str, zone: str, instant: str | None) -> None:
    heard = within_the_limit(told(library, OLD, [execution(time)], zone))
    [[said]] = words(heard, "execution")
    assert (said["executed_at"], said["time_text"]) == (instant, time)
    assert (said["price"], said["quantity"]) == ("0.00005", "5000")


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_client_id_in_use_is_known_at_once(library: str) -> None:
    async def conversation() -> None:
        async with talk(library, timeout_s=20) as (gateway, line):
            await gateway.handshake(OLD)
            gateway.say(error(OLD, -1, 326, "client id is already in use"))
            failed = (await line.until("failed"))[-1]
            assert (failed["stage"], failed["code"]) == ("session", 326)
            assert failed["took_s"] < 5
            assert (await line.end())["threads"] == []

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("shakes_hands", [False, True])
def test_a_silent_gateway_is_given_up_in_time(library: str, shakes_hands: bool) -> None:
    async def conversation() -> None:
        async with talk(library, timeout_s=0.5) as (gateway, line):
            if shakes_hands:
                await gateway.handshake(OLD)
            failed = (await line.until("failed"))[-1]
            assert failed["stage"] == ("session" if shakes_hands else "handshake")
            assert failed["took_s"] < 3
            closed = await line.end()
            assert (closed["threads"], closed["tasks"]) == ([], 0)
            await gateway.rest()

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("shakes_hands", [False, True])
def test_a_gateway_that_hangs_up_while_it_opens_is_said_at_once(library: str, shakes_hands: bool) -> None:
    async def conversation() -> None:
        async with talk(library, timeout_s=20) as (gateway, line):
            if shakes_hands:
                await gateway.handshake(OLD)
            await gateway.hang_up()
            heard = await line.until("failed")
            assert heard[-1]["stage"] == ("session" if shakes_hands else "handshake")
            assert words(heard, "closed") == []
            assert (await line.end())["threads"] == []

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_refused_connection_is_code_502(library: str) -> None:
    async def conversation() -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound, and not listened to
            async with line_at(library, taken.getsockname()[1]) as line:
                failed = (await line.until("failed"))[-1]
                assert (failed["stage"], failed["code"]) == ("connect", 502)
                await line.end()

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_gateway_too_old_is_said_so(library: str) -> None:
    async def conversation() -> None:
        async with talk(library) as (gateway, line):
            handshake = asyncio.create_task(gateway.handshake(76))
            assert (await line.until("failed"))[-1]["stage"] == "version"
            handshake.cancel()
            await asyncio.wait({handshake})
            await line.end()

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_lost_connection_is_said_once_and_takes_no_request(library: str) -> None:
    async def conversation() -> None:
        async with talk(library) as (gateway, line):
            await gateway.welcome(OLD)
            await line.until("opened")
            await gateway.hang_up()
            await line.until("heard", "closed")
            line.ask("place_order", order=ORDER)
            line.ask("ask_time")
            heard = await line.until("refused", "ask_time")
            assert [said["refused"] for said in heard] == ["place_order", "ask_time"]
            line.ask("close")
            assert (await line.end())["threads"] == []

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("message", [["9999", "1", "x"], ["3", "7", "Submitted"], ["11", "21", "seven"]])
def test_a_message_that_nobody_can_read_is_said(library: str, message: list[str]) -> None:
    async def conversation() -> None:
        async with talk(library) as (gateway, line):
            await gateway.welcome(OLD)
            await line.until("opened")
            gateway.say(message)
            await line.until("heard", "undecodable")

    within_the_limit(conversation())


@pytest.mark.parametrize("library", LIBRARIES)
def test_nothing_is_lost_of_a_message_in_pieces_or_of_one_that_fills_a_buffer(library: str) -> None:
    async def conversation() -> None:
        async with talk(library) as (gateway, line):
            await gateway.welcome(OLD)
            await line.until("opened")
            padding = "x" * (BUFFER_BYTES - len(wire(error(OLD, -1, 2104, ""))))
            gateway.say(error(OLD, -1, 2104, padding))
            [said] = words(await line.until("heard", "error"), "error")
            assert said[0]["text"] == padding
            gateway.send(wire(END)[:6])
            await gateway.sent()
            gateway.send(wire(END)[6:])
            await line.until("heard", "market_data_type")

    within_the_limit(conversation())
