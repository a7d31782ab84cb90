"""The executor: runs steps in units of work, and carries out their effects once they are durable.

It is the only part of the core that touches the broker, and it holds what must not be in a bead: the secrets of live
tokens. It neither waits nor schedules; whoever drives it says when time has passed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from phoenix.application.alerting.dispatch import Dispatcher
from phoenix.application.decisions import NEED_FRESH_BOOKS
from phoenix.application.effects import (
    CancelOrder,
    CompareBooks,
    ContinueAction,
    Effect,
    ReadBooks,
    ReadContracts,
    Reconnect,
    RunAutopsy,
    SendOrder,
)
from phoenix.application.event_queue import EventQueue
from phoenix.application.gate.facts_reader import FactsReader
from phoenix.application.gate.last_look import require_last_look
from phoenix.application.gate.pacing import CANCEL_MESSAGES, ORDER_MESSAGES, Pacer
from phoenix.application.inputs import (
    AlertsDelivered,
    AutopsyDone,
    AutopsyFailed,
    BooksCompared,
    BooksRead,
    BrokerSaid,
    CancelUnknown,
    CatchUp,
    ConfigurationLoaded,
    Connected,
    ConnectFailed,
    ConnectRefused,
    ContractsRead,
    DecayRead,
    Decide,
    EventUnstorable,
    HeartBeaten,
    IngestSignal,
    Input,
    NotSent,
    RefuseDocument,
    RegisterAnchor,
    SendUnknown,
    SessionClosed,
    SessionFollowed,
    SetKillFlag,
    ShadowForgotten,
    ShadowRefused,
    Submit,
    TimePassed,
    WorkerEnded,
    WorkerLate,
)
from phoenix.application.kernel import Kernel, Outcome
from phoenix.application.reconciliation.reconciler import Reconciler
from phoenix.application.settling.recovery import Books
from phoenix.application.signals.cse import read_signal
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.signals.strict_json import Reader, read_json
from phoenix.application.watch.autopsies import closed_position
from phoenix.application.work import IssuedToken, Work
from phoenix.domain.anchor import Anchor
from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.beads.setup import IntentPayload, SignalPayload
from phoenix.domain.encoding import Json
from phoenix.domain.errors import DomainError
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.timers import due_timers, next_due
from phoenix.domain.vocabulary import DecisionKind, KillSource, ReconciliationVerdict
from phoenix.ports.answers import Unknown
from phoenix.ports.autopsy import Autopsist, ExaminationFailed, Examined
from phoenix.ports.broker import Broker
from phoenix.ports.broker_events import BrokerEvent
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.clock import Clock
from phoenix.ports.errors import BrokerError, BrokerRefused, BrokerUnavailable, StoreConflict
from phoenix.ports.ids import IdSource
from phoenix.ports.store import BeadStore


class Executor:
    """Drives the kernel over one store and one broker session."""

    def __init__(
        self, kernel: Kernel, store: BeadStore[State], broker: Broker, office: ClaimOffice, events: EventQueue,
        clock: Clock, ids: IdSource, dispatcher: Dispatcher, facts: FactsReader, pacer: Pacer,
        autopsist: Autopsist, reconciler: Reconciler,
    ) -> None:  # fmt: skip
        self._kernel = kernel
        self._store = store
        self._broker = broker
        self._office = office
        self._events = events
        self._clock = clock
        self._ids = ids
        self._dispatcher = dispatcher
        self._facts = facts
        self._pacer = pacer
        self._autopsist = autopsist
        self._reconciler = reconciler
        self._effects: deque[Effect] = deque()
        self._secrets: dict[str, IssuedToken] = {}

    @property
    def state(self) -> State:
        """The state as of the last bead, other processes' included."""
        return self._store.view().state

    async def start(self, settings: Json) -> None:
        """Record the configuration, open the broker session, read its books; entries stay closed until they agree.

        Autopsies that were due when the last process ended are made up for.
        """
        await self._run(ConfigurationLoaded(settings))
        await self._connect()
        self._effects.extend(map(RunAutopsy, sorted(self.state.autopsies_due)))
        await self._settle()

    async def stop(self) -> None:
        """Let go of the broker session. What works at the broker goes on working."""
        await self.pump()
        await self._broker.disconnect()

    async def leave(self, reason: str) -> None:
        """As `stop`, on the record: for an executor that another one will follow."""
        await self.pump()
        await self._run(SessionClosed(reason))
        await self._broker.disconnect()

    async def ingest(
        self, document: bytes | str, signer: Signer = SYSTEM, read: Reader = read_json
    ) -> SignalOutcome:  # fmt: skip
        """Take in a signal document; the outcome is an intent to review, or a refusal that says why."""
        try:
            signal = read_signal(document, read)
        except Refused as refusal:
            raw = document if isinstance(document, bytes) else document.encode(errors="replace")
            reply = await self._run(RefuseDocument(refusal, sha256(raw).hexdigest(), signer))
            return SignalOutcome("", refusal=refusal) if not isinstance(reply, SignalOutcome) else reply
        facts = await self._facts.read([signal.pair])
        reply = await self._run(IngestSignal(signal, signer, facts))
        return reply if isinstance(reply, SignalOutcome) else SignalOutcome(signal.signal_id)

    async def decide(self, decision: DecisionPayload, signer: Signer, *, submit: bool = True) -> object:
        """Carry out a decision and, for an approval, send the order. Raises what it was refused with."""
        facts = await self._facts.read(self._pairs(decision.subject_id))
        return await self._run(Decide(decision, signer, facts, submit))

    async def submit(self, intent_id: str) -> None:
        """Submit an intent that was approved without being sent. Raises Refused; a lost secret opens nothing."""
        token = next((t for t in reversed(self._secrets.values()) if t.intent_id == intent_id), None)
        token_id, secret = (token.token_id, token.secret) if token is not None else ("", "")
        await self.submit_with(intent_id, token_id, secret)

    async def submit_with(self, intent_id: str, token_id: str, secret: str) -> None:
        """Submit an intent with a token that the caller holds."""
        await self._run(Submit(intent_id, token_id, secret, await self._facts.read(self._pairs(intent_id))))

    async def set_kill_flag(self, strategy_id: str | None, reason: str, source: KillSource, signer: Signer,
                            expires_at: datetime | None = None) -> str:  # fmt: skip
        """Set a kill flag; binds everything after it. Returns the flag's id."""
        return str(await self._run(SetKillFlag(strategy_id, reason, source, signer, expires_at)))

    async def register_strategy(self, strategy_id: str, description: str, signer: Signer) -> None:
        """Decide that a strategy be known. Raises Refused."""
        kind = DecisionKind.REGISTER_STRATEGY
        decision = DecisionPayload(self._ids.new_id(), kind, strategy_id, None, description, {}, {})
        await self.decide(decision, signer)

    async def register_anchor(self, strategy_id: str, pair: str, anchor: Anchor, signer: Signer) -> None:
        """Make a newly captured context the current one of a strategy on an instrument."""
        await self._run(RegisterAnchor(strategy_id, pair, anchor, signer))

    async def read_books(self) -> None:
        """Read the broker's books and take in what they say."""
        await self._carry_out(ReadBooks())
        await self._settle()

    async def run_autopsy(self, position_id: str) -> None:
        """Run the autopsy of a closed position (again)."""
        self._effects.append(RunAutopsy(position_id))
        await self._settle()

    async def examine(self, closed: AutopsyInput) -> None:
        """Have a shadow trade examined that has ended."""
        self._autopsist.begin(closed)
        await self._settle()

    async def take(self, input_: SessionFollowed | ShadowRefused | ShadowForgotten | DecayRead | HeartBeaten) -> None:
        """Take in what a neighbour says: the shadow tracker, Signalman, the heart. Raises Refused."""
        await self._run(input_)

    def tell(self, input_: WorkerLate | WorkerEnded) -> None:
        """Put an alert on record and hand it out, whatever else is under way; the broker is not asked for anything."""
        self._commit(input_)
        self.hand_out()

    def hand_out(self) -> None:
        """Hand out the alerts that are due, and record what came of others, without doing anything else."""
        while self._take_in_receipts() or self._dispatcher.hand_out(self.state, self._clock.now()):
            continue

    async def catch_up(self) -> None:
        """Take up signals, decisions and kill flags that other processes appended up to now.

        What they append while the broker is being asked waits for the next time, for other facts may concern it.
        """
        state = self.state
        is_flagged = any(flag.awaits_announcement for flag in state.flags.values())
        if not (state.inbox or state.decisions or is_flagged or (state.flags and state.tokens)):
            return
        if any(pending.payload.kind in NEED_FRESH_BOOKS for pending in state.decisions.values()):
            await self.read_books()
        facts = await self._facts.read(self._pairs())
        await self._run(CatchUp(facts, True, frozenset(state.inbox), frozenset(state.decisions)))

    async def pump(self) -> None:
        """Take in everything the broker has said so far, and what follows from it."""
        await self._settle()

    async def on_time(self) -> None:
        """Handle what has fallen due by now."""
        if due_timers(self.state, self._kernel.policy, self._clock.now()):
            await self._run(TimePassed(self._facts.reset_until()))
        self._reconciler.on_time(self.state, self._clock.now())
        await self._settle()

    def next_due(self) -> datetime | None:
        """The next instant at which a timer falls due, the books are to be compared, or an alert is to go out."""
        state = self.state
        candidates = (
            next_due(state, self._kernel.policy), self._reconciler.next_due(state), self._dispatcher.next_due(state)
        )  # fmt: skip
        return min((due for due in candidates if due is not None), default=None)

    def books_due(self) -> datetime | None:
        """The next instant at which the books are to be compared."""
        return self._reconciler.next_due(self.state)

    def alerts_due(self) -> datetime | None:
        """The next instant at which an alert is to go out."""
        return self._dispatcher.next_due(self.state)

    @property
    def alerts_handed_out_at(self) -> datetime | None:
        """When an alert last went out."""
        return self._dispatcher.handed_out_at

    @property
    def books_verdict(self) -> ReconciliationVerdict | None:
        """What the last comparison of this process came to."""
        return self._reconciler.verdict

    @property
    def is_delivering(self) -> bool:
        """Whether alerts are on their way, and what comes of it is not known yet."""
        return self._dispatcher.is_under_way

    @property
    def books_looked_at(self) -> datetime | None:
        """When the books were last compared, whether or not that was worth a bead."""
        return self._reconciler.looked_at

    def _pairs(self, *subject_ids: str) -> Iterable[str]:
        """The instruments that something living, something in the inbox or a decision's subject is about."""
        view = self._store.view()
        state = view.state
        subjects = {*subject_ids, *(pending.payload.subject_id for pending in state.decisions.values())}
        ended = [subject for subject in subjects if subject not in state.position_of_intent]
        keys = (Key(kind, subject) for subject in ended for kind in ("intent", "signal"))
        found = [bead.payload for bead in map(view.lookup.find, keys) if bead is not None]
        named = {payload.pair for payload in found if isinstance(payload, IntentPayload | SignalPayload)}
        living = {position.terms.pair for position in state.positions.values()}
        return living | {payload.pair for payload in state.inbox.values()} | {pair for pair in named if pair}

    async def _run(self, input_: Input) -> object:
        """One step: commit it, keep its secrets, carry out what follows. Raises the refusal the step came to."""
        outcome = self._commit(input_)
        await self._settle()
        if outcome.error is not None:
            raise outcome.error
        return outcome.reply

    def _commit(self, input_: Input) -> Outcome:
        now = self._clock.now()
        committed = self._store.transact(lambda view: self._kernel.step(view, input_, now, self._ids))
        outcome = committed.result
        self._effects.extend(outcome.effects)
        self._reconciler.notice((sealed.bead.payload for sealed in committed.sealed), now)
        if outcome.issued:
            self._keep_secrets(outcome.issued)
        return outcome

    def _keep_secrets(self, issued: Iterable[IssuedToken]) -> None:
        """Hold the secrets of live tokens, and forget those of tokens that have ended."""
        live = self.state.tokens
        kept = (*self._secrets.values(), *issued)
        self._secrets = {token.token_id: token for token in kept if token.token_id in live}

    async def _settle(self) -> None:
        """Effects, broker events, finished autopsies and deliveries, comparisons and alerts that are due, until none is
        left."""
        while True:
            if self._effects:
                await self._carry_out(self._effects.popleft())
            elif self._events:
                self._take_in()
            elif self._take_in_autopsies() or self._take_in_receipts():
                continue
            elif self._reconciler.is_due(self._clock.now()):
                await self._compare_books()
            elif not self._dispatcher.hand_out(self.state, self._clock.now()):
                return

    def _take_in_autopsies(self) -> bool:
        """Record the autopsies that were finished meanwhile; whether there were any."""
        finished = self._autopsist.finished()
        for found in finished:
            match found:
                case Examined(_, autopsy):
                    self._commit(AutopsyDone(autopsy))
                case ExaminationFailed(closed, reason):
                    self._commit(AutopsyFailed(closed.position_id, reason))
        return bool(finished)

    def _take_in_receipts(self) -> bool:
        """Record what came of alerts that were handed out; whether there was anything."""
        receipts = tuple(self._dispatcher.receipts())
        if receipts:
            self._commit(AlertsDelivered(receipts))
        return bool(receipts)

    def _begin_autopsy(self, position_id: str) -> None:
        """Hand a closed position to whoever examines it. What stands in the way is told, and stops nothing else."""
        work = Work(self._kernel.policy, self._store.view(), self._clock.now(), self._ids)
        try:
            closed = closed_position(work, position_id)
        except DomainError as error:
            self._commit(AutopsyFailed(position_id, str(error)))
            return
        if closed is not None:
            self._autopsist.begin(closed)

    def _take_in(self) -> None:
        """Take in all that waits; what could not be made durable goes on waiting."""
        events = self._events.waiting()
        try:
            self._commit(BrokerSaid(events, self._facts.reset_until()))
        except StoreConflict:
            self._take_in_one(events[0])
            self._events.drop(1)
        else:
            self._events.drop(len(events))

    def _take_in_one(self, event: BrokerEvent) -> None:
        """One event on its own, so that one which contradicts the chain is recorded and holds up none behind it."""
        try:
            self._commit(BrokerSaid((event,), self._facts.reset_until()))
        except StoreConflict as conflict:
            self._commit(EventUnstorable(event, str(conflict)))

    async def _carry_out(self, effect: Effect) -> None:
        match effect:
            case SendOrder():
                await self._send(effect)
            case CancelOrder():
                await self._cancel(effect)
            case ContinueAction(intent_id):
                await self._continue_action(intent_id)
            case ReadBooks():
                await self._recover()
            case ReadContracts():
                self._commit(ContractsRead(await self._facts.contracts()))
            case CompareBooks(trigger, decision_id):
                self._reconciler.ask(trigger, self._clock.now(), decision_id)
            case Reconnect(decision_id):
                await self._reconnect(decision_id)
            case RunAutopsy(position_id):
                self._begin_autopsy(position_id)

    async def _send(self, effect: SendOrder) -> None:
        """The last look, then the send, once. Nothing after this line ever sends the group again."""
        claim = self._office.claim_for(effect.plan.order_group_id)
        try:
            require_last_look(
                self.state, self._kernel.policy, effect, self._broker.session(), self._clock.now(),
                self._facts.reset_until(),
            )  # fmt: skip
        except Refused as refusal:
            self._office.void(effect.plan.order_group_id)
            self._commit(NotSent(effect, str(refusal)))
            return
        self._pacer.spend(self._clock.now(), ORDER_MESSAGES)
        try:
            outcome = await self._broker.submit(effect.plan, claim)
        except BrokerError as error:
            outcome = Unknown(str(error))
        if isinstance(outcome, Unknown):
            self._commit(SendUnknown(effect.plan, outcome.reason))

    async def _cancel(self, effect: CancelOrder) -> None:
        """Ask for a cancel, once. Whether it arrived, when the adapter cannot say, a human has to find out."""
        self._pacer.spend(self._clock.now(), CANCEL_MESSAGES)
        try:
            await self._broker.cancel(effect.reference, effect.session_order_id, effect.permanent_id)
        except BrokerError as error:
            self._commit(CancelUnknown(effect, str(error)))

    async def _continue_action(self, intent_id: str) -> None:
        token = next((t for t in reversed(self._secrets.values()) if t.intent_id == intent_id), None)
        if token is None:
            return
        facts = await self._facts.read(self._pairs())
        self._commit(Submit(intent_id, token.token_id, token.secret, facts))

    async def _recover(self) -> None:
        """Take in what complete books say, and compare them with ours."""
        books = await self._read_books()
        self._commit(BooksRead(books))
        self._reconciler.recovered(self.state, self._clock.now(), is_complete=books.as_of() is not None)

    async def _compare_books(self) -> None:
        """Look at the broker's books, and record what differs. Nothing here acts on it.

        A session that entries are closed for is recovered first: only that can open them again. Without a session
        there is nothing to look at, and whoever asked is told that.
        """
        run = self._reconciler.begin(self.state)
        session = self.state.session
        if not session.is_connected and not run.decision_ids:
            return
        if session.is_connected and not session.is_reconciled:
            await self._recover()
        comparison = await self._reconciler.look(run, self.state, self._clock.now())
        while self._events:
            self._take_in()
        if self._reconciler.weigh(comparison, self.state, self._clock.now()):
            self._commit(BooksCompared(comparison))
            self._reconciler.on_time(self.state, self._clock.now())

    async def _read_books(self) -> Books:
        """One book after the other, for between two answers the broker goes on trading, and nothing may fall through.

        An order that ends meanwhile is open first and completed then, never in neither; the executions come behind the
        orders that they bear out, and the holdings behind the executions that they sum up.
        """
        return Books(
            open_orders=await self._broker.open_orders(),
            completed_orders=await self._broker.completed_orders(),
            executions=await self._broker.executions(),
            holdings=await self._broker.holdings(),
        )

    async def _connect(self) -> None:
        await self._connect_once()
        await self._settle()

    async def _reconnect(self, decision_id: str | None) -> None:
        if decision_id is not None:
            await self._broker.disconnect()
        await self._connect_once(decision_id)

    async def _connect_once(self, decision_id: str | None = None) -> None:
        try:
            session = await self._broker.connect()
        except BrokerRefused as error:
            self._commit(ConnectRefused(str(error), decision_id))
        except BrokerUnavailable as error:
            self._commit(ConnectFailed(str(error), decision_id, self._facts.reset_until()))
        else:
            self._commit(Connected(session, decision_id))
