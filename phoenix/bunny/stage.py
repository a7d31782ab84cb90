"""The stage of one vector: its worlds, what is drawn for them, and what must be seen in their beads and ledgers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.faults import Fault, Which
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.adapters.wired import WireOptions
from phoenix.application.simulation import run_now
from phoenix.application.work import IssuedToken
from phoenix.bunny.drawing import Luck, Plan
from phoenix.bunny.verdicts import Proof
from phoenix.domain.beads.envelope import Bead, Payload
from phoenix.domain.errors import PhoenixError
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason
from phoenix.history_check import HistoryBead, HistoryReport, check_history
from phoenix.rehearsal.instruments import EURUSD, GBPUSD, INSTRUMENTS, USDJPY
from phoenix.rehearsal.other_process import title
from phoenix.rehearsal.world import ACCOUNT, OPERATOR, World

P = TypeVar("P", bound=Payload)
E = TypeVar("E", bound=Exception)

STRATEGY = "fvg-retest"
BYSTANDER = "bystander"
"""The strategy whose trades in other instruments chance befalls while a vector is on."""
LATENCIES_MS = {ChaosMode.INSTANT: (0, 0), ChaosMode.REALISTIC: (50, 500), ChaosMode.ADVERSARIAL: (50, 2000)}
_DELAYS_ARE_OVER_S = 45


class Died(BaseException):
    """The process is gone between two instructions; nothing of it catches this."""


class Broken(Exception):
    """A vector did not come to what is expected of it. Raised by a stage; it says what was seen instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A proposal, and the token of its approval once there is one."""

    plan: Plan
    intent_id: str
    position_id: str
    token: IssuedToken | None = None

    @property
    def shown(self) -> IssuedToken:
        """The token; an entry that was never approved has none to show."""
        if self.token is None:
            raise Broken("the entry has no token to show")
        return self.token


class Stage:
    """One vector in progress, with a seed and a mode.

    `is_settled` says that nothing is left on its way at the end, `is_set_up` that the first world is there.
    The orders of the vector's own instrument, GBPUSD, do what the vector scripts, at a latency that the mode and the
    seed decide. Bystanders in other instruments have the mode's chances.
    """

    def __init__(self, name: str, seed: int, mode: ChaosMode, adapter: str | None = None) -> None:
        self.mode = mode
        self.seed = seed
        self.adapter = adapter
        self._name = f"{name}/{mode.value}/{seed}"
        self.luck = Luck(self._name)
        self.is_settled = True
        self.is_set_up = False
        self.proofs: list[Proof] = []
        self.remarks: list[str] = []
        self._worlds: list[World] = []
        self._other_ledgers: list[Callable[[], list[dict[str, Any]]]] = []
        self._closing = ExitStack()
        self._wakings: list[datetime] = []

    # --- setting up ---------------------------------------------------------------------------------------------

    @property
    def world(self) -> World:
        """The world of now; made, with nothing special about it, where there is none yet."""
        return self._worlds[-1] if self._worlds else self.open()

    def open(self, *scripted: Fault, bystanders: bool = True, **settings: Any) -> World:
        """A new world, with the strategy of the vector registered and bystanders trading."""
        number = len(self._worlds)
        low, high = LATENCIES_MS[self.mode]
        latency_s = self.luck.random.randint(low, high) / 1000
        slow = [faults.slow(Which(pair=GBPUSD.pair), latency_s)] if latency_s else []
        settings.setdefault("options", self.options())
        settings.setdefault("bids", {pair: str(bid) for pair, bid in self.luck.bids.items()})
        seed = self.luck.random.randrange(10**9)
        wire = None if self.adapter is None else WireOptions(self.adapter)
        world = World(faults=[*slow, *scripted], seed=seed, wire=wire, **settings)
        self._worlds.append(world)
        self._closing.callback(world.close)
        self._closing.callback(world.container.store().close)
        if not number:
            world.register(STRATEGY)
            if bystanders and self.mode is not ChaosMode.INSTANT:
                self._let_others_trade(world)
        self.is_set_up = True
        return world

    def again(self, after_s: float = 0, **settings: Any) -> World:
        """Another process takes over, a while later: everything but the files of store and broker is new."""
        before = self.world
        before.container.store().close()
        before.close()
        if (book := before.broker.engine) is not None:
            book.release()
        start = before.now + timedelta(seconds=after_s)
        return self.open(start=start, bystanders=False, **settings)

    def folder(self) -> Path:
        """A folder that lives as long as the stage."""
        return Path(self._closing.enter_context(TemporaryDirectory(prefix="phoenix-bunny-")))

    def beside(self, ledger: Callable[[], list[dict[str, Any]]], close: Callable[[], object]) -> None:
        """Another broker whose ledger the history check reads as well, and what to let go of at the end."""
        self._other_ledgers.append(ledger)
        self._closing.callback(close)

    def close(self) -> None:
        self._closing.close()

    def options(self) -> EngineOptions:
        return EngineOptions(
            account=ACCOUNT, instruments=INSTRUMENTS, margin_rate=Decimal("0.03"), seed=self.seed,
            profile=PROFILES[self.mode],
        )  # fmt: skip

    def _let_others_trade(self, world: World) -> None:
        world.register(BYSTANDER)
        for pair in (EURUSD.pair, USDJPY.pair):
            plan = replace(self.luck.plan(pair, (50, 90)), risk_percent=Decimal("0.5"))
            world.enter(number=self._number(), strategy_id=BYSTANDER, **_document(plan))
        world.wait(_DELAYS_ARE_OVER_S)

    def _number(self) -> int:
        """The number of the next signal; its id is made from it."""
        return self.luck.random.randrange(2**64)

    # --- what people and programs do ----------------------------------------------------------------------------

    def propose(self, plan: Plan | None = None, **changes: Any) -> Entry:
        """A fresh signal that comes to a proposal."""
        plan = plan or self.luck.plan()
        outcome = self.world.signal(number=self._number(), **{**_document(plan), **changes})
        if outcome.refusal is not None or outcome.intent_id is None or outcome.position_id is None:
            raise Broken(f"a signal was refused that should have passed: {outcome.refusal}")
        return Entry(plan, outcome.intent_id, outcome.position_id)

    def signal_refused(self, reason: RefusalReason, field: str | None = None, **changes: Any) -> Refused:
        """A fresh signal that must be refused."""
        document = {**_document(self.luck.plan()), **changes}
        outcome = self.world.signal(number=self._number(), **document)
        return self._require_refusal(outcome.refusal, reason, field)

    def entry_refused(self, reason: RefusalReason, field: str | None = None, **changes: Any) -> Refused:
        """A fresh signal that must come to nothing: refused as it comes in, or when the trader approves it."""
        document = {**_document(self.luck.plan()), **changes}
        outcome = self.world.signal(number=self._number(), **document)
        intent_id = outcome.intent_id
        if outcome.refusal is not None or intent_id is None:
            return self._require_refusal(outcome.refusal, reason, field)
        return self.refused(reason, lambda: self.world.approve(intent_id), field)

    def approve(self, entry: Entry, *, submit: bool = True, wait: bool = True) -> Entry:
        """The trader approves what is shown; when it was sent, the broker's latency passes."""
        token = self.world.approve(entry.intent_id, submit=submit)
        if submit and wait:
            self.let_settle()
        return replace(entry, token=token) if isinstance(token, IssuedToken) else entry

    def approved(self) -> Entry:
        """An entry that was approved and not sent yet."""
        return self.approve(self.propose(), submit=False)

    def sent(self, *, wait: bool = True) -> Entry:
        return self.approve(self.propose(), wait=wait)

    def held(self) -> Entry:
        """An open and protected position."""
        entry = self.sent()
        self.require_state(entry, PositionState.MANAGED)
        return entry

    def show(self, token: IssuedToken, intent_id: str, secret: str | None = None) -> None:
        """Show a token to the executor, for whatever it was or was not issued for."""
        shown = token.secret if secret is None else secret
        run_now(self.world.executor.submit_with(intent_id, token.token_id, shown))

    def decide(self, kind: DecisionKind, subject_id: str, **changes: Any) -> object:
        changes.setdefault("signer", OPERATOR)
        changes.setdefault("reason", "by the chaos suite")
        return self.world.decide(kind, subject_id, **changes)

    def compare(self) -> None:
        """A human has the books compared."""
        self.decide(DecisionKind.RECONCILE, "books")

    def let_settle(self) -> None:
        """Let every callback of the broker arrive that the mode's latency holds up."""
        self.world.wait(0 if self.mode is ChaosMode.INSTANT else 8)

    def leap(self, seconds: float) -> None:
        """The process is suspended, or its clock leaps: time passes, and nobody is there to see it pass."""
        self.world.clock.advance_to(self.world.now + timedelta(seconds=seconds))
        self._wakings.append(self.world.now)

    # --- what must be seen --------------------------------------------------------------------------------------

    def require(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise Broken(otherwise)

    def remark(self, text: str) -> None:
        """Something the report should say beside the beads."""
        self.remarks.append(text)

    def refused(self, reason: RefusalReason, act: Callable[[], object], field: str | None = None) -> Refused:
        """An act must come to a refusal of this reason."""
        try:
            act()
        except PhoenixError as error:
            return self._require_refusal(error, reason, field)
        return self._require_refusal(None, reason, field)

    def stopped(self, kind: type[E], act: Callable[[], object]) -> E:
        """An act must come to an error of this kind."""
        try:
            act()
        except kind as error:
            return error
        raise Broken(f"nothing stopped it with {kind.__name__}")

    def bead(self, kind: type[P], /, *, count: int | None = None, **fields: Any) -> P:
        """A bead that must be there, exactly `count` times where that is said. The last one is proof and answer."""
        found = self.found(kind, **fields)
        if not found or (count is not None and len(found) != count):
            wanted = "one" if count is None else str(count)
            raise Broken(f"expected {wanted} {_described(kind, fields)}, found {len(found)}")
        seq, bead = found[-1]
        self.proofs.append(Proof(title(bead.payload), seq, bead.bead_id))
        payload = bead.payload
        assert isinstance(payload, kind)
        return payload

    def no_bead(self, kind: type[Payload], /, **fields: Any) -> None:
        found = self.found(kind, **fields)
        self.require(not found, f"{len(found)} {_described(kind, fields)} where there should be none")

    def found(self, kind: type[Payload], /, **fields: Any) -> Sequence[tuple[int, Bead]]:
        """The beads of a kind that have these values, with their places."""
        return [
            (seq, bead) for seq, bead in enumerate(self.world.beads, start=1)
            if isinstance(bead.payload, kind)
            and all(getattr(bead.payload, name) == value for name, value in fields.items())
        ]  # fmt: skip

    def position(self, entry: Entry) -> Position:
        return self.world.position(entry.position_id)

    def require_state(self, entry: Entry, *allowed: PositionState) -> Position:
        """The position must stand in one of these states; its last bead is the proof."""
        from phoenix.domain.beads.trading import PositionPayload

        position = self.position(entry)
        words = " or ".join(allowed)
        self.require(position.state in allowed, f"the position is {position.state}, not {words}")
        self.bead(PositionPayload, position_id=entry.position_id, state=position.state)
        return position

    def require_orders(self, count: int) -> None:
        """So many groups have reached the brokers in the vector's own instrument."""
        received = [
            record for record in self.ledger()
            if record["kind"] == "ORDER_RECEIVED" and record["pair"] == GBPUSD.pair
            and record["parent_reference"] is None
        ]  # fmt: skip
        self.require(len(received) == count, f"the broker received {len(received)} {GBPUSD.pair} orders, not {count}")

    def ledger(self) -> list[dict[str, Any]]:
        """What every broker of the stage received and did."""
        records = [*self.world.ledger(), *(record for other in self._other_ledgers for record in other())]
        return [{**record, "seq": str(place)} for place, record in enumerate(records, start=1)]

    def history(self) -> HistoryReport:
        """The verdict of the independent check over the beads and the brokers' ledgers."""
        world = self.world
        beads = [HistoryBead(s.seq, s.prev_hash, s.bead_hash, s.body) for s in world.container.store().read()]
        return check_history(beads, self.ledger(), settled=self.is_settled, ended_at=world.now, wakings=self._wakings)

    @staticmethod
    def _require_refusal(error: PhoenixError | None, reason: RefusalReason, field: str | None) -> Refused:
        if not isinstance(error, Refused) or error.reason is not reason or field not in (None, error.field):
            wanted = reason.value if field is None else f"{reason.value} at {field}"
            raise Broken(f"not refused with {wanted}, but: {error or 'let through'}")
        return error


def _document(plan: Plan) -> dict[str, Any]:
    """What a signal's document says of a plan."""
    return plan.parameters()


def _described(kind: type[Payload], fields: dict[str, Any]) -> str:
    said = ", ".join(f"{name} {value}" for name, value in fields.items() if not name.endswith("_id"))
    return f"{kind.bead_type.value} ({said})" if said else kind.bead_type.value
