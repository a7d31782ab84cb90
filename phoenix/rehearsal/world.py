"""A small trading world for scenarios: a store, a simulated broker, a clock that moves only when told to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import orjson

from phoenix.adapters.alerts import RecordingCourier
from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker, ChaosMockSettings
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ids import SeededIds
from phoenix.adapters.simulation.faults import Fault
from phoenix.adapters.simulation.feeds import QuoteFeed
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.simulation.prices import PriceFeed, Tick
from phoenix.adapters.store.memory import MemoryStore
from phoenix.adapters.wired import WiredBroker, WireOptions
from phoenix.application.executor import Executor
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.simulation import Simulation, run_now
from phoenix.container import Container, StoreFactory, build_container
from phoenix.domain.alerting.policy import AlertPolicy
from phoenix.domain.beads.approval import DecisionPayload, TokenPayload
from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload, Signer
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import DomainError
from phoenix.domain.evolve_position import fold_position
from phoenix.domain.limits import Limits
from phoenix.domain.policy import AccountPolicy, Policy
from phoenix.domain.position import Position
from phoenix.domain.sizing import SizingPolicy
from phoenix.domain.state import State
from phoenix.domain.vocabulary import AccountMode, AlertEvent, DecisionKind, SignerKind
from phoenix.history_check import HistoryBead, HistoryReport, check_history
from phoenix.ports.autopsy import Autopsist
from phoenix.ports.broker import Broker
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.calendar import TradingCalendar
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.signals import MONDAY, signal_document

P = TypeVar("P", bound=Payload)

TRADER = Signer(SignerKind.HUMAN, "trader")
OPERATOR = Signer(SignerKind.HUMAN, "operator")
ASSISTANT = Signer(SignerKind.ASSISTANT, "assistant")
SIGNALMAN = Signer(SignerKind.SYSTEM, "signalman")
APPROVERS = {"an assistant": ASSISTANT, "a program": SYSTEM, "a human without a name": Signer(SignerKind.HUMAN, " ")}
"""Those who may not approve."""
ACCOUNT = "SIM0001"
PIP = Decimal("0.0001")
BIDS = {"GBPUSD": "1.26000", "USDJPY": "150.000", "EURUSD": "1.08000"}
"""Where the market stands unless a world says otherwise."""


def make_policy(**changes: Any) -> Policy:
    """The configuration of a scenario: simulator account, all default limits but those that need a live market."""
    defaults = Policy(
        instruments=INSTRUMENTS,
        account=AccountPolicy(ACCOUNT, AccountMode.SIMULATOR, "USD"),
        limits=replace(Limits(), duplicate_window_s=None),
        sizing=SizingPolicy(),
        alerts=AlertPolicy(channels=("log",)),
    )
    return replace(defaults, **changes)


class World:
    """Everything a scenario touches, in virtual time. Prices stand still until `price` moves them.

    With `wire`, the broker is an IBKR adapter before a gateway simulator; such a world has to be closed.
    """

    def __init__(
        self,
        *,
        faults: Sequence[Fault] = (),
        policy: Policy | None = None,
        options: EngineOptions | None = None,
        feeds: Sequence[PriceFeed] | None = None,
        store_factory: StoreFactory = MemoryStore,
        start: datetime = MONDAY,
        seed: int = 7,
        connect: bool = True,
        autopsist: Autopsist | None = None,
        calendar: TradingCalendar | None = None,
        bids: Mapping[str, str] | None = None,
        book: Path | None = None,
        wire: WireOptions | None = None,
    ) -> None:
        self.policy = policy or make_policy()
        self.clock = SimulatedClock(start)
        self.alerts = RecordingCourier()
        self.ids = SeededIds(seed)
        self._quotes = {pair: _standing(pair, bid, start) for pair, bid in {**BIDS, **(bids or {})}.items()}
        prices = {feed.pair: feed for feed in feeds} if feeds is not None else dict(self._quotes)
        options = options or EngineOptions(account=ACCOUNT, instruments=INSTRUMENTS, margin_rate=Decimal("0.03"))
        self._broker_settings = ChaosMockSettings(
            options=options,
            feeds=prices,
            clock=self.clock,
            starts_at=start - timedelta(minutes=5),
            faults=tuple(faults),
            book=book,
        )
        self._wire = wire
        self.container = self._build(store_factory, autopsist, calendar or AlwaysOpen())
        self.executor: Executor = self.container.executor()
        broker = self.container.broker()
        assert isinstance(broker, ChaosMockBroker | WiredBroker)
        self.broker = broker
        self.simulation = Simulation(self.executor, self.broker, self.clock.now, self.clock.advance_to)
        self._decisions = SeededIds(f"decisions-{seed}")
        self._signals = 0
        if connect:
            run_now(self.executor.start({"mode": "SIMULATOR"}))

    def _build(self, store_factory: StoreFactory, autopsist: Autopsist | None, calendar: TradingCalendar) -> Container:
        def open_broker(context: BrokerContext) -> Broker:
            if self._wire is not None:
                return WiredBroker(self._wire, self._broker_settings, context)
            return ChaosMockBroker(self._broker_settings, context.office, context.sink)

        return build_container(
            self.policy, self.clock, self.ids, calendar, self.alerts, store_factory, open_broker, {}, autopsist
        )

    def close(self) -> None:
        """Let go of what the world holds outside this process's memory: sockets and threads, where it has any."""
        if isinstance(self.broker, WiredBroker):
            self.broker.close()

    # --- what people and programs do ----------------------------------------------------------------------------

    def register(self, strategy_id: str = "fvg-retest") -> None:
        run_now(self.executor.register_strategy(strategy_id, "made up", OPERATOR))

    def signal(self, **changes: Any) -> SignalOutcome:
        """Hand in a fresh signal, of now."""
        self._signals += 1
        changes.setdefault("number", self._signals)
        changes.setdefault("at", self.now)
        return self.ingest(signal_document(**changes))

    def ingest(self, document: Any) -> SignalOutcome:
        raw = document if isinstance(document, bytes) else orjson.dumps(document)
        return run_now(self.executor.ingest(raw))

    def decide(
        self, kind: DecisionKind, subject_id: str, *, signer: Signer = TRADER, evidence_hash: str | None = None,
        reason: str | None = None, detail: Json = None, submit: bool = True, proof: str = "SIMULATED",
    ) -> object:  # fmt: skip
        decision = DecisionPayload(
            self._decisions.new_id(), kind, subject_id, evidence_hash, reason, detail or {}, {"kind": proof}
        )
        return run_now(self.executor.decide(decision, signer, submit=submit))

    def approve(self, intent_id: str, **changes: Any) -> object:
        """Approve what is shown right now."""
        changes.setdefault("evidence_hash", self.evidence_hash(intent_id))
        return self.decide(DecisionKind.APPROVE, intent_id, **changes)

    def refused(self, act: Any) -> DomainError:
        """The refusal that an act comes to; an act that is let through fails the scenario."""
        try:
            act()
        except DomainError as error:
            return error
        raise AssertionError("nothing refused this")

    def enter(self, **changes: Any) -> Position:
        """A signal, approved and sent. Returns its position."""
        outcome = self.signal(**changes)
        assert outcome.refusal is None, outcome.refusal
        assert outcome.intent_id is not None
        assert outcome.position_id is not None
        self.approve(outcome.intent_id)
        return self.position(outcome.position_id)

    def submit(self, intent_id: str) -> None:
        run_now(self.executor.submit(intent_id))

    # --- what the world does ------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def wait(self, seconds: float) -> None:
        self.simulation.advance(self.now + timedelta(seconds=seconds))

    def price(self, bid: str, ask: str | None = None, pair: str = "GBPUSD") -> None:
        """Move the market a second from now."""
        at = self.now + timedelta(seconds=1)
        self._quotes[pair].add(Tick(at, Decimal(bid), Decimal(ask) if ask else Decimal(bid) + PIP))
        self.simulation.advance(at)

    def inject(self, fault: Fault) -> None:
        self.broker.engine.inject(fault)

    # --- what can be seen ---------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        return self.executor.state

    @property
    def beads(self) -> list[Bead]:
        return [sealed.bead for sealed in self.container.store().read()]

    def payloads(self, kind: type[P]) -> list[P]:
        return [bead.payload for bead in self.beads if isinstance(bead.payload, kind)]

    def raised(self, kind: str | None = None) -> list[AlertPayload]:
        """The alerts that were raised, of a kind or all, oldest first."""
        alerts = [alert for alert in self.payloads(AlertPayload) if alert.event is AlertEvent.RAISED]
        return [alert for alert in alerts if kind is None or alert.kind == kind]

    def tokens(self, intent_id: str) -> list[TokenPayload]:
        return [token for token in self.payloads(TokenPayload) if token.intent_id == intent_id]

    def position(self, position_id: str) -> Position:
        position = fold_position(self.container.store().view().lookup.story(position_id))
        assert position is not None
        return position

    def evidence_hash(self, intent_id: str) -> str | None:
        if intent_id in self.state.promotions:
            return self.state.promotions[intent_id].bundle_hash
        for position in self.state.positions.values():
            action = position.action(intent_id)
            if action is not None:
                return action.bundle_hash
            if position.intent_id == intent_id and position.binding is not None:
                return position.binding.bundle_hash
        return None

    def ledger(self, kind: str | None = None) -> list[dict[str, Any]]:
        """What the broker really received and did."""
        records = [dict(record.as_json()) for record in self.broker.engine.ledger.records]
        return [record for record in records if kind is None or record["kind"] == kind]

    def history(self, *, settled: bool = True) -> HistoryReport:
        """The verdict of the independent check over every bead and the broker's own ledger."""
        beads = [
            HistoryBead(sealed.seq, sealed.prev_hash, sealed.bead_hash, sealed.body)
            for sealed in self.container.store().read()
        ]
        return check_history(beads, self.ledger(), settled=settled, ended_at=self.now)


def _standing(pair: str, bid: str, start: datetime) -> QuoteFeed:
    """A market that stands still, two ticks wide, from before the world begins."""
    spread = 2 * INSTRUMENTS[pair].tick
    return QuoteFeed(pair, [Tick(start - timedelta(minutes=5), Decimal(bid), Decimal(bid) + spread)])
