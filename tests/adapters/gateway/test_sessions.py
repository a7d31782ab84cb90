"""Sessions: who is let in, what a client is told first, and what ends with its connection."""

from __future__ import annotations

from datetime import timedelta

from phoenix.adapters.gateway.gateway import Gateway
from phoenix.adapters.gateway.wire import replies, requests
from phoenix.adapters.simulation.faults import OrderIdRollback, SocketDrop
from tests.adapters.gateway.bench import ACCOUNT, START, Bench, Recorder, bracket, place


def _connect(bench: Bench, client_id: int = 1) -> Recorder:
    recorder = Recorder()
    bench.gateway.handle(recorder.client, requests.StartApi(client_id))
    return recorder


def test_a_session_starts_with_accounts_the_next_id_and_the_farms() -> None:
    recorder = _connect(Bench())
    assert recorder.heard[:2] == [replies.ManagedAccounts((ACCOUNT,)), replies.NextValidId(1)]
    assert recorder.codes(-1) == [2104, 2106, 2158]


def test_open_orders_are_pushed_before_the_accounts_and_the_next_id() -> None:
    bench = Bench()
    first = bench.client()
    bench.ask(first, place(7, kind="LMT", price="1.25000"))
    bench.gateway.left(first.client)
    second = _connect(bench)
    assert second.tags(7) == ["open Submitted", "status Submitted"]
    kinds = [type(reply).__name__ for reply in second.heard[:4]]
    assert kinds == ["OpenOrder", "OrderStatus", "ManagedAccounts", "NextValidId"]
    assert second.of(replies.NextValidId) == [replies.NextValidId(8)]


def test_orders_of_other_clients_are_not_pushed() -> None:
    bench = Bench()
    bench.ask(bench.client(1), place(7, kind="LMT", price="1.25000"))
    assert _connect(bench, 2).tags(7) == []


def test_a_client_id_in_use_is_refused_and_hung_up_on() -> None:
    bench = Bench()
    bench.client(1)
    second = _connect(bench, 1)
    assert second.codes() == [326]
    assert second.is_hung_up
    assert [client.number for client in bench.gateway.clients] == [1]


def test_the_end_of_the_one_refused_leaves_the_session_of_the_other() -> None:
    bench = Bench()
    first = bench.client(1)
    bench.gateway.left(_connect(bench, 1).client)
    assert bench.engine.is_connected(1)
    assert bench.ask(first, requests.AskAccounts())


def test_a_client_id_is_free_again_when_its_client_has_left() -> None:
    bench = Bench()
    bench.gateway.left(bench.client(1).client)
    assert not bench.engine.is_connected(1)
    assert not _connect(bench, 1).is_hung_up


def test_an_unreachable_broker_hangs_up() -> None:
    bench = Bench(faults=(SocketDrop(START, 60.0),))
    bench.live_to(1)
    recorder = _connect(bench)
    assert not bench.gateway.admits()
    assert recorder.is_hung_up
    assert recorder.heard == []


def test_nothing_is_listened_to_before_the_session_starts() -> None:
    bench = Bench()
    recorder = Recorder()
    assert bench.ask(recorder, place(1), requests.AskTime()) == []
    assert not bench.ledger("ORDER_RECEIVED")


def test_nothing_is_listened_to_after_the_connection_has_ended() -> None:
    bench = Bench()
    first, _ = bench.client(1), bench.client(2)
    bench.gateway.left(first.client)
    assert bench.ask(first, place(1), requests.AskTime()) == []
    assert not bench.ledger("ORDER_RECEIVED")


def test_nothing_is_listened_to_after_the_socket_dropped() -> None:
    bench = Bench(faults=(SocketDrop(START + timedelta(seconds=1), 2.0),))
    first = bench.client(1)
    bench.live_to(1)
    assert first.is_hung_up
    bench.live_to(4)
    bench.client(2)
    first.is_hung_up = False
    assert bench.ask(first, place(1)) == []
    assert not bench.ledger("ORDER_RECEIVED")


def test_starting_again_changes_nothing() -> None:
    bench = Bench()
    recorder = bench.client(1)
    assert bench.ask(recorder, requests.StartApi(5)) == []
    assert recorder.client.number == 1


def test_orders_that_were_not_released_go_with_their_client() -> None:
    bench = Bench()
    first = bench.client()
    bench.ask(first, *bracket()[:2])
    bench.gateway.left(first.client)
    second = bench.client()
    bench.ask(second, bracket()[2])
    assert second.codes(3) == [135]
    assert [row["session_order_id"] for row in bench.ledger("ORDER_RECEIVED")] == [3]


def test_the_next_id_can_go_backwards() -> None:
    bench = Bench(faults=(OrderIdRollback(by=3),))
    bench.ask(bench.client(1), place(7))
    assert bench.engine.connect(1, START) == 5


def test_the_next_id_is_above_every_id_that_was_used_or_held_back() -> None:
    bench = Bench()
    recorder = bench.client()
    bench.ask(recorder, place(4), place(9, transmit=False))
    assert bench.ask(recorder, requests.AskIds()) == [replies.NextValidId(10)]


def test_ids_are_counted_for_each_client() -> None:
    bench = Bench()
    bench.ask(bench.client(1), place(4))
    assert _connect(bench, 2).of(replies.NextValidId) == [replies.NextValidId(1)]


def test_the_trick_with_accounts_shows_other_accounts() -> None:
    bench = Bench()
    bench.gateway.tricks.turn({"accounts": ["DU1", "DU2"]})
    assert _connect(bench).of(replies.ManagedAccounts) == [replies.ManagedAccounts(("DU1", "DU2"))]


def test_a_gateway_closes_the_sessions_that_one_before_it_left_open() -> None:
    bench = Bench()
    bench.client(1)
    Gateway(lambda _: bench.engine, bench.time.now)
    assert not bench.engine.is_connected(1)
