"""Who we are, and where, is known before a session is open, and looked at anew each time."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

import pytest

from phoenix.adapters.ibkr.line import LineFailed
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.answers import Complete, Unknown
from phoenix.ports.broker_events import BrokerNotice, OrderAcknowledged
from phoenix.ports.errors import BrokerRefused, BrokerUnavailable
from tests.adapters.ibkr.scripted import START, Bench, order, status

LIVE, SIMULATOR = AccountMode.LIVE, AccountMode.SIMULATOR


def test_the_time_is_asked_before_the_prices() -> None:
    bench = Bench()

    async def scene() -> None:
        session = bench.broker.session()
        assert isinstance(session, Complete)
        assert (session.value.account, session.value.server_time, session.value.server_version) == (
            "DU1", START, "176",
        )  # fmt: skip
        assert bench.line.names() == ["ask_time", "ask_prices"]

    bench.run(scene)
    assert bench.broker.session() == Unknown("there is no session")


@pytest.mark.parametrize(
    "bench",
    [
        Bench(account="U1"),
        Bench(account="U1", mode=LIVE, port=4001),
        Bench(account="DU1", mode=LIVE, port=4001, allow_live=True),
        Bench(allowed=frozenset({"DU2"})),
        Bench(allowed=frozenset()),
        Bench(port=4001),
        Bench(port=5000),
        Bench(account="SIM1", mode=SIMULATOR, port=4002),
        Bench(account="SIM1", mode=SIMULATOR, port=5000, host="192.0.2.1"),
    ],
)
def test_what_the_configuration_forbids_is_not_even_connected_to(bench: Bench) -> None:
    with pytest.raises(BrokerRefused, match="nothing was connected"):
        asyncio.run(bench.broker.connect())
    assert bench.lines == []


@pytest.mark.parametrize("accounts", [("DU2",), ("DU1", "U1"), ("DU1", "F1"), ("U1",)])
def test_a_login_that_does_not_fit_is_left_again(accounts: tuple[str, ...]) -> None:
    bench = Bench()
    bench.script.accounts = accounts
    with pytest.raises(BrokerRefused, match="closed again"):
        asyncio.run(bench.broker.connect())
    assert not bench.line.is_open
    assert bench.line.asked == []
    assert isinstance(bench.broker.session(), Unknown)


def test_a_login_of_several_paper_accounts_and_an_enabled_live_one_are_fit() -> None:
    several = Bench()
    several.script.accounts = ("DU1", "DU2")
    live = Bench(account="U1", mode=LIVE, port=7496, allow_live=True)
    for bench in (several, live):
        asyncio.run(bench.broker.connect())
        assert isinstance(bench.broker.session(), Complete)


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        (LineFailed("in use", "session", 326), BrokerRefused, "client id 1 is in use"),
        (LineFailed("old", "version"), BrokerRefused, "too old"),
        (LineFailed("refused", "connect", 502), BrokerUnavailable, "nothing listens"),
        (LineFailed("silent", "handshake"), BrokerUnavailable, "does not answer as a gateway"),
        (LineFailed("silent", "session"), BrokerUnavailable, "names no account"),
        (
            ModuleNotFoundError("No module named 'a_library'"),
            BrokerRefused,
            "does not load: No module named 'a_library'",
        ),
    ],
)
def test_each_way_of_not_connecting_names_its_remedy(
    failure: LineFailed | ImportError, kind: type[Exception], words: str
) -> None:  # fmt: skip
    bench = Bench()
    bench.script.failure = failure
    with pytest.raises(kind, match=words):
        asyncio.run(bench.broker.connect())


def test_a_gateway_that_connects_and_is_silent_gives_no_session() -> None:
    bench = Bench()
    bench.script.tells_time = False
    with pytest.raises(BrokerUnavailable, match="does not answer"):
        asyncio.run(bench.broker.connect())
    assert not bench.line.is_open


def test_an_older_server_needs_the_zone_of_its_gateway() -> None:
    blind, told = Bench(), Bench(zone=ZoneInfo("America/New_York"))
    blind.script.server_version = told.script.server_version = 173
    with pytest.raises(BrokerRefused, match="gateway_zone"):
        asyncio.run(blind.broker.connect())
    assert asyncio.run(told.broker.connect()).server_version == "173"


def test_order_ids_begin_above_everything_that_was_heard() -> None:
    bench = Bench()
    bench.script.next_order_id = 7
    assert asyncio.run(bench.broker.connect()).next_session_order_id == 7
    bench.script.while_opening = lambda hears: hears.open_order(order(41))
    assert asyncio.run(bench.broker.connect()).next_session_order_id == 42
    bench.script.while_opening = lambda hears: hears.open_order(order(41, client_id=2))
    assert asyncio.run(bench.broker.connect()).next_session_order_id == 7


def test_orders_of_a_former_session_keep_their_reference() -> None:
    bench = Bench()
    asyncio.run(bench.broker.connect())
    bench.script.while_opening = lambda hears: hears.open_order(order(5, 900, "PX-OLD"))

    async def scene() -> None:
        await bench.broker.connect()
        bench.hears.order_status(status("Submitted", 5, 900))
        bench.error(202, 5)
        await bench.broker.disconnect()

    asyncio.run(scene())
    assert [getattr(event, "reference", None) for event in bench.events] == ["PX-OLD"] * 3
    assert len(bench.told(OrderAcknowledged)) == 1


def test_another_login_closes_entries_at_once() -> None:
    bench = Bench()

    async def scene() -> None:
        bench.hears.accounts(("DU1", "U7"))
        session = bench.broker.session()
        assert isinstance(session, Unknown)
        assert "U7" in session.reason
        assert "U7" in bench.told(BrokerNotice)[0].text

    bench.run(scene)


def test_an_old_line_is_nobody_s() -> None:
    bench = Bench()

    async def scene() -> None:
        former = bench.line
        await bench.broker.connect()
        former.hears.order_status(status("Filled"))
        former.hears.closed("late")
        assert bench.events == []
        assert isinstance(bench.broker.session(), Complete)

    bench.run(scene)


def test_a_connect_that_is_given_up_leaves_nothing_open() -> None:
    bench = Bench()
    bench.script.tells_time = False

    async def scene() -> None:
        task = asyncio.create_task(bench.broker.connect())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not bench.line.is_open

    asyncio.run(scene())
