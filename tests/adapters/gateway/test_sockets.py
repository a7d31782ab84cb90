"""The gateway on real sockets: greetings, pieces of messages, pacing, slow readers, and the end of it all."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.gateway import connection
from phoenix.adapters.gateway.server import GatewayServer, Listening
from phoenix.adapters.gateway.time import GatewayTime
from phoenix.adapters.gateway.wire import requests
from phoenix.adapters.gateway.wire.framing import frame, prefixed
from phoenix.adapters.simulation.faults import SocketDrop
from phoenix.domain.errors import InvalidValue
from tests.adapters.gateway.bench import START, ZONE, Bench, bracket
from tests.adapters.gateway.sockets import ASK_TIME, CURRENT_TIME, ERROR, NEXT_VALID_ID, START_API, served

NOW = str(int(START.timestamp()))


def _run(test: Coroutine[object, object, None]) -> None:
    asyncio.run(test)


# --- greetings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("versions", "agreed"), [("v100..157", "157"), ("v157..176", "176"), ("v100..999", "178")])
def test_the_highest_version_that_both_speak_is_agreed_on(versions: str, agreed: str) -> None:
    async def test() -> None:
        async with served() as gateway:
            version, text = await (await gateway.dial()).greet(versions)
            assert version == agreed
            assert text.startswith("20260302 09:30:00")

    _run(test())


def test_the_highest_version_can_be_lowered() -> None:
    async def test() -> None:
        async with served() as gateway:
            gateway.server.turn_tricks({"highest_version": 160})
            assert (await (await gateway.dial()).greet())[0] == "160"

    _run(test())


@pytest.mark.parametrize(
    "greeting",
    [b"GET / HTTP/1.1\r\n\r\n", b"API\0" + prefixed(b"hello"), b"API\0\0\0\0\0", b"API\0" + prefixed(b"v5..99")],
)
def test_whoever_does_not_speak_the_protocol_is_hung_up_on(greeting: bytes) -> None:
    async def test() -> None:
        async with served() as gateway:
            wire = await gateway.dial()
            wire.writer.write(greeting)
            assert await wire.is_over()

    _run(test())


def test_a_gateway_that_refuses_connections_hangs_up_at_once() -> None:
    async def test() -> None:
        async with served() as gateway:
            gateway.server.turn_tricks({"refuses_connections": True})
            assert await (await gateway.dial()).is_over()

    _run(test())


# --- messages in pieces --------------------------------------------------------------------------------------------


def test_messages_may_come_in_any_pieces() -> None:
    async def test() -> None:
        async with served() as gateway:
            wire = await gateway.dial()
            stream = b"API\0" + prefixed(b"v157..176") + frame((*START_API, "1", "")) + frame(ASK_TIME)
            for byte in stream:
                wire.writer.write(bytes([byte]))
                await asyncio.sleep(0)
            assert (await wire.hear_of(CURRENT_TIME))[2] == NOW

    _run(test())


def test_two_messages_may_come_in_one_piece() -> None:
    async def test() -> None:
        async with served() as gateway:
            wire = await gateway.client()
            wire.writer.write(frame(ASK_TIME) + frame(ASK_TIME))
            assert [(await wire.hear_of(CURRENT_TIME))[2] for _ in range(2)] == [NOW, NOW]

    _run(test())


def test_half_a_message_is_waited_for_and_forgotten_with_its_client() -> None:
    async def test() -> None:
        async with served() as gateway:
            wire = await gateway.client()
            wire.writer.write(frame(ASK_TIME)[:5])
            await wire.close()
            await gateway.until_clients_are(0)

    _run(test())


def test_a_message_that_does_not_read_is_refused_and_the_session_goes_on() -> None:
    async def test() -> None:
        async with served() as gateway:
            wire = await gateway.client()
            wire.send("9999", "1")
            error = await wire.hear_of(ERROR)
            while error[3] in ("2104", "2106", "2158"):
                error = await wire.hear_of(ERROR)
            assert error[3] == "505"
            wire.send(*ASK_TIME)
            assert (await wire.hear_of(CURRENT_TIME))[2] == NOW

    _run(test())


def test_a_stream_that_cannot_be_followed_ends_the_connection() -> None:
    async def test() -> None:
        async with served() as gateway:
            wire = await gateway.client()
            wire.writer.write(b"\xff\xff\xff\xff")
            assert await wire.is_over()
            await gateway.until_clients_are(0)

    _run(test())


# --- tricks and limits ---------------------------------------------------------------------------------------------


def test_a_client_that_sends_too_fast_is_warned_and_then_hung_up_on() -> None:
    async def test() -> None:
        async with served(paces=True) as gateway:
            wire = await gateway.client()
            for _ in range(60):
                wire.send(*ASK_TIME)
            codes, answers = [], 0
            try:
                while True:
                    message = await wire.hear()
                    answers += message[0] == CURRENT_TIME
                    codes += [message[3]] if message[0] == ERROR and message[3] == "100" else []
            except (EOFError, ConnectionError):
                assert codes == ["100"] * 3
                assert answers == 49

    _run(test())


def test_a_silent_gateway_says_later_what_it_kept_back() -> None:
    async def test() -> None:
        async with served() as gateway:
            old, new = await gateway.client(1), await gateway.dial()
            gateway.server.turn_tricks({"silent": True})
            old.send(*ASK_TIME)
            new.writer.write(b"API\0" + prefixed(b"v157..176") + frame((*START_API, "2", "")))
            await gateway.until_clients_are(2)
            gateway.server.turn_tricks({"silent": False})
            assert (await old.hear_of(CURRENT_TIME))[2] == NOW
            assert (await new.hear())[0] == "176"
            assert await new.hear_of(NEXT_VALID_ID)

    _run(test())


def test_garbage_precedes_the_next_message_of_every_client_once() -> None:
    async def test() -> None:
        async with served() as gateway:
            wires = [await gateway.client(number) for number in (1, 2)]
            gateway.server.turn_tricks({"garbage": True})
            for wire in wires:
                wire.send(*ASK_TIME)
                assert len(await wire.hear_of("3")) == 2
                wire.send(*ASK_TIME)
                assert [(await wire.hear())[0] for _ in range(2)] == [CURRENT_TIME, CURRENT_TIME]

    _run(test())


def test_a_client_that_never_reads_is_dropped_and_blocks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_UNREAD_BYTES", 200_000)

    async def test() -> None:
        async with served() as gateway:
            lazy, lively = await gateway.client(1), await gateway.client(2)
            lazy_client = next(client for client in gateway.bench.gateway.clients if client.number == 1)
            lazy.writer.transport.pause_reading()  # type: ignore[attr-defined]
            said = 0
            while lazy_client in gateway.bench.gateway.clients and said < 50_000:
                lazy_client.refuse(-1, 2104, "x" * 1000)
                said += 1
                if said % 1000 == 0:
                    await asyncio.sleep(0)
            await gateway.until_clients_are(1)
            lively.send(*ASK_TIME)
            assert (await lively.hear_of(CURRENT_TIME))[2] == NOW

    _run(test())


def test_what_a_silent_gateway_keeps_back_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_UNREAD_BYTES", 10_000)

    async def test() -> None:
        async with served() as gateway:
            await gateway.client(1)
            gateway.server.turn_tricks({"silent": True})
            (client,) = gateway.bench.gateway.clients
            for _ in range(20):
                client.refuse(-1, 2104, "x" * 1000)
            await gateway.until_clients_are(0)

    _run(test())


# --- the end ---------------------------------------------------------------------------------------------------------


def test_a_connection_that_breaks_in_the_middle_of_a_bracket_leaves_nothing_at_the_broker() -> None:
    async def test() -> None:
        async with served() as gateway:
            gateway.server.turn_tricks({"hang_up_after_orders": 2})
            wire = await gateway.client(1)
            (client,) = gateway.bench.gateway.clients
            for placed in bracket()[:2]:
                gateway.bench.gateway.handle(client, placed)
            assert await wire.is_over()
            again = await gateway.client(1)
            (client,) = gateway.bench.gateway.clients
            gateway.bench.gateway.handle(client, requests.AskOpenOrders(of_all=True))
            assert await again.hear_of("53") == ["53", "1"]
            assert not gateway.bench.ledger("ORDER_RECEIVED")

    _run(test())


def test_a_dropped_socket_hangs_up_on_everybody_and_takes_nobody_until_it_is_over() -> None:
    async def test() -> None:
        async with served(Bench(faults=(SocketDrop(START + timedelta(seconds=1), 5.0),))) as gateway:
            wires = [await gateway.client(number) for number in (1, 2)]
            gateway.server.move_to(START + timedelta(seconds=2))
            assert [await wire.is_over() for wire in wires] == [True, True]
            assert await (await gateway.dial()).is_over()
            gateway.server.move_to(START + timedelta(seconds=6))
            await gateway.client(1)

    _run(test())


def test_a_server_stops_with_clients_of_every_kind_and_leaves_nothing() -> None:
    async def test() -> None:
        async with served() as gateway:
            await gateway.client(1)
            await gateway.dial()
            (await gateway.dial()).writer.write(b"API\0")
            lazy = await gateway.client(2)
            lazy.writer.transport.pause_reading()  # type: ignore[attr-defined]
            client = next(client for client in gateway.bench.gateway.clients if client.number == 2)
            for _ in range(3_000):
                client.refuse(-1, 2104, "x" * 1000)
        assert list(gateway.bench.gateway.clients) == []

    _run(test())


def test_a_server_that_stops_does_not_wait_for_what_a_client_has_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_UNREAD_BYTES", 2**30)

    async def test() -> None:
        async with served() as gateway:
            lazy = await gateway.client(1)
            lazy.writer.transport.pause_reading()  # type: ignore[attr-defined]
            (client,) = gateway.bench.gateway.clients
            for _ in range(30):
                client.refuse(-1, 2104, "x" * 1_000_000)
            await gateway.server.__aexit__()
            lazy.writer.transport.resume_reading()  # type: ignore[attr-defined]
            heard = 0
            with suppress(EOFError, ConnectionError):
                while await lazy.hear():
                    heard += 1
            assert heard < 30

    _run(test())


def test_a_port_in_use_leaves_no_other_listening() -> None:
    async def test() -> None:
        async with served() as gateway:
            other = Bench()
            server = GatewayServer(other.gateway, other.time, ZONE, Listening(control_port=gateway.server.port))
            with pytest.raises(OSError, match="in use"):
                await server.__aenter__()
            with pytest.raises(ConnectionError):
                await asyncio.open_connection("127.0.0.1", server.port)

    _run(test())


def test_a_gateway_listens_on_this_machine_only() -> None:
    with pytest.raises(InvalidValue, match="not this machine"):
        Listening(host="0.0.0.0")


# --- time ------------------------------------------------------------------------------------------------------------


def test_told_time_lives_through_everything_on_the_way_in_its_order() -> None:
    async def test() -> None:
        bench = Bench((0, "1.26000"), (5, "1.25000"), (7, "1.26300"))
        async with served(bench) as gateway:
            await gateway.client(1)
            (client,) = bench.gateway.clients
            entry, *exits = bracket(kind="LMT", price="1.25500")
            for placed in (entry, *exits):
                bench.gateway.handle(client, placed)
            gateway.server.move_to(START + timedelta(seconds=60))
            fills = [(row["reference"], row["price"]) for row in bench.ledger("EXECUTION")]
            assert fills[0] == ("ref-1", Decimal("1.2502"))
            assert len(fills) == 2
            at = [record.at for record in bench.engine.ledger.records if record.kind == "EXECUTION"]
            assert at[0] == START + timedelta(seconds=5)
            assert at == sorted(at)
            assert gateway.server.time.now() == START + timedelta(seconds=60)

    _run(test())


def test_told_time_does_not_go_back_and_real_time_is_not_told() -> None:
    told = GatewayTime(SimulatedClock(START), START)
    with pytest.raises(InvalidValue, match="past"):
        told.move_to(START - timedelta(seconds=1))
    real = GatewayTime(SimulatedClock(START))
    assert not real.is_told
    assert real.now() == START
    with pytest.raises(InvalidValue, match="real time"):
        real.move_to(datetime(2026, 3, 3, tzinfo=UTC))


def test_in_real_time_the_gateway_lives_by_itself() -> None:
    async def test() -> None:
        clock = SimulatedClock(START)
        bench = Bench((0, "1.26000"), (5, "1.26100"))
        bench.gateway._now = clock.now
        server = GatewayServer(bench.gateway, GatewayTime(clock), ZONE, Listening())
        async with server, asyncio.timeout(5):
            clock.advance_to(START + timedelta(seconds=5))
            while bench.engine.now < clock.now():
                await asyncio.sleep(0)

    _run(test())
