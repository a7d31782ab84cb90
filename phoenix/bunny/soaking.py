"""A soak in virtual time: lifecycle after lifecycle of chance, faults and human acts, and what must hold at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.faults import (
    ForeignHolding,
    HoldingsLag,
    LineOutage,
    Query,
    QueryUnanswered,
    SocketDrop,
    Which,
)
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.wired import WireOptions
from phoenix.application.simulation import run_now
from phoenix.domain.errors import PhoenixError
from phoenix.domain.limits import Limits
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import (
    DecisionKind,
    KillSource,
    LegRole,
    PositionState,
    Protection,
    ReconciliationVerdict,
)
from phoenix.history_check import HistoryReport
from phoenix.rehearsal.instruments import EURUSD, GBPUSD, INSTRUMENTS, USDJPY
from phoenix.rehearsal.world import ACCOUNT, BIDS, OPERATOR, World, make_policy

STRATEGIES = ("asia-range", "fvg-retest", "london-open", "ny-reversal")
PAIRS = (GBPUSD, EURUSD, USDJPY)
STARTING_BALANCE = Decimal(1_000_000)
LIFECYCLES_OF_A_WORLD = 200
SEEDS_APART = 10_000
SEARCHES_MAX = 20
"""How often the end is tried before what is still open counts as unexplained."""
_ORDER_FAULTS: tuple[Callable[[Which], faults.Fault], ...] = (
    faults.lose,
    faults.unheard,
    faults.reject,
    faults.execution_first,
    lambda which: faults.delay(which, 75),
    lambda which: faults.partial(which, Decimal("0.4"), remainder_after_s=30),
    lambda which: faults.repeat(which, 3, 5),
    lambda which: faults.bust(which, 40),
    lambda which: faults.fill_after_cancel(which, 5),
)


@dataclass(frozen=True, slots=True)
class SoakResult:
    """What a soak came to. `unexplained` says what is wrong apart from the history; nothing, if nothing is."""

    lifecycles: int
    acts: Mapping[str, int]
    refused: int
    ended: Mapping[str, int]
    unexplained: tuple[str, ...]
    history: HistoryReport

    @property
    def ok(self) -> bool:
        return self.history.ok and not self.unexplained


def worlds(
    seed: int, mode: ChaosMode, lifecycles: int, wire: WireOptions | None = None
) -> Iterator[SoakResult]:  # fmt: skip
    """So many lifecycles, in one world after the other: a book that is never closed makes every reconnect dearer."""
    for number, begun in enumerate(range(0, lifecycles, LIFECYCLES_OF_A_WORLD)):
        soak = Soak(seed * SEEDS_APART + number, mode, wire)
        try:
            soak.live(min(LIFECYCLES_OF_A_WORLD, lifecycles - begun))
            yield soak.conclude()
        finally:
            soak.world.close()


class Soak:
    """A world that a seed drives. Everything that a person, a strategy or a broker does is drawn.

    With `wire` its broker is reached over sockets; whoever made the soak closes its world then.
    """

    def __init__(self, seed: int, mode: ChaosMode, wire: WireOptions | None = None) -> None:
        self._random = Random(f"soak/{mode.value}/{seed}")
        self.world = World(seed=seed, options=_options(seed, mode), policy=make_policy(limits=_limits()), wire=wire)
        for strategy_id in STRATEGIES:
            self.world.register(strategy_id)
        self.lifecycles = 0
        self._bids = {pair: Decimal(bid) for pair, bid in BIDS.items()}
        self._foreign: dict[str, Decimal] = {}
        self._acts: dict[str, int] = {}
        self._refused = 0
        self._entries = 0

    def live(self, lifecycles: int, on_progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Go on until so many more signals have been handed in."""
        until = self.lifecycles + lifecycles
        names, weights = list(_ACTS), [weight for weight, _ in _ACTS.values()]
        while self.lifecycles < until:
            [name] = self._random.choices(names, weights)
            self._acts[name] = self._acts.get(name, 0) + 1
            _ACTS[name][1](self)
            on_progress(self.lifecycles, until)

    def conclude(self) -> SoakResult:
        """People settle and close whatever is left; then everything must agree."""
        self._restore()
        for _ in range(SEARCHES_MAX):
            self._settle_everything()
            if not (self._living() or self.world.state.drifts):
                break
        self.world.wait(120)
        self._try(lambda: self.world.decide(DecisionKind.RECONCILE, "books", signer=OPERATOR))
        ended: dict[str, int] = {}
        for record in self.world.ledger():
            ended[record["kind"]] = ended.get(record["kind"], 0) + 1
        return SoakResult(
            self.lifecycles, dict(sorted(self._acts.items())), self._refused, dict(sorted(ended.items())),
            tuple(self._unexplained()), self.world.history(),
        )  # fmt: skip

    # --- acts ---------------------------------------------------------------------------------------------------

    def signal(self) -> None:
        """A signal on the market as it is; a human decides on it, or forgets to."""
        self.lifecycles += 1
        outcome = self.world.signal(**self._terms())
        intent_id = outcome.intent_id
        if intent_id is None:
            self._refused += 1
            return
        chance = self._random.random()
        if chance < 0.06:
            self._try(lambda: self.world.decide(DecisionKind.PASS, intent_id, reason="not convinced"))
        elif chance < 0.12:
            self._try(lambda: self.world.approve(intent_id, submit=False))
        elif chance < 0.92:
            self._try(lambda: self.world.approve(intent_id))

    def move(self) -> None:
        """The market moves by some pips."""
        instrument = self._random.choice(PAIRS)
        self._bids[instrument.pair] += instrument.pip * self._random.randint(-12, 12)
        bid = self._bids[instrument.pair]
        self.world.price(str(bid), str(bid + 2 * instrument.tick), pair=instrument.pair)

    def wait(self) -> None:
        self.world.wait(self._random.choice((1, 5, 20, 61, 200, 400)))

    def close(self) -> None:
        """A human closes a position, or cancels what rests of it."""
        position = self._any(PositionState.FILLED, PositionState.MANAGED)
        if position is not None:
            self._close(position)

    def cancel(self) -> None:
        position = self._any(PositionState.SUBMITTED, PositionState.FILLED)
        if position is not None:
            self._cancel(position)

    def kill(self) -> None:
        """A flag for a while, on all or on one strategy."""
        scope = self._random.choice((None, *STRATEGIES))
        expires_at = self.world.now + timedelta(seconds=self._random.randint(30, 600))
        set_flag = self.world.executor.set_kill_flag
        self._try(lambda: run_now(set_flag(scope, "drill", KillSource.MANUAL, OPERATOR, expires_at)))

    def lift(self) -> None:
        for flag_id in sorted(self.world.state.flags):
            self._lift(flag_id)

    def break_line(self) -> None:
        """The socket or the broker's own line breaks for a while."""
        now, for_s = self.world.now, self._random.randint(1, 25)
        is_socket = self._random.random() < 0.6
        fault = SocketDrop(now, for_s) if is_socket else LineOutage(now, for_s, data_kept=self._random.random() < 0.5)
        self.world.inject(fault)
        self.world.wait(for_s + self._random.choice((0, 60)))

    def withhold(self) -> None:
        """A query goes unanswered, or holdings lag, for a while."""
        until = self.world.now + timedelta(seconds=self._random.randint(5, 60))
        if self._random.random() < 0.5:
            self.world.inject(HoldingsLag(begins_at=self.world.now, until=until, lag_s=20))
        else:
            query = self._random.choice((Query.OPEN_ORDERS, Query.EXECUTIONS, Query.HOLDINGS, Query.ACCOUNT))
            self.world.inject(QueryUnanswered(begins_at=self.world.now, until=until, query=query))

    def spoil(self) -> None:
        """The broker will do something odd to the next entry in an instrument."""
        fault, pair = self._random.choice(_ORDER_FAULTS), self._random.choice(PAIRS).pair
        self.world.inject(fault(Which(role=LegRole.ENTRY, pair=pair, nth=1)))

    def trade_elsewhere(self) -> None:
        """Somebody trades on the account from elsewhere; that is the only drift there may be."""
        pair = self._random.choice(PAIRS).pair
        quantity = Decimal(1000) * self._random.choice((-7, -3, 3, 7))
        self._foreign[pair] = self._foreign.get(pair, Decimal(0)) + quantity
        self.world.inject(ForeignHolding(self.world.now, pair, quantity, self._bids[pair]))

    def compare(self) -> None:
        self._try(lambda: self.world.decide(DecisionKind.RECONCILE, "books", signer=OPERATOR))

    def settle(self) -> None:
        """A human looks after what is stalled, stray or different."""
        self._settle_stalled()
        self._adopt_strays()
        self._settle_drifts()

    # --- hands --------------------------------------------------------------------------------------------------

    def _terms(self) -> dict[str, str]:
        instrument = self._random.choice(PAIRS)
        sign = self._random.choice((1, -1))
        is_limit = self._random.random() < 0.3
        distance = instrument.pip * self._random.randint(8, 30)
        entry = self._bids[instrument.pair] - (sign * instrument.pip * self._random.randint(2, 10) if is_limit else 0)
        return {
            "pair": instrument.pair, "strategy_id": self._random.choice(STRATEGIES), "entry": str(entry),
            "stop": str(entry - sign * distance), "target": str(entry + sign * 2 * distance), "risk_percent": "0.5",
            "order_type": "LIMIT" if is_limit else "MARKET",
            "regime": self._random.choice(("NORMAL", "NORMAL", "HIGH_VOL", "NEWS")),
        }  # fmt: skip

    def _any(self, *states: PositionState) -> Position | None:
        found = [one for one in self._living() if one.state in states]
        return self._random.choice(found) if found else None

    def _living(self) -> list[Position]:
        """Everything that is not over, oldest id first."""
        positions = sorted(self.world.state.positions.values(), key=lambda one: one.position_id)
        return [one for one in positions if one.state is not None and not one.state.is_terminal]

    def _close(self, position: Position) -> None:
        def asked_and_approved() -> None:
            intent_id = self.world.decide(DecisionKind.CLOSE, position.position_id, signer=OPERATOR)
            self.world.approve(str(intent_id))

        self._try(asked_and_approved)

    def _cancel(self, position: Position) -> None:
        self._try(lambda: self.world.decide(DecisionKind.CANCEL, position.position_id, signer=OPERATOR))

    def _lift(self, flag_id: str) -> None:
        self._try(lambda: self.world.decide(DecisionKind.KILL_LIFT, flag_id, signer=OPERATOR, reason="drill over"))

    def _settle_stalled(self) -> None:
        stalled = [one for one in self._living() if one.state is PositionState.STALLED]
        if not stalled:
            return
        run_now(self.world.executor.read_books())
        for position in stalled:
            self._decide_absent(position)

    def _decide_absent(self, position: Position) -> None:
        kind = DecisionKind.ATTEST_ABSENT
        self._try(lambda: self.world.decide(kind, position.position_id, signer=OPERATOR, reason="not in TWS"))

    def _adopt_strays(self) -> None:
        """What ended positions hold, or one whose entry was taken back, becomes a position of its own."""
        strays = self.world.state.strays
        for id_ in sorted(strays):
            bid, pip = self._bids[strays[id_].pair], INSTRUMENTS[strays[id_].pair].pip
            sign = 1 if strays[id_].quantity > 0 else -1
            self._adopt(id_, stop_price=bid - 90 * sign * pip, target_price=bid + 90 * sign * pip)
        for id_ in sorted(self.world.state.parked):
            self._adopt(id_, strategy_id=STRATEGIES[0], stop_price=Decimal(1), target_price=Decimal(2))

    def _adopt(self, subject_id: str, **said: Decimal | str) -> None:
        detail = {"what": "HOLDING", **{name: str(word) for name, word in said.items()}}
        kind = DecisionKind.ADOPT
        self._try(lambda: self.world.decide(kind, subject_id, signer=OPERATOR, reason="ours", detail=dict(detail)))

    def _settle_drifts(self) -> None:
        for drift in sorted(self.world.state.drifts.values(), key=lambda one: one.drift_bead_id):
            detail = {"resolution": "ACKNOWLEDGED"}
            kind, subject = DecisionKind.RESOLVE, drift.drift_bead_id
            self._try(lambda: self.world.decide(
                kind, subject, signer=OPERATOR, reason="known", detail=detail))  # noqa: B023  # fmt: skip

    def _try(self, act: Callable[[], object]) -> None:
        """What is refused is refused; chance asks for many things at the wrong time."""
        try:
            act()
        except PhoenixError:
            self._refused += 1

    # --- the end ------------------------------------------------------------------------------------------------

    def _restore(self) -> None:
        """The line is back, the flags are lifted, and what others traded is taken back."""
        self.world.wait(300)
        self.lift()
        for pair, quantity in sorted(self._foreign.items()):
            if quantity:
                self.world.inject(ForeignHolding(self.world.now, pair, -quantity, self._bids[pair]))
        self._foreign.clear()
        if not self.world.state.session.is_connected:
            self._try(lambda: self.world.decide(DecisionKind.RECONNECT, "session", signer=OPERATOR))
        self.world.wait(120)

    def _settle_everything(self) -> None:
        self.settle()
        for position in self._living():
            if position.state in (PositionState.PROPOSED, PositionState.APPROVED):
                kind = DecisionKind.PASS if position.state is PositionState.PROPOSED else DecisionKind.WITHDRAW
                intent_id = position.intent_id
                self._try(lambda: self.world.decide(kind, intent_id, reason="over"))  # noqa: B023 - at once
            elif position.open_quantity > 0 and position.unsettled_action is None:
                self._close(position)
            else:
                self._cancel(position)
        self.world.wait(90)
        self.compare()
        self.world.wait(75)

    def _unexplained(self) -> list[str]:
        state = self.world.state
        left = [
            f"position {one.position_id} is {one.state}"
            for one in self._living() if not (_is_explained(one) or self._is_held_on_to(one))
        ]  # fmt: skip
        drifts = [f"{drift.detail} in {drift.pair}" for drift in state.drifts.values()]
        nets = [
            f"the broker holds {theirs} {pair}, Phoenix {ours}"
            for pair, ours, theirs in self._nets() if ours != theirs
        ]  # fmt: skip
        verdict = state.reconciliation.verdict
        books = [] if verdict is ReconciliationVerdict.HEALTHY else [f"the books are {verdict}"]
        return [*left, *drifts, *nets, *books]

    def _is_held_on_to(self, position: Position) -> bool:
        """Whether the broker will not end one of its orders, so that nobody can close it, and no stop is missing."""
        kept = {
            order.request.reference
            for order in self.world.broker.engine.world.book.live.values()
            if order.fate.cancel_ignored or order.fate.cancel_refused_code is not None
        }
        return position.protection is Protection.EXACT and any(leg.leg.reference in kept for leg in position.alive_legs)

    def _nets(self) -> list[tuple[str, Decimal, Decimal]]:
        account, state = self.world.broker.engine.world.account, self.world.state
        held = {pair: net.quantity for pair, net in account.nets.items()}
        return [(one.pair, state.net_quantity(one.pair), held.get(one.pair, Decimal(0))) for one in PAIRS]


def _is_explained(position: Position) -> bool:
    """An end that Phoenix leaves to a human for good: the broker said two things of one order."""
    return position.state is PositionState.STALLED and position.open_quantity == 0


_ACTS: Mapping[str, tuple[float, Callable[[Soak], None]]] = {
    "signal": (30, Soak.signal), "move": (30, Soak.move), "wait": (15, Soak.wait), "close": (6, Soak.close),
    "cancel": (4, Soak.cancel), "kill": (0.6, Soak.kill), "lift": (1.2, Soak.lift),
    "break_line": (1.5, Soak.break_line), "withhold": (1, Soak.withhold), "spoil": (1.5, Soak.spoil),
    "trade_elsewhere": (0.3, Soak.trade_elsewhere), "compare": (3, Soak.compare), "settle": (4, Soak.settle),
}  # fmt: skip
"""What may happen next, and how often."""


def _options(seed: int, mode: ChaosMode) -> EngineOptions:
    return EngineOptions(
        account=ACCOUNT, instruments=INSTRUMENTS, starting_balance=STARTING_BALANCE, margin_rate=Decimal("0.001"),
        seed=seed, profile=PROFILES[mode], commission_rate=Decimal("0.00002"), chaos_on_children=True,
    )  # fmt: skip


def _limits() -> Limits:
    """Those limits that a crowded soak would not only run into."""
    return replace(
        Limits.permissive(), collar_percent=Decimal(1), quote_age_max_s=15, clock_skew_max_s=Decimal(2),
        open_positions_max=12,
    )  # fmt: skip
