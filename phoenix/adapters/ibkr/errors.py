"""Coded messages: about an order, a request, the line, or the data farms. One table says what each code means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from phoenix.adapters.ibkr.causes import refusal
from phoenix.adapters.ibkr.meanings import MEANINGS, READ_ONLY, Meaning
from phoenix.adapters.ibkr.names import KnownOrder, Names
from phoenix.adapters.ibkr.pace import Pace
from phoenix.adapters.ibkr.prices import Prices
from phoenix.adapters.ibkr.questions import FIRST_REQUEST_ID, Kind, Questions
from phoenix.adapters.ibkr.said import ErrorSaid
from phoenix.adapters.ibkr.words import words
from phoenix.ports.broker_events import (
    BrokerEvent,
    BrokerNotice,
    ConnectionLost,
    ConnectionRestored,
    MarketDataState,
    OrderCancelled,
    OrderRejected,
)

_KEPT_BACK = (Kind.OPEN_ORDERS, Kind.COMPLETED_ORDERS)
"""What a gateway whose API is read-only does not tell; its refusal names no question."""
_ELSEWHERE = "market data"
"""What is down while another session has the market data: it has no farm's name."""


_NOT_ABOUT_ORDERS = frozenset(
    {
        Meaning.LINE_LOST, Meaning.LINE_BACK_DATA_LOST, Meaning.LINE_BACK_DATA_KEPT, Meaning.FARM_DOWN, Meaning.FARM_UP,
        Meaning.PRICES_ELSEWHERE, Meaning.HARMLESS,
    }
)  # fmt: skip
"""Whatever number such a message carries, it names no order."""


def _nothing() -> None:
    """Nobody has anything to subscribe."""


class ErrorTranslator:
    """Takes in every coded message of a session. What no table has is told as a notice, never guessed."""

    def __init__(
        self, names: Names, questions: Questions, prices: Prices, pace: Pace, say: Callable[[BrokerEvent], None],
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._names = names
        self._questions = questions
        self._prices = prices
        self._pace = pace
        self._say = say
        self._now = now
        self._farms_down: set[str] = set()
        self.line_is_down = False
        self.is_read_only = False
        self.resubscribe: Callable[[], None] = _nothing

    def take_in(self, said: ErrorSaid) -> None:
        meaning = MEANINGS.get(said.code)
        self.is_read_only = self.is_read_only or READ_ONLY in said.text.lower()
        if meaning is Meaning.PACING:
            self._pace.back_off()
        order = self._names.own(said.request_id) if said.request_id > 0 else None
        if order is not None:
            self._of_order(said, meaning, order)
        elif 0 < said.request_id <= FIRST_REQUEST_ID and meaning not in _NOT_ABOUT_ORDERS:
            self._order_notice(said, meaning, None)
        elif meaning is Meaning.PRICES_ELSEWHERE:
            self._prices.fail(said.request_id, refusal(said))
            self._farm_down(_ELSEWHERE, said)
        elif not self._of_request(said, meaning):
            self._of_session(said, meaning)

    def prices_came(self, pair: str) -> None:
        """A tick: nobody else has the market data any more."""
        if _ELSEWHERE in self._farms_down:
            self._farm_up(_ELSEWHERE, f"prices of {pair} flow again")

    # --- an order ------------------------------------------------------------------------------------------------

    def _of_order(self, said: ErrorSaid, meaning: Meaning | None, order: KnownOrder) -> None:
        permanent_id = None if order.permanent_id is None else str(order.permanent_id)
        names = (order.reference, order.order_id, permanent_id)
        is_at_work = order.permanent_id is not None
        text, now = words(said.text), self._now()
        if meaning is Meaning.REJECTED or (meaning is Meaning.INVALID and not is_at_work):
            self._say(OrderRejected(*names, said.code, text, now))
        elif meaning is Meaning.CANCELLED:
            self._say(OrderCancelled(*names, order.filled, text, now))
        elif meaning is not Meaning.HARMLESS:
            self._order_notice(said, meaning, order.reference)

    def _order_notice(self, said: ErrorSaid, meaning: Meaning | None, reference: str | None) -> None:
        """A word on an order that is not its end. Unless it is a mere remark, only the books tell what the order is."""
        is_remark = meaning is Meaning.REMARK
        self._say(
            BrokerNotice(
                said.code, words(said.text), reference, "INFO" if is_remark else "WARNING", self._now(),
                is_about_order_state=not is_remark,
            )
        )  # fmt: skip

    # --- a request -----------------------------------------------------------------------------------------------

    def _of_request(self, said: ErrorSaid, meaning: Meaning | None) -> bool:
        """Whether it was about a request. A remark on one, such as that its prices are delayed, is no refusal."""
        if meaning is Meaning.HARMLESS:
            return said.request_id > 0
        why = refusal(said)
        if self._prices.of_request(said.request_id) is not None:
            self._prices.fail(said.request_id, why)
            return True
        if self._questions.refused(said.request_id, why):
            return True
        return READ_ONLY in said.text.lower() and self._questions.refused_kinds(_KEPT_BACK, why)

    # --- the session ---------------------------------------------------------------------------------------------

    def _of_session(self, said: ErrorSaid, meaning: Meaning | None) -> None:
        match meaning:
            case Meaning.HARMLESS:
                return
            case Meaning.LINE_LOST:
                self._line_lost(said)
            case Meaning.LINE_BACK_DATA_LOST | Meaning.LINE_BACK_DATA_KEPT:
                self._line_back(said, data_kept=meaning is Meaning.LINE_BACK_DATA_KEPT)
            case Meaning.FARM_DOWN:
                self._farm_down(_farm(said.text), said)
            case Meaning.FARM_UP:
                self._farm_up(_farm(said.text), said.text)
            case _:
                self._say(BrokerNotice(said.code, words(said.text), None, "WARNING", self._now()))

    def _line_lost(self, said: ErrorSaid) -> None:
        if not self.line_is_down:
            self.line_is_down = True
            self._questions.fail_all("the broker's own line is down")
            self._prices.interrupt(self._now())
            self._say(ConnectionLost(False, words(said.text), self._now()))

    def _line_back(self, said: ErrorSaid, *, data_kept: bool) -> None:
        """A word that the line is back counts even when none came that it was down: books are read either way."""
        self.line_is_down = False
        if not data_kept:
            self._prices.fail_all("the broker forgot what we follow")
            self.resubscribe()
        self._say(ConnectionRestored(words(said.text), data_kept, self._now()))

    def _farm_down(self, farm: str, said: ErrorSaid) -> None:
        was_fresh = not self._farms_down
        self._farms_down.add(farm)
        self._prices.interrupt(self._now())
        if was_fresh:
            self._say(MarketDataState(False, words(said.text), self._now()))

    def _farm_up(self, farm: str, text: str) -> None:
        if farm in self._farms_down:
            self._farms_down.discard(farm)
            if not self._farms_down:
                self._say(MarketDataState(True, words(text), self._now()))


def _farm(text: str) -> str:
    """The farm that a message names behind its last colon, such as usfarm."""
    return text.rpartition(":")[2].strip().lower() or text
