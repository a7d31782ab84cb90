"""Position, token, kill flag and anchor together: any sequence of acts and mishaps against a small model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

import orjson
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Fault, ForeignHolding, SocketDrop, Which
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.application.settling.correction import NOBODY
from phoenix.application.simulation import run_now
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.beads.safety import DriftPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.encoding import encode_trusted
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.limits import Limits
from phoenix.domain.numbers import ZERO
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.timers import next_due
from phoenix.domain.typed_json import decode_value, encode_value
from phoenix.domain.vocabulary import (
    DecisionKind,
    KillSource,
    LegRole,
    OrderEvent,
    PositionState,
    Regime,
    Resolution,
    TokenEvent,
)
from phoenix.ports.answers import Complete
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.world import ACCOUNT, OPERATOR, World, make_policy
from tests.application.core_model import HELD_S, LATE_S, STALE_NEWS_S, STALE_S, Model, Row

STRATEGY, PAIR = "fvg-retest", "GBPUSD"
NEXT_ENTRY, NEXT_EXIT = Which(role=LegRole.ENTRY, nth=1), Which(role=LegRole.EXIT, nth=1)
ENTRY_FATES: dict[str, tuple[Fault, ...]] = {
    "FILL": (),
    "REJECT": (faults.reject(NEXT_ENTRY),),
    "REST": (faults.never_fill(NEXT_ENTRY),),
    "PARTIAL": (faults.partial(NEXT_ENTRY, Decimal("0.5")),),
    "LOST": (faults.lose(NEXT_ENTRY),),
    "UNHEARD": (faults.unheard(NEXT_ENTRY),),
    "SLOW": (faults.delay(NEXT_ENTRY, HELD_S),),
    "LATE": (faults.never_fill(NEXT_ENTRY), faults.fill_after_cancel(NEXT_ENTRY, LATE_S)),
}
EXIT_FATES: dict[str, tuple[Fault, ...]] = {
    "FILL": (),
    "REJECT": (faults.reject(NEXT_EXIT),),
    "LOST": (faults.lose(NEXT_EXIT),),
}
SOMETIMES = st.integers(0, 5).map(lambda drawn: drawn == 5)
MARKETS = st.sampled_from(["market-1", "market-1", "market-2"])
REGIMES = st.sampled_from([Regime.NORMAL, Regime.NORMAL, Regime.NEWS])
LIMIT_S = {Regime.NORMAL: STALE_S, Regime.NEWS: STALE_NEWS_S}


class CoreMachine(RuleBasedStateMachine):
    """Drives a whole core over the chaos mock; the model says beforehand what must come of each act."""

    def __init__(self) -> None:
        super().__init__()
        options = EngineOptions(account=ACCOUNT, instruments=INSTRUMENTS)
        policy = make_policy(limits=Limits.permissive(), orders_per_second_max=1_000)
        self.world = World(policy=policy, options=options)
        self.world.register(STRATEGY)
        self.model = Model(self.world.now, books_read_at=self.world.now)
        self.intents: dict[str, str] = {}
        self.restored, self.restored_beads = EMPTY, 0

    # --- proposals -----------------------------------------------------------------------------------------------

    @rule(age_s=st.sampled_from([0, 0, 0, 600, 601, 900, 901]), market=MARKETS, regime=REGIMES)
    def propose(self, age_s: int, market: str, regime: Regime) -> None:
        self.signal(age_s, market, regime)

    def signal(self, age_s: int, market: str, regime: Regime) -> str | None:
        """Answers the new position's id, or None where the signal was refused."""
        captured_at = self.world.now - timedelta(seconds=age_s)
        own, quantity = (captured_at, market, LIMIT_S[regime]), self.quantity()
        outcome = self.world.signal(captured_at=captured_at, regime=regime.value, market_snapshot=market)
        reason = None if outcome.refusal is None else outcome.refusal.reason.value
        return self.proposed(outcome.position_id, outcome.signal_id, own, quantity, reason)

    @rule(fate=st.sampled_from(sorted(ENTRY_FATES)))
    def enter(self, fate: str) -> None:
        """A fresh proposal, approved and sent at once."""
        position = self.signal(0, "market-1", Regime.NORMAL)
        if position is not None:
            self.approve_and_send(position, fate)

    @precondition(lambda self: self.model.rows)
    @rule(former=st.data(), astray=SOMETIMES)
    def repropose(self, former: st.DataObject, astray: bool) -> None:
        signal = self.model.rows[self.pick(former, astray, lambda row: self.model.can_repropose(row.signal))].signal
        if signal == "":
            return
        quantity = self.quantity()
        reason, reply = self.attempt(lambda: self.world.decide(DecisionKind.REPROPOSE, signal))
        if self.model.can_repropose(signal):
            self.proposed(getattr(reply, "position_id", None), signal, None, quantity, reason)
        else:
            assert reason == "WRONG_STATE"

    def proposed(self, position_id: str | None, signal: str, own: Any, quantity: int, reason: str | None) -> str | None:
        assert self.model.propose(position_id or "", signal, own, quantity) == reason
        if position_id is not None:
            self.intents[position_id] = self.world.position(position_id).intent_id
        return position_id

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES)
    def refresh(self, drawn: st.DataObject, astray: bool) -> None:
        position = self.pick(drawn, astray, lambda row: row.state == "PROPOSED")
        expected = self.model.refresh(self.model.rows[position], self.quantity())
        self.decide(expected, DecisionKind.REFRESH, self.intents[position])

    @rule(market=MARKETS, regime=REGIMES)
    def register_anchor(self, market: str, regime: Regime) -> None:
        anchor = Anchor(self.world.now, regime, "params-1", market)
        run_now(self.world.executor.register_anchor(STRATEGY, PAIR, anchor, OPERATOR))
        self.model.anchor = (self.world.now, market, LIMIT_S[regime])

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES)
    def pass_on(self, drawn: st.DataObject, astray: bool) -> None:
        position = self.pick(drawn, astray, lambda row: row.state == "PROPOSED")
        row = self.model.rows[position]
        expected = None if row.state == "PROPOSED" else "WRONG_STATE"
        row.state = "CANCELLED" if expected is None else row.state
        self.decide(expected, DecisionKind.PASS, self.intents[position])

    # --- tokens and orders ---------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES, times=st.sampled_from([1, 1, 1, 4]))
    def approve(self, drawn: st.DataObject, astray: bool, times: int) -> None:
        position = self.pick(drawn, astray, lambda row: row.state in ("PROPOSED", "APPROVED"))
        for _ in range(times):
            expected = self.model.approve(self.model.rows[position])
            assert self.attempt(lambda: self.world.approve(self.intents[position], submit=False))[0] == expected

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES)
    def withdraw(self, drawn: st.DataObject, astray: bool) -> None:
        position = self.pick(drawn, astray, lambda row: row.state == "APPROVED")
        row = self.model.rows[position]
        expected = None if row.state == "APPROVED" else "WRONG_STATE"
        row.state = "EXPIRED" if expected is None else row.state
        self.decide(expected, DecisionKind.WITHDRAW, self.intents[position])

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES, fate=st.sampled_from(sorted(ENTRY_FATES)))
    def submit(self, drawn: st.DataObject, astray: bool, fate: str) -> None:
        position = self.pick(drawn, astray, lambda row: row.state == "APPROVED")
        expected = self.model.submit(self.model.rows[position], fate)
        self.inject(ENTRY_FATES[fate] if expected is None else ())
        assert self.attempt(lambda: self.world.submit(self.intents[position]))[0] == expected

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES, fate=st.sampled_from(sorted(ENTRY_FATES)))
    def approve_and_submit(self, drawn: st.DataObject, astray: bool, fate: str) -> None:
        position = self.pick(drawn, astray, lambda row: row.state in ("PROPOSED", "APPROVED"))
        self.approve_and_send(position, fate)

    def approve_and_send(self, position: str, fate: str) -> None:
        row = self.model.rows[position]
        expected = self.model.approve(row) or self.model.submit(row, fate)
        self.inject(ENTRY_FATES[fate] if expected is None else ())
        assert self.attempt(lambda: self.world.approve(self.intents[position]))[0] == expected

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES)
    def cancel(self, drawn: st.DataObject, astray: bool) -> None:
        position = self.pick(drawn, astray, lambda row: row.fate in ("REST", "LATE", "PARTIAL"))
        self.decide(self.model.cancel(self.model.rows[position]), DecisionKind.CANCEL, position)

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES)
    def attest_absent(self, drawn: st.DataObject, astray: bool) -> None:
        position = self.pick(drawn, astray, lambda row: row.state == "STALLED" or row.exit_sent_at is not None)
        row = self.model.rows[position]
        if row.fate in ("UNHEARD", "SLOW") and row.state == "STALLED":
            return
        self.decide(self.model.attest(row), DecisionKind.ATTEST_ABSENT, position)

    # --- exits and protection ------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES, fate=st.sampled_from(["FILL", "FILL", *EXIT_FATES]))
    def close(self, drawn: st.DataObject, astray: bool, fate: str) -> None:
        position = self.pick(drawn, astray, lambda row: row.is_open)
        self.act_on_holding(position, "CLOSE", fate, {})

    @precondition(lambda self: self.model.rows)
    @rule(drawn=st.data(), astray=SOMETIMES)
    def protect(self, drawn: st.DataObject, astray: bool) -> None:
        position = self.pick(drawn, astray, lambda row: row.is_open)
        self.act_on_holding(position, "PROTECT", "FILL", {"stop_price": "1.25900", "target_price": "1.26200"})

    def act_on_holding(self, position: str, kind: str, fate: str, detail: Any) -> None:
        row = self.model.rows[position]
        if row.is_mute:
            return
        expected = self.model.act_on_holding(row, kind, fate)
        reason, intent_id = self.attempt(lambda: self.world.decide(DecisionKind(kind), position, detail=detail))
        if expected in ("WRONG_STATE", "UNSETTLED"):
            assert reason == expected
            return
        assert reason is None
        self.inject(EXIT_FATES[fate] if expected is None else ())
        assert self.attempt(lambda: self.world.approve(str(intent_id)))[0] == expected
        if expected is not None:
            self.decide(None, DecisionKind.PASS, str(intent_id))

    @precondition(lambda self: self.model.strays)
    @rule()
    def adopt(self) -> None:
        stray = min(self.model.strays)
        detail = {"what": "HOLDING", "stop_price": "1.25900", "target_price": "1.26200"}
        if self.model.reconnect_at is not None:
            self.decide("UNKNOWN_OUTCOME", DecisionKind.ADOPT, stray, detail=detail)
            return
        adopted = str(self.world.decide(DecisionKind.ADOPT, stray, detail=detail))
        self.model.strays.remove(stray)
        quantity = self.model.rows[stray].quantity
        self.model.rows[adopted] = Row(signal="", state="FILLED", quantity=quantity, fate="FILL", is_open=True)
        self.intents[adopted] = self.world.position(adopted).intent_id

    @precondition(lambda self: self.model.drifts)
    @rule()
    def resolve_drift(self) -> None:
        drift = next(iter(sorted(self.world.state.drifts)))
        self.decide(
            None, DecisionKind.RESOLVE, drift, reason="adopted what came late", detail={"resolution": "ACKNOWLEDGED"}
        )
        self.model.drifts -= 1

    # --- safety --------------------------------------------------------------------------------------------------

    @rule(scope=st.sampled_from([STRATEGY, None, "another", "another"]), life_s=st.sampled_from([120, 120, None]))
    def set_flag(self, scope: str | None, life_s: int | None) -> None:
        until = None if life_s is None else self.world.now + timedelta(seconds=life_s)
        run_now(self.world.executor.set_kill_flag(scope, "drawn by lot", KillSource.MANUAL, OPERATOR, until))
        if scope != "another":
            self.model.set_flag(until)

    @precondition(lambda self: self.world.state.flags)
    @rule()
    def lift_all_flags(self) -> None:
        for flag in list(self.world.state.flags.values()):
            if flag.strategy_id != "another":
                self.model.end_flag(flag.expires_at)
            self.decide(None, DecisionKind.KILL_LIFT, flag.flag_id, reason="looked at")

    # --- the world -----------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 4, 5, 25, 30, 60, 299, 300, 601]))
    def wait(self, seconds: int) -> None:
        self.world.wait(seconds)
        self.model.advance(self.world.now)

    @precondition(lambda self: self.model.reconnect_at is None)
    @rule()
    def lose_line(self) -> None:
        self.world.inject(SocketDrop(self.world.now, 3))
        self.world.wait(0)
        self.model.lose_line()

    @rule()
    def read_books(self) -> None:
        run_now(self.world.executor.read_books())
        self.model.read_books()
        known = len(self.world.beads)
        for _ in range(2):
            run_now(self.world.executor.read_books())
        assert {type(bead.payload) for bead in self.world.beads[known:]} == {SessionPayload}

    @rule(bid=st.sampled_from(["1.25890", "1.26210"]))
    def price_hits(self, bid: str) -> None:
        self.world.price(bid)
        self.model.advance(self.world.now)
        self.model.price_hits()
        self.world.price("1.26000")
        self.model.advance(self.world.now)

    @precondition(lambda self: self.model.reconnect_at is None and not self.model.drifts)
    @rule(thousands=st.sampled_from([-70, 40, 150]), word=st.sampled_from(list(Resolution)))
    def meddle(self, thousands: int, word: Resolution) -> None:
        """The broker's holding changes by nothing that anybody was told of: one drift, until a human settles it."""
        self.settle_books()
        if self.model.drifts:
            return
        before = len(self.world.payloads(DriftPayload))
        change = Decimal(thousands * 1000)
        self.world.inject(ForeignHolding(self.world.now, PAIR, change, Decimal("1.26")))
        self.settle_books()
        [found] = self.world.payloads(DriftPayload)[before:]
        assert found.key == f"net:{PAIR}"
        if word is Resolution.BROKER_CORRECTED:
            self.world.inject(ForeignHolding(self.world.now, PAIR, -change, Decimal("1.26")))
            self.world.wait(0)
        [drift] = self.world.state.drifts
        detail = {"resolution": word.value, "position_id": NOBODY}
        self.decide(None, DecisionKind.RESOLVE, drift, reason="looked", detail=detail)
        self.settle_books()
        assert len(self.world.payloads(DriftPayload)) == before + 1
        if word is Resolution.ACKNOWLEDGED:
            self.world.inject(ForeignHolding(self.world.now, PAIR, -change, Decimal("1.26")))
            self.settle_books()

    def settle_books(self) -> None:
        """Time for everything that is on its way to arrive, and for the books to be compared twice."""
        self.world.wait(400)
        self.model.advance(self.world.now)

    # --- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        positions = {position_id: self.world.position(position_id) for position_id in self.model.rows}
        states = {position_id: str(position.state) for position_id, position in positions.items()}
        assert states == {position_id: row.state for position_id, row in self.model.rows.items()}
        quantities = {position_id: int(position.terms.quantity) for position_id, position in positions.items()}
        assert quantities == {position_id: row.quantity for position_id, row in self.model.rows.items()}
        assert len(self.world.state.flags_for(STRATEGY)) == len(self.model.flags)
        assert self.world.state.session.is_reconciled == (self.model.reconnect_at is None)

    @invariant()
    def a_broker_that_does_what_it_is_told_is_never_drift_however_late_it_speaks(self) -> None:
        """What is told out of turn is a drift of its own; nothing is that a comparison has to find."""
        assert len(self.world.state.drifts) == self.model.drifts
        assert not [drift for drift in self.world.state.drifts.values() if drift.key]
        assert not self.world.state.reconciliation.suspects

    @invariant()
    def state_is_the_fold_of_all_beads(self) -> None:
        assert reduce(evolve, self.world.beads, EMPTY) == self.world.state

    @invariant()
    def state_comes_back_from_its_bytes_and_goes_on_from_there(self) -> None:
        beads = self.world.beads
        folded = reduce(evolve, beads[self.restored_beads :], self.restored)
        body = encode_trusted(encode_value(folded))
        self.restored, self.restored_beads = decode_value(State, orjson.loads(body)), len(beads)
        assert self.restored == self.world.state
        assert encode_trusted(encode_value(self.restored)) == body

    @invariant()
    def history_is_clean(self) -> None:
        report = self.world.history(settled=False)
        assert report.ok, report.text()

    @invariant()
    def every_order_at_the_broker_had_a_used_token_and_no_intent_has_two(self) -> None:
        prepared = [order for order in self.world.payloads(OrderPayload) if order.event is OrderEvent.PREPARED]
        used = {token.token_id for token in self.world.payloads(TokenPayload) if token.event is TokenEvent.USED}
        assert len({order.intent_id for order in prepared}) == len(prepared)
        plans = [(order, order.plan) for order in prepared if order.plan is not None]
        token_of = {leg.reference: order.token_id for order, plan in plans for leg in plan.legs}
        received = [str(record["reference"]) for record in self.world.ledger("ORDER_RECEIVED")]
        assert len(set(received)) == len(received)
        assert {token_of[reference] for reference in received} <= used

    @invariant()
    def the_broker_received_no_entry_but_those_that_the_model_let_pass(self) -> None:
        references = [str(record["reference"]) for record in self.world.ledger("ORDER_RECEIVED")]
        assert sum(reference.endswith("-E") for reference in references) == self.model.entries_received

    @invariant()
    def nothing_is_open_on_the_wrong_side_and_no_timer_is_overdue(self) -> None:
        assert all(position.open_quantity >= ZERO for position in self.world.state.positions.values())
        due = next_due(self.world.state, self.world.policy)
        assert due is None or due > self.world.now

    def teardown(self) -> None:
        """Whatever was left in flight, a minute and complete books settle it."""
        self.world.wait(60)
        self.model.advance(self.world.now)
        self.read_books()
        self.states_are_those_of_the_model()
        living = [p for p in self.world.state.positions.values() if p.state is PositionState.MANAGED]
        assert all(position.open_quantity > ZERO for position in living)

    # --- helpers -------------------------------------------------------------------------------------------------

    def pick(self, drawn: st.DataObject, astray: bool, wanted: Callable[[Row], bool]) -> str:
        """A position that an act makes sense for, or any, which now and then is asked for on purpose."""
        sensible = [] if astray else [position for position, row in self.model.rows.items() if wanted(row)]
        return drawn.draw(st.sampled_from(sensible or list(self.model.rows)))

    def decide(self, expected: str | None, kind: DecisionKind, subject_id: str, **more: Any) -> None:
        assert self.attempt(lambda: self.world.decide(kind, subject_id, **more))[0] == expected

    def attempt(self, act: Callable[[], object]) -> tuple[str | None, object]:
        try:
            return None, act()
        except Refused as refusal:
            return refusal.reason.value, None

    def inject(self, wanted: tuple[Fault, ...]) -> None:
        for fault in wanted:
            self.world.inject(fault)

    def quantity(self) -> int:
        """One per cent of the equity over ten pips, in whole thousands."""
        account = run_now(self.world.broker.account())
        return int(account.value.equity // 100) * 1000 if isinstance(account, Complete) else 0


TestCoreMachine = CoreMachine.TestCase
TestCoreMachine.settings = settings(stateful_step_count=40)
