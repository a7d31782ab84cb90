"""Orders of nobody's, adopted with right and wrong facts, while the books behind them change in any way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from phoenix.application.simulation import run_now
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import Action, DecisionKind, OrderStatus, PositionState, RefusalReason, Side
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import BrokerOrder
from phoenix.rehearsal.world import World
from tests.application.acts import registered, say
from tests.application.words import execution, foreign_in_book

NAMES = ("71", "72", "73")
PLAN = {"what": "ORDER", "strategy_id": "by-hand", "stop_price": "1.25", "target_price": "1.27"}
TERMS: dict[str, tuple[Any, ...]] = {
    "pair": ("GBPUSD", "EURUSD"),
    "action": (Action.BUY, Action.SELL),
    "quantity": (Decimal(1000), Decimal(2000), None),
    "limit_price": (Decimal("1.26"), Decimal("1.2"), None),
    "status": (OrderStatus.WORKING, OrderStatus.CANCELLED, OrderStatus.FILLED, OrderStatus.UNKNOWN),
}
SAID = {
    "pair": ("GBPUSD", "EURUSD"),
    "side": ("LONG", "SHORT"),
    "quantity": ("1000", "2000"),
    "entry_price": ("1.26", "1.2"),
}
CHANGES = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in TERMS.items()})
WORDS = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in SAID.items()})


class AdoptionMachine(RuleBasedStateMachine):
    """The broker's books are what the machine draws; the core reads them after every act."""

    def __init__(self) -> None:
        super().__init__()
        self.world: World = registered()
        self.book: dict[str, BrokerOrder] = {}
        self.executions: list[ExecutionReported] = []
        self.is_silent = False
        self.adopted: dict[str, str] = {}
        self._answer("open_orders", lambda: self._orders(is_ended=False))
        self._answer("completed_orders", lambda: self._orders(is_ended=True))
        self._answer("executions", lambda: tuple(self.executions))

    def _answer(self, query: str, content: Callable[[], tuple[Any, ...]]) -> None:
        async def answer() -> Answer[tuple[Any, ...]]:
            return Unknown("drawn by lot") if self.is_silent else Complete(content(), self.world.now)

        asked: Callable[[], Awaitable[Answer[tuple[Any, ...]]]] = answer
        setattr(self.world.broker, query, asked)

    def _orders(self, *, is_ended: bool) -> tuple[BrokerOrder, ...]:
        return tuple(order for order in self.book.values() if order.status.is_ended == is_ended)

    def read(self) -> None:
        run_now(self.world.executor.read_books())

    # --- the broker ----------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), changes=CHANGES)
    def show(self, name: str, changes: dict[str, Any]) -> None:
        """An order appears in the books, or is another one there from now on."""
        order = replace(self.book.get(name) or foreign_in_book(name), **changes)
        filled = order.quantity or Decimal(1000) if order.status is OrderStatus.FILLED else Decimal(0)
        self.book[name] = replace(order, filled_quantity=filled)
        self.read()

    @rule(name=st.sampled_from(NAMES))
    def hide(self, name: str) -> None:
        self.book.pop(name, None)
        self.read()

    @rule(is_silent=st.booleans())
    def fall_silent(self, is_silent: bool) -> None:
        self.is_silent = is_silent
        self.read()

    @precondition(lambda self: self.book)
    @rule(drawn=st.data(), action=st.sampled_from(Action), is_heard=st.booleans())
    def execute(self, drawn: st.DataObject, action: Action, is_heard: bool) -> None:
        name = drawn.draw(st.sampled_from(sorted(self.book)))
        report = execution(
            self.world, f"X{len(self.executions)}.01", 500, permanent_id=name, action=action, pair=self.book[name].pair
        )
        self.executions.append(report)
        if is_heard:
            say(self.world, report)
        self.read()

    @rule(seconds=st.sampled_from([1, 61]))
    def wait(self, seconds: int) -> None:
        self.world.wait(seconds)
        self.read()

    # --- people --------------------------------------------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), said=WORDS)
    def adopt(self, name: str, said: dict[str, str]) -> None:
        order = self.book.get(name)
        answer = self.decide(DecisionKind.ADOPT, name, {**PLAN, **said})
        if isinstance(answer, Refused):
            assert answer.reason is not RefusalReason.CONFLICT or self.has_reason(name, order, said)
            return
        assert order is not None
        assert not self.is_silent
        assert self.agrees(order, said)
        self.adopted[name] = answer
        terms = self.world.position(answer).terms
        assert (terms.pair, terms.quantity) == (order.pair, order.quantity)
        assert terms.side is self.side(order)

    @precondition(lambda self: not self.is_silent and self.untouched)
    @rule(changes=CHANGES)
    def adopt_what_is_new_and_change_it(self, changes: dict[str, Any]) -> None:
        name = self.untouched[0]
        self.show(name, {})
        self.adopt(name, {})
        assert name in self.adopted
        self.show(name, changes)

    @property
    def untouched(self) -> list[str]:
        known = {*self.book, *self.adopted, *(report.permanent_id for report in self.executions)}
        return [name for name in NAMES if name not in known]

    def has_reason(self, name: str, order: BrokerOrder | None, said: dict[str, str]) -> bool:
        """Whether something contradicts an adoption: what was said, an execution, or that it was adopted before."""
        is_executed = any(report.permanent_id == name for report in self.executions)
        return order is None or not self.agrees(order, said) or name in self.adopted or is_executed

    def agrees(self, order: BrokerOrder, said: dict[str, str]) -> bool:
        facts = {"pair": order.pair, "side": self.side(order).value}
        numbers = {"quantity": order.quantity, "entry_price": order.limit_price}
        same = all(said.get(name, known) == known for name, known in facts.items())
        return same and all(
            known is None or Decimal(said.get(name, str(known))) == known for name, known in numbers.items()
        )

    def side(self, order: BrokerOrder) -> Side:
        return Side.LONG if order.action is Action.BUY else Side.SHORT

    @rule()
    def lift_all_flags(self) -> None:
        for flag_id in sorted(self.world.state.flags):
            self.world.decide(DecisionKind.KILL_LIFT, flag_id, reason="looked at")
        self.read()

    @precondition(lambda self: self.adopted)
    @rule(drawn=st.data())
    def attest_absent(self, drawn: st.DataObject) -> None:
        position_id = self.adopted[drawn.draw(st.sampled_from(sorted(self.adopted)))]
        self.decide(DecisionKind.ATTEST_ABSENT, position_id, {})

    def decide(self, kind: DecisionKind, subject_id: str, detail: dict[str, str]) -> str | Refused:
        try:
            return str(self.world.decide(kind, subject_id, reason="mine", detail=detail))
        except Refused as refusal:
            return refusal

    # --- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def books_that_did_not_change_tell_nothing_new(self) -> None:
        self.read()
        known, flags = len(self.world.beads), len(self.world.state.flags)
        self.read()
        self.read()
        news = [bead.payload for bead in self.world.beads[known:]]
        assert all(isinstance(payload, SessionPayload) for payload in news), news
        assert len(self.world.state.flags) == flags

    def teardown(self) -> None:
        """Whatever became of an adopted order, it ends at the broker, and people lead its position to its end."""
        self.is_silent = False
        self.world.wait(1)
        for name, position_id in self.adopted.items():
            shown = self.book.get(name) or foreign_in_book(name)
            self.book[name] = replace(shown, status=OrderStatus.CANCELLED, filled_quantity=Decimal(0))
            self.read()
            while self.world.position(position_id).leg_in_question is not None:
                self.world.decide(DecisionKind.ATTEST_ABSENT, position_id, reason="not there")
            position = self.world.position(position_id)
            assert position.state in (PositionState.CANCELLED, PositionState.FILLED)
            assert not position.alive_legs


TestAdoptionMachine = AdoptionMachine.TestCase
TestAdoptionMachine.settings = settings(stateful_step_count=20)
