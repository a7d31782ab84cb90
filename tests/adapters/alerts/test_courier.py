"""The courier waits for channels so that nobody else has to: one receipt for each notice, whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Semaphore, Thread

import pytest

from phoenix.adapters.alerts import AppriseChannel, ThreadCourier
from phoenix.adapters.alerts.courier import HANGING_MAX
from phoenix.ports.alerts import AlertChannel, Delivered, Delivery, NotDelivered, Notice, Receipt
from tests.adapters.alerts.made_up import notice
from tests.adapters.alerts.receivers import HOST, Webhook, nobody, webhook

AT_ONCE_S, LONG_S = 0.001, 30.0


class Scripted(AlertChannel):
    """A channel that does as it is told."""

    def __init__(self, answer: Callable[[int], Delivery]) -> None:
        self._answer = answer
        self.tries = 0

    @property
    def name(self) -> str:
        return "phone"

    def deliver(self, notice: Notice) -> Delivery:
        self.tries += 1
        return self._answer(self.tries)


class Awaited:
    """A courier whose receipts can be waited for."""

    def __init__(self, channel: AlertChannel, timeout_s: float = LONG_S) -> None:
        self.courier = ThreadCourier([channel], timeout_s, pause_s=AT_ONCE_S)
        self._woken = Semaphore(0)
        self.courier.wake_with(self._woken.release)

    def receipt(self) -> Receipt:
        assert self._woken.acquire(timeout=LONG_S), "nobody was woken"
        [receipt] = self.courier.finished()
        return receipt

    def send(self, *names: str) -> Receipt:
        self.courier.take(notice("phone", *names))
        return self.receipt()


@contextmanager
def dawdling() -> Iterator[Webhook]:
    with webhook() as server:
        server.is_dawdling = True
        yield server


def test_a_notice_that_is_taken_has_a_receipt() -> None:
    sent = Awaited(Scripted(lambda _: Delivered()))
    receipt = sent.send("a", "b")
    assert receipt.delivery == Delivered()
    assert [alert.alert_id for alert in receipt.notice.alerts] == ["a", "b"]
    assert not sent.courier.finished()


@pytest.mark.parametrize("failures", range(4))
def test_a_few_tries_in_a_row_make_one_receipt(failures: int) -> None:
    channel = Scripted(lambda tries: Delivered() if tries > failures else NotDelivered(f"no {tries}"))
    receipt = Awaited(channel).send()
    assert receipt.delivery == (Delivered() if failures < 3 else NotDelivered("no 3"))
    assert channel.tries == min(failures + 1, 3)


def test_a_channel_that_breaks_its_word_and_raises_has_failed_and_is_tried_again() -> None:
    """What it raised is not repeated: nobody has taken its secrets out of it."""

    def break_down(tries: int) -> Delivery:
        if tries == 1:
            raise BrokenPipeError("tokens are s3cret")
        return Delivered()

    sent = Awaited(Scripted(break_down))
    assert sent.send().delivery == NotDelivered("the channel broke: BrokenPipeError")
    assert sent.send().delivery == Delivered()


def test_a_notice_that_no_thread_can_carry_has_failed_and_counts_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    sent = Awaited(Scripted(lambda _: Delivered()))
    with monkeypatch.context() as patched:
        patched.setattr(Thread, "start", refuse)
        for _ in range(HANGING_MAX + 1):
            assert sent.send().delivery == NotDelivered("can't start new thread")
    assert sent.send().delivery == Delivered()


def test_a_channel_that_there_is_not_fails_at_once() -> None:
    sent = Awaited(Scripted(lambda _: Delivered()))
    sent.courier.take(notice("pigeon"))
    assert sent.receipt().delivery == NotDelivered("there is no channel pigeon")


def test_nobody_listens() -> None:
    sent = Awaited(AppriseChannel("phone", f"json://{HOST}:{nobody()}"))
    delivery = sent.send().delivery
    assert isinstance(delivery, NotDelivered)


def test_a_service_that_does_not_answer_in_time_has_failed_and_nobody_waited_for_it() -> None:
    with dawdling() as server:
        sent = Awaited(AppriseChannel("phone", f"json://{HOST}:{server.port}/?rto={LONG_S}"), timeout_s=0.1)
        assert sent.send().delivery == NotDelivered("no answer within 0.1 s")
        assert server.asked.acquire(timeout=LONG_S)


def test_what_comes_too_late_is_no_second_receipt_and_nothing_is_tried_after_that() -> None:
    go_on, tried = Event(), Semaphore(0)

    def late(_: int) -> Delivery:
        go_on.wait(LONG_S)
        tried.release()
        return NotDelivered("at last")

    channel = Scripted(late)
    sent = Awaited(channel, timeout_s=0.1)
    assert sent.send().delivery == NotDelivered("no answer within 0.1 s")
    go_on.set()
    assert tried.acquire(timeout=LONG_S)
    assert sent.send().delivery == NotDelivered("at last")
    assert channel.tries == 1 + 3
    assert not sent.courier.finished()


def test_a_channel_that_hangs_is_left_alone_until_it_comes_back() -> None:
    go_on, ended = Event(), Semaphore(0)

    def hanging(_: int) -> Delivery:
        go_on.wait(LONG_S)
        ended.release()
        return Delivered()

    channel = Scripted(hanging)
    sent = Awaited(channel, timeout_s=0.05)
    for _ in range(HANGING_MAX):
        assert sent.send().delivery == NotDelivered("no answer within 0.05 s")
    delivery = sent.send().delivery
    assert isinstance(delivery, NotDelivered)
    assert "still hang" in delivery.reason
    assert channel.tries == HANGING_MAX
    go_on.set()


@pytest.mark.parametrize("status", [200, 503])
def test_a_flood_of_fifty_has_fifty_receipts(status: int) -> None:
    with webhook() as server:
        server.status = status
        sent = Awaited(AppriseChannel("phone", f"json://{HOST}:{server.port}"))
        kinds = {type(sent.send(f"alert {number}").delivery) for number in range(50)}
    assert kinds == {Delivered if status == 200 else NotDelivered}
    assert len(server.received) == (50 if status == 200 else 0)
