"""Everything that TWS says in one session, taken in: answers to whoever asked, and the rest as the port's events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from phoenix.adapters.ibkr.errors import ErrorTranslator
from phoenix.adapters.ibkr.meanings import status_of
from phoenix.adapters.ibkr.names import KnownOrder, Names
from phoenix.adapters.ibkr.pace import Pace
from phoenix.adapters.ibkr.prices import Prices
from phoenix.adapters.ibkr.questions import Kind, Questions
from phoenix.adapters.ibkr.said import (
    CommissionSaid,
    DetailsSaid,
    ErrorSaid,
    ExecutionSaid,
    HoldingSaid,
    OrderSaid,
    StatusSaid,
)
from phoenix.adapters.ibkr.translation import Pairs, Untranslatable, execution
from phoenix.adapters.ibkr.words import words
from phoenix.ports.broker import EventSink
from phoenix.ports.broker_events import (
    BrokerEvent,
    BrokerNotice,
    CommissionReported,
    ConnectionLost,
    OrderAcknowledged,
    OrderStatusReported,
)

_LIVE = -1
"""The request id of executions that nobody asked for."""
_ZONE_DOUBT = timedelta(minutes=10)
"""An execution that is just told happened just now; one that is further off was read in the wrong zone."""


class Hearing:
    """The listener of one line. `let_go` ends it: what the library says after that is nobody's."""

    def __init__(
        self, account: str, names: Names, questions: Questions, prices: Prices, pairs: Pairs, pace: Pace,
        sink: EventSink, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self.account = account
        self.names = names
        self.questions = questions
        self.prices = prices
        self._pairs = pairs
        self._sink = sink
        self._now = now
        self._errors = ErrorTranslator(names, questions, prices, pace, self._say, now)
        self._acknowledged: set[int] = set()
        self.is_over = False
        self._is_let_go = False
        self.managed: tuple[str, ...] = ()
        self.next_id = 1

    @property
    def line_is_down(self) -> bool:
        return self._errors.line_is_down

    @property
    def is_read_only(self) -> bool:
        return self._errors.is_read_only

    def on_data_lost(self, resubscribe: Callable[[], None]) -> None:
        """What to do once the broker has forgotten our subscriptions."""
        self._errors.resubscribe = resubscribe

    def let_go(self) -> None:
        self.is_over = self._is_let_go = True
        self.questions.fail_all("the session ended")
        self.prices.fail_all("the session ended")

    def tell_executions(self, executions: Iterable[ExecutionSaid]) -> None:
        """As events, what was asked for and did not become a whole answer."""
        for one in executions:
            self._tell_execution(one, is_past=True)

    # --- session -------------------------------------------------------------------------------------------------

    def next_order_id(self, order_id: int) -> None:
        self.next_id = max(self.next_id, order_id)

    def accounts(self, accounts: tuple[str, ...]) -> None:
        """A login that changes while a session is open closes entries: the guard looks here before every order."""
        if self.managed and set(accounts) != set(self.managed):
            text = (
                f"the gateway's login had {', '.join(self.managed)} and now has {', '.join(accounts) or 'no account'}"
            )
            self._say(BrokerNotice(None, words(text), None, "WARNING", self._now()))
        self.managed = accounts

    def error(self, error: ErrorSaid) -> None:
        self._errors.take_in(error)

    def undecodable(self, detail: str) -> None:
        """Nobody knows what it was: a person is told, and every answer that waits may be without it.

        Where nobody waits for one it may have been an order's end or an execution, and the books are to be read. Not
        otherwise: what cannot be read may stand in the very books, and whoever asked learns that they are unknown.
        """
        is_unasked = not self.questions.is_anybody_waiting
        self.questions.fail_all(words(f"a message could not be read: {detail}"))
        self._say(
            BrokerNotice(
                None, words(f"a message of the gateway could not be read: {detail}"), None, "WARNING", self._now(),
                is_about_order_state=is_unasked,
            )
        )  # fmt: skip

    def closed(self, detail: str) -> None:
        self.questions.fail_all("the connection broke")
        self.prices.fail_all("the connection broke")
        self._say(ConnectionLost(True, words(detail), self._now()))
        self.is_over = True

    # --- orders --------------------------------------------------------------------------------------------------

    def open_order(self, order: OrderSaid) -> None:
        known = self.names.heard(order)
        self.questions.heard_of(Kind.OPEN_ORDERS, order)
        self._acknowledge(known)

    def open_orders_end(self) -> None:
        self.questions.ended_of(Kind.OPEN_ORDERS)

    def completed_order(self, order: OrderSaid) -> None:
        self.questions.heard_of(Kind.COMPLETED_ORDERS, order)

    def completed_orders_end(self) -> None:
        self.questions.ended_of(Kind.COMPLETED_ORDERS)

    def order_status(self, status: StatusSaid) -> None:
        known = self.names.heard_status(status)
        if known.account not in (None, self.account):
            return
        self._acknowledge(known)
        meaning = status_of(status.status, status.why_held, known.order_type)
        self._say(
            OrderStatusReported(
                known.reference, self._own_number(known), _text(known.permanent_id), meaning, status.filled,
                status.remaining, self._now(), None if status.why_held is None else words(status.why_held),
            )
        )  # fmt: skip

    # --- executions ----------------------------------------------------------------------------------------------

    def execution(self, execution_said: ExecutionSaid) -> None:
        is_asked_for = execution_said.request_id != _LIVE
        if is_asked_for and self.questions.heard(execution_said.request_id, execution_said):
            return
        self._tell_execution(execution_said)

    def _tell_execution(self, execution_said: ExecutionSaid, *, is_past: bool = False) -> None:
        """What was asked for may have happened at any time of the day, and in a session that broke since."""
        if execution_said.account != self.account:
            return
        now = self._now()
        try:
            event = execution(execution_said, self.names.client_id, self._pairs, now)
        except Untranslatable as error:
            self.undecodable(f"execution {execution_said.execution_id}: {error}")
            return
        self._say(event, is_past=is_past)
        if is_past:
            return
        if execution_said.executed_at is None or abs(execution_said.executed_at - now) > _ZONE_DOUBT:
            self._doubt_zone(execution_said)

    def executions_end(self, request_id: int) -> None:
        self.questions.ended(request_id)

    def commission(self, commission: CommissionSaid) -> None:
        if commission.amount is not None:
            self._say(CommissionReported(commission.execution_id, commission.amount, commission.currency, self._now()))

    # --- answers -------------------------------------------------------------------------------------------------

    def holding(self, holding: HoldingSaid) -> None:
        self.questions.heard_of(Kind.HOLDINGS, holding)

    def holdings_end(self) -> None:
        self.questions.ended_of(Kind.HOLDINGS)

    def account_value(self, request_id: int, account: str, tag: str, value: str, currency: str) -> None:
        if account == self.account:
            self.questions.heard(request_id, (tag, value, currency))

    def account_values_end(self, request_id: int) -> None:
        self.questions.ended(request_id)

    def profit(
        self, request_id: int, daily: Decimal | None, unrealised: Decimal | None, realised: Decimal | None
    ) -> None:  # fmt: skip
        """The first report is the answer: profit has no end marker."""
        self.questions.heard(request_id, (daily, unrealised, realised))
        self.questions.ended(request_id)

    def price_tick(self, request_id: int, tick_type: int, price: Decimal) -> None:
        stream = self.prices.of_request(request_id)
        if stream is not None:
            stream.note(tick_type, price, self._now())
            self._errors.prices_came(stream.pair)

    def market_data_type(self, request_id: int, kind: int) -> None:
        stream = self.prices.of_request(request_id)
        if stream is not None:
            stream.kind = kind

    def contract_details(self, request_id: int, details: DetailsSaid) -> None:
        self.questions.heard(request_id, details)

    def contract_details_end(self, request_id: int) -> None:
        self.questions.ended(request_id)

    def current_time(self, seconds: int) -> None:
        self.questions.heard_of(Kind.TIME, seconds)
        self.questions.ended_of(Kind.TIME)

    # --- inside --------------------------------------------------------------------------------------------------

    def _acknowledge(self, known: KnownOrder) -> None:
        """The first word with a permanent id. An order is not told of before it is known to be of our account."""
        permanent_id = known.permanent_id
        if permanent_id is None or permanent_id in self._acknowledged or known.account != self.account:
            return
        self._acknowledged.add(permanent_id)
        self._say(
            OrderAcknowledged(known.reference, self._own_number(known), str(permanent_id), self._now())
        )  # fmt: skip

    def _own_number(self, known: KnownOrder) -> int | None:
        return known.order_id if known.client_id == self.names.client_id and known.order_id > 0 else None

    def _doubt_zone(self, said: ExecutionSaid) -> None:
        text = words(
            f"execution {said.execution_id} is dated {said.time_text!r}, which is far from now; the gateway's times "
            "may be of another zone than gateway_zone says"
        )
        self._say(BrokerNotice(None, text, said.reference, "WARNING", self._now()))

    def _say(self, event: BrokerEvent, *, is_past: bool = False) -> None:
        if not self.is_over or (is_past and not self._is_let_go):
            self._sink(event)


def _text(permanent_id: int | None) -> str | None:
    return None if permanent_id is None else str(permanent_id)
