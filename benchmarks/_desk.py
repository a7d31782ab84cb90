"""A trading desk to measure: the whole core, wired by its container, over a simulated broker in virtual time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import orjson

from phoenix.adapters.alerts import RecordingCourier
from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker, ChaosMockSettings
from phoenix.adapters.brokers.chaos_mock.translation import requests_of
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ids import SeededIds
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import Tick
from phoenix.application.simulation import Simulation, run_now
from phoenix.container import StoreFactory, build_container
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Bead, Signer
from phoenix.domain.limits import Limits
from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.policy import AccountPolicy, Policy
from phoenix.domain.sizing import SizingPolicy
from phoenix.domain.vocabulary import AccountMode, DecisionKind, SignerKind
from phoenix.ports.broker import Broker, Handed, SendOutcome
from phoenix.ports.broker_factory import BrokerContext
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.signals import MONDAY, signal_document

PAIR = "GBPUSD"
SPREAD = Decimal("0.0001")
BETWEEN_TRADES = timedelta(minutes=30)
_ACCOUNT = "SIM0001"
_TRADER = Signer(SignerKind.HUMAN, "trader")
_SECOND = timedelta(seconds=1)


class HoldingBroker(ChaosMockBroker):
    """Takes an order over at once and passes it on when told to, as if it lay in a socket's buffer until then."""

    _held: OrderPlan | None = None

    async def place(self, plan: OrderPlan) -> SendOutcome:
        self._held = plan
        return Handed()

    def pass_on(self) -> None:
        if self._held is not None:
            self.engine.submit(requests_of(self._held, self._client_id), self._clock.now())
            self._held = None


class Desk:
    """One limit order after another: signalled, approved, filled, and closed by target and stop in turn."""

    def __init__(self, store_factory: StoreFactory) -> None:
        policy = Policy(INSTRUMENTS, AccountPolicy(_ACCOUNT, AccountMode.SIMULATOR, "USD"), Limits(), SizingPolicy())
        self.clock = SimulatedClock(MONDAY)
        self._feed = QuoteFeed(PAIR, [Tick(MONDAY - _SECOND, Decimal("1.26000"), Decimal("1.26010"))])
        options = EngineOptions(account=_ACCOUNT, instruments=INSTRUMENTS, margin_rate=Decimal("0.03"))
        settings = ChaosMockSettings(options, {PAIR: self._feed}, self.clock, MONDAY - _SECOND)

        def open_broker(context: BrokerContext) -> Broker:
            return HoldingBroker(settings, context.office, context.sink)

        container = build_container(
            policy, self.clock, SeededIds(1), AlwaysOpen(), RecordingCourier(), store_factory, open_broker, {}
        )
        self.store, self.executor = container.store(), container.executor()
        broker = container.broker()
        assert isinstance(broker, HoldingBroker)
        self._broker = broker
        self._simulation = Simulation(self.executor, broker, self.clock.now, self.clock.advance_to)
        self._decisions = SeededIds("decisions")
        self._trades = 0
        run_now(self.executor.start({"mode": "SIMULATOR"}))
        run_now(self.executor.register_strategy("fvg-retest", "made up", Signer(SignerKind.HUMAN, "operator")))
        self.next_signal()

    def next_signal(self) -> None:
        """Write the next signal and the decision on it, as the programs and people outside would."""
        self._trades += 1
        document = signal_document(
            number=self._trades, at=self.clock.now(), order_type="LIMIT", target="1.26100", risk_percent="0.5"
        )
        self._document = orjson.dumps(document)
        self._decision_id = self._decisions.new_id()

    def propose(self) -> None:
        outcome = run_now(self.executor.ingest(self._document))
        if outcome.intent_id is None:
            raise SystemExit(f"the signal was refused: {outcome.refusal}")
        self._intent_id = outcome.intent_id
        binding = self.executor.state.positions[outcome.position_id or ""].binding
        self._evidence_hash = None if binding is None else binding.bundle_hash

    def approve(self) -> None:
        """Approve what is shown; when this returns, the order was handed to the broker."""
        decision = DecisionPayload(
            self._decision_id, DecisionKind.APPROVE, self._intent_id, self._evidence_hash, None, {},
            {"kind": "SIMULATED"},
        )  # fmt: skip
        run_now(self.executor.decide(decision, _TRADER))

    def trade(self) -> None:
        """The broker acknowledges, the entry fills, and the position is closed and dissected."""
        self._broker.pass_on()
        run_now(self.executor.pump())
        self._price("1.25990")
        self._price("1.26100" if self._trades % 2 else "1.25900")

    def go_on(self) -> None:
        """Let half an hour pass, and have the next signal ready."""
        if self.executor.state.positions:
            raise SystemExit("the position was not closed")
        self._price("1.26010")
        self._simulation.advance(self.clock.now() + BETWEEN_TRADES)
        self.next_signal()

    def live_through(self) -> None:
        """A whole gated life, from the signal's bytes to the autopsy."""
        self.propose()
        self.approve()
        self.trade()

    def beads(self) -> list[Bead]:
        return [sealed.bead for sealed in self.store.read()]

    def _price(self, bid: str) -> None:
        at = self.clock.now() + _SECOND
        self._feed.add(Tick(at, Decimal(bid), Decimal(bid) + SPREAD))
        self._simulation.advance(at)
