"""Carrying notices to their channels in threads of their own, so that nothing else ever waits for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from queue import SimpleQueue
from threading import Lock, Thread, Timer

from phoenix.ports.alerts import AlertChannel, Courier, Delivery, NotDelivered, Notice, Receipt

TRIES = 3
"""So often is a notice tried in a row, with a growing pause, before its channel counts as failed."""
PAUSE_S, PAUSE_MAX_S = 0.5, 5.0
HANGING_MAX = 3
"""So many threads of a channel may hang beyond their time before it is not tried at all any more."""


def _nobody() -> None:
    """Wakes nobody."""


@cache
def _be_quiet() -> None:
    """Keep stamina from printing every retry where a document may be expected: what came of them goes on record."""
    from stamina.instrumentation import set_on_retry_hooks

    set_on_retry_hooks(())


class ThreadCourier(Courier):
    """One thread for each notice. What has not been answered after `timeout_s` has failed; the thread may linger."""

    def __init__(self, channels: Iterable[AlertChannel], timeout_s: float, pause_s: float = PAUSE_S) -> None:
        self._channels = {channel.name: channel for channel in channels}
        self._timeout_s = timeout_s
        self._pause_s = pause_s
        self._receipts: SimpleQueue[Receipt] = SimpleQueue()
        self._at_work: Counter[str] = Counter()
        self._lock = Lock()
        self._wake: Callable[[], None] = _nobody

    def wake_with(self, wake: Callable[[], None]) -> None:
        """Call this whenever there is a receipt, from whatever thread. It must not raise."""
        self._wake = wake

    def take(self, notice: Notice) -> None:
        carriage = _Carriage(notice, self._hand_in)
        channel = self._channels.get(notice.channel)
        if channel is None:
            carriage.end(NotDelivered(f"there is no channel {notice.channel}"))
        elif self._at_work[notice.channel] >= HANGING_MAX:
            carriage.end(NotDelivered(f"{HANGING_MAX} former deliveries still hang; restart to try anew"))
        else:
            self._count(notice.channel, 1)
            self._begin(channel, carriage)

    def finished(self) -> Sequence[Receipt]:
        receipts: list[Receipt] = []
        while not self._receipts.empty():
            receipts.append(self._receipts.get())
        return receipts

    def _begin(self, channel: AlertChannel, carriage: _Carriage) -> None:
        thread = Thread(target=self._carry, args=(channel, carriage), name=f"alert-{channel.name}", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # the system has no thread left to give
            self._count(channel.name, -1)
            carriage.end(NotDelivered(str(error)))

    def _carry(self, channel: AlertChannel, carriage: _Carriage) -> None:
        limit = Timer(self._timeout_s, carriage.end, [NotDelivered(f"no answer within {self._timeout_s:g} s")])
        limit.daemon = True
        limit.start()
        try:
            carriage.end(self._try(channel, carriage))
        finally:
            limit.cancel()
            self._count(channel.name, -1)

    def _try(self, channel: AlertChannel, carriage: _Carriage) -> Delivery:
        """What a few tries in a row come to. None follows once the time is over."""
        import stamina

        _be_quiet()
        tries = stamina.retry_context(
            on=_Failed, attempts=TRIES, timeout=self._timeout_s, wait_initial=self._pause_s, wait_max=PAUSE_MAX_S,
            wait_jitter=self._pause_s,
        )  # fmt: skip
        try:
            for attempt in tries:
                with attempt:
                    delivery = channel.deliver(carriage.notice)
                    if isinstance(delivery, NotDelivered) and not carriage.is_ended:
                        raise _Failed(delivery)
                    return delivery
        except _Failed as failed:
            return failed.delivery
        except Exception as error:  # noqa: BLE001 - without a receipt, the channel would never be tried again
            return NotDelivered(f"the channel broke: {type(error).__name__}")
        raise AssertionError("stamina ends by a result or an error")

    def _hand_in(self, receipt: Receipt) -> None:
        self._receipts.put(receipt)
        self._wake()

    def _count(self, name: str, change: int) -> None:
        with self._lock:
            self._at_work[name] += change


class _Failed(Exception):
    def __init__(self, delivery: NotDelivered) -> None:
        super().__init__(delivery.reason)
        self.delivery = delivery


class _Carriage:
    """One notice on its way. It ends once: by its thread, or because its time is over."""

    def __init__(self, notice: Notice, hand_in: Callable[[Receipt], None]) -> None:
        self.notice = notice
        self.is_ended = False
        self._hand_in = hand_in
        self._lock = Lock()

    def end(self, delivery: Delivery) -> None:
        with self._lock:
            if self.is_ended:
                return
            self.is_ended = True
        self._hand_in(Receipt(self.notice, delivery))
