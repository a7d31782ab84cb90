"""A gateway from its options: what is refused, what prices come from, and what outlives the process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from phoenix.adapters.calendar import FxWeek
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.gateway.configured import make_server
from phoenix.adapters.gateway.control import Control
from phoenix.adapters.gateway.options import GatewayOptions
from phoenix.adapters.gateway.prices import BUILT_IN
from phoenix.adapters.gateway.server import GatewayServer
from phoenix.adapters.setting_problems import setting_problem
from phoenix.adapters.simulation.orders import OrderRequest
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instrument import Instrument
from phoenix.domain.vocabulary import Action, OrderType, TimeInForce
from phoenix.ports.errors import ConfigurationError
from phoenix.rehearsal.instruments import EURGBP, GBPUSD, USDJPY

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BARS_BEGIN = datetime(2024, 3, 5, 7, 0, tzinfo=UTC)
ANY_PORT: Mapping[str, Any] = {"port": 0, "control_port": 0}
TOLD: Mapping[str, Any] = {**ANY_PORT, "time": "told", "told_from": NOW, "told": ["EURUSD", "GBPUSD"]}


def server_of(
    tmp_path: Path, instruments: Mapping[str, Instrument] = BUILT_IN, **options: Any
) -> GatewayServer:  # fmt: skip
    return make_server(
        GatewayOptions.model_validate(options), SimulatedClock(NOW), FxWeek(), instruments, tmp_path
    )  # fmt: skip


def bars_at(folder: Path) -> dict[str, str]:
    for side, price in (("bid", "1.2600"), ("ask", "1.2602")):
        rows = [
            f"{(BARS_BEGIN + timedelta(minutes=n)).isoformat(sep=' ')},{price},{price},{price},{price}"
            for n in range(3)
        ]
        (folder / f"{side}.csv").write_text("\n".join(["timestamp,open,high,low,close", *rows]) + "\n")
    return {"bid": "bid.csv", "ask": "ask.csv"}


def bid_of(server: GatewayServer, pair: str, now: datetime) -> Decimal | None:
    quote = server.gateway.engine.world.feeds[pair].quote(now)
    return None if quote is None else quote.bid


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"port": 4001}, "gateway.port: port 4001 is where a real gateway listens"),
        ({"port": 4002}, "gateway.port: port 4002 is where a real gateway listens"),
        ({"port": 7496}, "gateway.port: port 7496 is where a real gateway listens"),
        ({"control_port": 7497}, "gateway.control_port: port 7497 is where a real gateway listens"),
        ({"port": 70000}, "gateway.port: "),
        ({"port": 4011}, "gateway.control_port: 4011 is the clients' port"),
        ({"host": "0.0.0.0"}, "gateway.host: '0.0.0.0' is not this machine"),
        ({"host": "192.168.1.4"}, "gateway.host: "),
        ({"host": "example.com"}, "gateway.host: "),
        ({"account": ""}, "gateway.account: "),
        ({"account": "SIM1,SIM2"}, "gateway.account: "),
        ({"zone": "Mars/Olympus"}, "gateway.zone: 'Mars/Olympus' is no time zone"),
        ({"highest_version": 179}, "gateway.highest_version: "),
        ({"told_from": "2026-03-02T09:30:00Z"}, "gateway.told_from: time is real"),
        ({"time": "told", "told_from": "2026-03-02T09:30:00"}, "gateway.told_from: "),
        ({"time": "told", "told_from": "9999-12-31T23:59:59Z"}, "gateway.told_from: give a year"),
        ({"seed": 2**70}, "gateway.seed: "),
        ({"sed": 1}, "gateway.sed: no such setting"),
        ({"told": ["GBPUSD"], "bars": {"GBPUSD": {"bid": "b", "ask": "a"}}}, "gateway.prices.GBPUSD: it has two"),
        ({"rates": {"EUR": "0"}}, "gateway.rates.EUR: it is not above zero"),
    ],
)
def test_what_does_not_do_is_refused_by_its_key(options: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        GatewayOptions.model_validate(options)
    assert setting_problem(refused.value.errors()[0], "gateway").startswith(told)


def test_this_machine_may_be_named() -> None:
    assert GatewayOptions(host="localhost").host == "127.0.0.1"
    assert GatewayOptions(host="::1").host == "::1"


def test_a_program_of_somebody_elses_may_have_its_own_account(tmp_path: Path) -> None:
    assert server_of(tmp_path, account="DU1234567").gateway.account == "DU1234567"


def test_prices_are_made_up_where_nothing_else_is_said(tmp_path: Path) -> None:
    server = server_of(tmp_path, {"GBPUSD": GBPUSD, "USDJPY": USDJPY})
    assert (bid_of(server, "GBPUSD", NOW), bid_of(server, "USDJPY", NOW)) == (Decimal("1.27"), Decimal(150))


def test_the_same_seed_makes_the_same_prices(tmp_path: Path) -> None:
    later = NOW + timedelta(hours=1)
    bids = [bid_of(server_of(tmp_path, seed=seed), "EURUSD", later) for seed in (5, 5, 6)]
    assert bids[0] == bids[1] != bids[2]


def test_recorded_bars_begin_now_in_real_time(tmp_path: Path) -> None:
    server = server_of(tmp_path, bars={"GBPUSD": bars_at(tmp_path)})
    feed = server.gateway.engine.world.feeds["GBPUSD"]
    assert feed.next_at(BARS_BEGIN) == NOW
    assert bid_of(server, "GBPUSD", NOW + timedelta(seconds=1)) == Decimal("1.2600")


def test_recorded_bars_stay_where_they_are_in_told_time(tmp_path: Path) -> None:
    server = server_of(tmp_path, time="told", bars={"GBPUSD": bars_at(tmp_path)})
    assert server.time.now() == BARS_BEGIN
    assert server.gateway.engine.world.feeds["GBPUSD"].next_at(BARS_BEGIN) == BARS_BEGIN


def test_bars_that_are_missing_are_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"none\.csv"):
        server_of(tmp_path, bars={"GBPUSD": {"bid": "none.csv", "ask": "none.csv"}})


def test_a_pair_that_nobody_trades_gets_no_prices(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"gateway.prices.GBPUSX: no such instrument is traded"):
        server_of(tmp_path, told=["GBPUSX"])


def test_a_profit_that_no_rate_turns_into_money_is_refused_beforehand(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"gateway.rates.GBP: nothing says what EURGBP is worth in USD"):
        server_of(tmp_path, {"EURGBP": EURGBP})
    server_of(tmp_path, {"EURGBP": EURGBP}, rates={"GBP": "1.27"})
    server_of(tmp_path, {"EURGBP": EURGBP, "GBPUSD": GBPUSD})


def test_chances_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"^gateway.chaos: "):
        server_of(tmp_path, fill_probability=0.9, reject_prob=0.9)


def test_a_book_of_another_account_is_refused(tmp_path: Path) -> None:
    server_of(tmp_path, book="book.db").gateway.engine.release()
    with pytest.raises(ConfigurationError, match=r"gateway.book: .*account is 'SIM0001'"):
        server_of(tmp_path, book="book.db", account="SIM0002")


def test_told_time_goes_on_where_the_book_was_left(tmp_path: Path) -> None:
    async def live() -> None:
        async with server_of(tmp_path, **TOLD, margin_rate=0, book="book.db") as server:
            server.move_to(NOW + timedelta(minutes=5))
            _buy(server)
            server.move_to(NOW + timedelta(minutes=6))

    asyncio.run(live())
    again = server_of(tmp_path, **TOLD, margin_rate=0, book="book.db")
    try:
        assert again.time.now() >= NOW + timedelta(minutes=5)
        assert len(again.gateway.engine.world.book.live) == 1
    finally:
        again.gateway.engine.release()


def test_the_first_told_quote_counts_after_a_new_start_too(tmp_path: Path) -> None:
    """A book remembers how far prices were read, but what was told before is not told again."""
    for start in range(2):
        server = server_of(tmp_path, **TOLD, margin_rate=0, book="book.db")
        _buy(server)
        control = Control(server)
        for _ in range(2):
            assert control.carry_out({"do": "advance", "seconds": 1})["ok"]
            assert control.carry_out({"do": "quote", "pair": "GBPUSD", "bid": "1.26", "ask": "1.2602"})["ok"]
        assert len(server.gateway.engine.world.book.executions()) == start + 1
        server.gateway.engine.release()


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ("state", "request"),
        ({}, "do"),
        ({"do": "dance"}, "do"),
        ({"do": ["state"]}, "do"),
        ({"do": "state", "x": 1}, "x"),
        ({"do": "advance"}, "to"),
        ({"do": "advance", "seconds": 1, "to": "2026-03-02T10:00:00Z"}, "to"),
        ({"do": "advance", "seconds": -1}, "seconds"),
        ({"do": "advance", "seconds": 1e300}, "seconds"),
        ({"do": "advance", "seconds": float("nan")}, "seconds"),
        ({"do": "advance", "to": 5}, "to"),
        ({"do": "advance", "to": "2026-03-02T09:00:00Z"}, "to"),
        ({"do": "advance", "to": "9999-12-31T23:59:59Z"}, "to"),
        ({"do": "inject"}, "kind"),
        ({"do": "inject", "kind": "nope"}, "kind"),
        ({"do": "inject", "kind": "reject", "detail": {"wrong": 1}}, "detail.wrong"),
        ({"do": "inject", "kind": "reject", "detail": {"nth": "x"}}, "detail"),
        ({"do": "inject", "kind": "delay"}, "detail.for_s"),
        ({"do": "inject", "kind": "socket_drop", "detail": {"for_s": 1e300}}, "detail.for_s"),
        ({"do": "inject", "kind": "foreign_holding", "detail": {"pair": "X", "quantity": 1, "price": 1}},
         "detail.pair"),
        ({"do": "quote", "pair": "USDJPY", "bid": 1, "ask": 1}, "pair"),
        ({"do": "quote", "pair": "GBPUSD", "bid": "x", "ask": 1}, "bid"),
        ({"do": "quote", "pair": "GBPUSD", "bid": 2, "ask": 1}, "ask"),
        ({"do": "tricks", "silent": 1}, "silent"),
        ({"do": "tricks", "sing": True}, "sing"),
        ({"do": "say", "text": "hello"}, "code"),
        ({"do": "say", "code": 1, "text": "\ud800"}, "text"),
        ({"do": "say", "code": 2**40, "text": "hello"}, "code"),
        ({"do": "ledger", "since": "x"}, "since"),
    ],
)  # fmt: skip
def test_a_wrong_request_names_the_field_and_changes_nothing(tmp_path: Path, request_: object, field: str) -> None:
    server = server_of(tmp_path, **TOLD)
    answer = Control(server).carry_out(request_)
    assert (answer["ok"], answer["field"]) == (False, field), answer
    assert answer["remedy"]
    assert server.time.now() == NOW
    assert list(server.gateway.engine.ledger.records) == []


def test_nobody_moves_real_time(tmp_path: Path) -> None:
    answer = Control(server_of(tmp_path)).carry_out({"do": "advance", "seconds": 1})
    assert (answer["ok"], answer["field"]) == (False, "to")


def test_a_fault_of_now_befalls_at_once(tmp_path: Path) -> None:
    server = server_of(tmp_path, **TOLD)
    holding = {"pair": "GBPUSD", "quantity": 5000, "price": "1.26"}
    control = Control(server)
    assert control.carry_out({"do": "inject", "kind": "foreign_holding", "detail": holding}) == {"ok": True}
    records = control.carry_out({"do": "ledger"})["records"]
    assert [(record["kind"], record["quantity"]) for record in records] == [("EXTERNAL_HOLDING", "5000")]


def test_where_a_port_is_taken_nothing_is_left_open(tmp_path: Path) -> None:
    async def twice() -> None:
        async with server_of(tmp_path, **ANY_PORT) as first:
            assert first.control_port is not None
            second = server_of(tmp_path, port=0, control_port=first.control_port)
            with pytest.raises(OSError, match=str(first.control_port)):
                async with second:
                    pass
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", second.port)

    asyncio.run(twice())


def test_without_a_control_port_nobody_directs_it(tmp_path: Path) -> None:
    async def live() -> int | None:
        async with server_of(tmp_path, port=0, control_port="none") as server:
            return server.control_port

    assert asyncio.run(live()) is None


def test_every_line_of_the_control_channel_is_answered(tmp_path: Path) -> None:
    async def converse() -> list[dict[str, Any]]:
        async with server_of(tmp_path, **TOLD) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.control_port)
            answers = []
            for line in (b"not JSON\n", b"[" * 50_000 + b"\n", b'{"do": "state"}\n'):
                writer.write(line)
                answers.append(json.loads(await reader.readline()))
            writer.close()
            await writer.wait_closed()
            return answers

    assert [answer["ok"] for answer in asyncio.run(converse())] == [False, False, True]


def _buy(server: GatewayServer) -> None:
    engine = server.gateway.engine
    order = OrderRequest(
        "SIM0001", "GBPUSD", Action.BUY, OrderType.MARKET, Decimal(20_000), TimeInForce.GTC,
        engine.world.book.next_session_order_id(1), 1,
    )  # fmt: skip
    engine.connect(1, server.time.now())
    engine.submit([order], server.time.now())
