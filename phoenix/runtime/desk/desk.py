"""The desk: what every surface works with, whether or not an executor runs elsewhere.

A decision is put on record. With an executor at work, it is the one to act, and the desk follows the beads until it
has; without one, the desk is the executor for a moment. Either way the outcome is told from the beads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeAlias, TypeVar

from phoenix.adapters.clock import SystemClock
from phoenix.adapters.ids import RandomIds
from phoenix.adapters.locks import FileLock
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import SealedBead, Signer
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidTransition, InvalidValue, PhoenixError
from phoenix.domain.instants import parse_instant
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal
from phoenix.domain.state import State
from phoenix.domain.vocabulary import DecisionKind
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.ports.checkpoints import Checkpoint
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import ExecutorRunning, NotYetKnown
from phoenix.ports.lock import Holder, refused
from phoenix.ports.store import BeadStore
from phoenix.runtime.home import Home
from phoenix.runtime.home.snapshots import starting_point
from phoenix.runtime.home.store import open_store
from phoenix.runtime.readings import Readings
from phoenix.runtime.readings.outcomes import (
    Outcome,
    OutcomeStatus,
    outcome_of_decision,
    unanswered,
    unrecorded,
)
from phoenix.runtime.saying import Say, silently
from phoenix.runtime.signals.notations import Notation
from phoenix.runtime.status.file import read_status

if TYPE_CHECKING:
    from phoenix.application.signals.outcome import SignalOutcome
    from phoenix.runtime.desk.alerts import AlertDesk
    from phoenix.runtime.desk.books import BooksDesk
    from phoenix.runtime.desk.journal import Journal
    from phoenix.runtime.desk.promotions import PromotionDesk
    from phoenix.runtime.process.one_shot import Act
    from phoenix.runtime.process.running import RunningExecutor

R = TypeVar("R")
_Placed: TypeAlias = tuple[DecisionPayload, int]
_POLL_S = 0.05


class Desk:
    """A surface's hold on one home. Opens the store when something is read or recorded; close it after use."""

    def __init__(self, home: Home, say: Say = silently) -> None:
        self.home = home
        self._say = say
        self._clock = SystemClock()
        self._ids = RandomIds()
        self._policy = home.settings.policy()
        self._opened: BeadStore[State] | None = None
        self._lock = FileLock(home.lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store; harmless when it is closed."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    # --- looking -------------------------------------------------------------------------------------------------

    @property
    def read(self) -> Readings:
        """Everything there is to see. Raises StoreError or ConfigurationError where the store cannot be opened."""
        return Readings(self._store, self._clock)

    @property
    def promotions(self) -> PromotionDesk:
        """Strategies on their way to LIVE: their records, checklists and promotions."""
        from phoenix.runtime.desk.promotions import PromotionDesk
        from phoenix.runtime.readings.promotions import PromotionReadings

        return PromotionDesk(self.home, self.decide, PromotionReadings(self._store, self._policy), self._clock.now)

    @property
    def alerts(self) -> AlertDesk:
        """Alerts: what was told, what waits to go out, and whether it arrives."""
        from phoenix.runtime.desk.alerts import AlertDesk

        return AlertDesk(self)

    @property
    def books(self) -> BooksDesk:
        """The comparison of the books, and what a human makes of it."""
        from phoenix.runtime.desk.books import BooksDesk

        return BooksDesk(self)

    def executor(self) -> Holder | None:
        """The process that is the executor now, if any is."""
        return self._lock.holder()

    def beads(self, after_seq: int = 0, limit: int | None = None) -> list[SealedBead]:
        """Beads of the chain, in order."""
        return list(self._store.read(after_seq, limit))

    def follow(self, after_seq: int = 0, *, for_s: float) -> Iterator[SealedBead]:
        """Beads behind a place in the chain, then new ones as any process appends them, for so many seconds."""
        until = self._clock.now() + timedelta(seconds=for_s)
        while True:
            for item in self._store.read(after_seq):
                after_seq = item.seq
                yield item
            if self._clock.now() >= until:
                return
            Event().wait(_POLL_S)

    @property
    def store(self) -> BeadStore[State]:
        """The chain, to be read, verified or exported. What a surface may append goes through this desk's methods."""
        return self._store

    # --- deciding ------------------------------------------------------------------------------------------------

    def decide(
        self, kind: DecisionKind, subject_id: str, *, signer: Signer, evidence_hash: str | None = None,
        reason: str | None = None, detail: Json = None, proof: Json = None,
    ) -> Outcome:  # fmt: skip
        """Put a decision on record and follow it to its outcome, within `commands.wait_s`.

        `subject_id` is what the kind is about: the intent (APPROVE, PASS, WITHDRAW, REFRESH, RECOMMEND), the position
        (CANCEL, CLOSE, PROTECT, BIND, ATTEST_ABSENT), the signal (REPROPOSE), the flag (KILL_LIFT), the drift bead
        (RESOLVE), the stray, execution or order (ADOPT). A refusal is an outcome, not an error.
        """
        decision = DecisionPayload(
            self._ids.new_id(), kind, subject_id, evidence_hash, reason, detail or {}, proof or {}
        )  # fmt: skip
        return self.decide_each([decision], signer=signer)[0]

    def decide_each(self, decisions: Sequence[DecisionPayload], *, signer: Signer) -> list[Outcome]:
        """As `decide`, for several: all are put on record before any is followed, and they are waited for together."""
        if not decisions:
            return []
        try:
            return self._act(decisions[0].kind.value.lower(), self._deciding(decisions, signer))
        except ExecutorRunning:
            return self._put_on_record(decisions, signer)

    def _deciding(self, decisions: Sequence[DecisionPayload], signer: Signer) -> Act[list[Outcome]]:
        async def act(running: RunningExecutor) -> list[Outcome]:
            store = running.parts.store
            placed: list[_Placed] = []
            kept_off: dict[str, Outcome | None] = {}
            for decision in decisions:
                placed.append((decision, store.head().seq))
                try:
                    await running.executor.decide(decision, signer)
                except (Refused, InvalidValue, InvalidTransition) as refusal:
                    self._say(str(refusal))
                    kept_off[decision.decision_id] = unrecorded(store, decision, refusal)
                if decision.kind is DecisionKind.TEST_ALERTS:
                    await running.wait_for_alerts(self.home.settings.alerts.timeout_s)
            await running.stay()
            return [
                kept_off.get(decision.decision_id) or outcome_of_decision(store, decision, seq) or unanswered(decision)
                for decision, seq in placed
            ]

        return act

    def _act(self, command: str, act: Act[R]) -> R:
        """Be the executor for a moment. What that needs takes a while to import, so only then."""
        from phoenix.runtime.process.one_shot import act_once

        if self.executor() is not None:
            raise refused(self.executor())
        return act_once(self.home, command, act, self._say)

    def _put_on_record(self, decisions: Sequence[DecisionPayload], signer: Signer) -> list[Outcome]:
        placed: list[_Placed] = []

        def look() -> list[Outcome]:
            return [self._outcome_at(*place) for place in placed]

        with _telling_what_stands("decisions", placed):
            placed.extend((decision, self._journal.decision(decision, signer)) for decision in decisions)
            return self._follow(look, lambda outcomes: all(map(_is_known, outcomes))) or look()

    def _outcome_at(self, decision: DecisionPayload, seq: int) -> Outcome:
        if decision.kind is DecisionKind.RECOMMEND:
            return Outcome(
                decision.decision_id, decision.kind, decision.subject_id, OutcomeStatus.DONE,
                intent_id=decision.subject_id,
            )  # fmt: skip
        return outcome_of_decision(self._store, decision, seq) or unanswered(decision)

    # --- signals, anchors, kill flags ------------------------------------------------------------------------------

    def ingest(
        self, document: bytes, *, signer: Signer, notation: Notation = Notation.JSON
    ) -> SignalOutcome:  # fmt: skip
        """Hand in a signal and follow it to its proposal or refusal, either of which is on record then.

        With neither in the outcome, no executor has looked at it in time. A signal that could be put on record waits
        there; anything else waits in the inbox, and the outcome names no signal. A document that is too long is refused
        unread, and nothing is recorded.
        """
        from phoenix.application.signals.outcome import SignalOutcome
        from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX, too_long

        if len(document) > DOCUMENT_BYTES_MAX:
            return SignalOutcome("", refusal=too_long())

        async def act(running: RunningExecutor) -> SignalOutcome:
            return await running.executor.ingest(document, signer, notation.reader)

        try:
            return self._act("ingest", act)
        except ExecutorRunning:
            pass
        try:
            return self._put_signal_on_record(document, signer, notation)
        except Refused as refusal:
            return self._hand_over(document, notation, act, refusal)

    def _put_signal_on_record(self, document: bytes, signer: Signer, notation: Notation) -> SignalOutcome:
        from phoenix.application.signals.cse import read_signal

        signal = read_signal(document, notation.reader)
        outcome = self._journal.signal(signal, signer)
        if outcome.intent_id is not None or outcome.refusal is not None:
            return outcome
        with _telling_what_stands("signals", [signal]):
            return self._follow(lambda: self._signal_outcome(signal)) or outcome

    def _hand_over(
        self, document: bytes, notation: Notation, act: Act[SignalOutcome], refusal: Refused
    ) -> SignalOutcome:  # fmt: skip
        """Let the executor refuse what this surface may not record a refusal of."""
        from phoenix.application.signals.outcome import SignalOutcome
        from phoenix.runtime.signals.handing_in import answer_to, hand_in, take_back

        inbox, name = self.home.inbox, f"handed-in-{self._ids.new_id()}"
        place = hand_in(inbox, name, document, notation)

        def look() -> SignalOutcome | None:
            if self.executor() is None and take_back(place):
                try:
                    return self._act("ingest", act)
                except ExecutorRunning:
                    hand_in(inbox, name, document, notation)
            return answer_to(inbox, name)

        answer = self._follow(look)
        if answer is None:
            self._say(f"{refusal}. Whether this is on record is not yet known: it waits for the executor as {place}")
        return answer or SignalOutcome("")

    def _signal_outcome(self, signal: Signal) -> SignalOutcome | None:
        from phoenix.application.signals.outcome import outcome_of

        find = self._store.view().lookup.find
        if find(Key("outcome", signal.signal_id)) is None:
            return None
        return replace(outcome_of(find, signal.signal_id), is_repeat=False)

    def register_anchor(self, strategy_id: str, pair: str, anchor: Anchor, *, signer: Signer) -> None:
        """Make a newly captured context the current one. Raises Refused."""
        self._journal.anchor(strategy_id, pair, anchor, signer)

    def set_kill(
        self, strategy_id: str | None, reason: str, *, signer: Signer, expires_at: datetime | None = None
    ) -> str:
        """Set a kill flag, global without a strategy; binds everything from now on. Answers its id. Raises Refused."""
        return self._journal.kill_flag(strategy_id, reason, expires_at, signer)

    # --- what is asked of the executor -----------------------------------------------------------------------------

    def register_strategy(self, strategy_id: str, description: str, *, signer: Signer) -> Outcome:
        """Register a strategy, so that signals may name it."""
        return self.decide(DecisionKind.REGISTER_STRATEGY, strategy_id, signer=signer, reason=description)

    def reconnect(self, *, signer: Signer, reason: str | None = None) -> Outcome:
        """Open the broker session anew, once; refused while it works. Being the executor takes connecting, too."""
        from phoenix.application.watch.session import SUBJECT

        return self.decide(DecisionKind.RECONNECT, SUBJECT, signer=signer, reason=reason)

    def reconcile(self, *, signer: Signer, reason: str | None = None) -> Outcome:
        """Have the books compared now; what came of it is in `read.books()`. Without an executor, this is one."""
        from phoenix.application.decisions import BOOKS

        return self.decide(DecisionKind.RECONCILE, BOOKS, signer=signer, reason=reason)

    def catch_up(self) -> None:
        """Connect, recover and do what has fallen due, then let go. Raises ExecutorRunning while one is at work."""

        async def nothing(running: RunningExecutor) -> None:
            await running.stay()

        self._act("catch up", nothing)

    def checkpoint(self) -> Checkpoint:
        """Take a checkpoint now, or have the serving process take one.

        Raises ExecutorRunning where it is out of reach, or another process is the executor for longer than this waits;
        NotYetKnown where it does not answer in time.
        """

        from phoenix.runtime.process.checkpoint_request import CheckpointRequest

        async def take(running: RunningExecutor) -> Checkpoint:
            return running.checkpoint()

        request = CheckpointRequest(self.home, self.executor, lambda: self._act("checkpoint", take))
        found = self._follow(request.look)
        if found is None:
            raise request.unanswered()
        return found

    def quote(self, pair: str) -> Answer[Quote]:
        """The last quote that a running executor has shown; without one, it is asked of the broker here and now."""
        return self.quotes([pair])[pair]

    def quotes(self, pairs: Sequence[str]) -> dict[str, Answer[Quote]]:
        """As `quote`, for several instruments."""

        async def ask(running: RunningExecutor) -> dict[str, Answer[Quote]]:
            return {pair: await running.parts.broker.quote(pair) for pair in pairs}

        try:
            return self._act("quote", ask)
        except ExecutorRunning:
            return {pair: self.shown_quote(pair) for pair in pairs}

    def shown_quote(self, pair: str) -> Answer[Quote]:
        """The last quote that any executor has shown, however old it is; nothing is asked of the broker."""
        status = read_status(self.home.status)
        shown = {} if status is None else status.quotes.get(pair, {})
        if not {"bid", "ask", "as_of"} <= shown.keys():
            return Unknown(shown.get("unknown", f"the executor has not shown a quote of {pair} yet"))
        as_of = parse_instant(shown["as_of"])
        return Complete(Quote(pair, Decimal(shown["bid"]), Decimal(shown["ask"]), as_of), as_of)

    # --- inside ----------------------------------------------------------------------------------------------------

    @property
    def _store(self) -> BeadStore[State]:
        if self._opened is None:
            self._opened = open_store(self.home, ClaimOffice(), starting_point(self.home, self._say))
        return self._opened

    @property
    def _journal(self) -> Journal:
        """What records. Most who come to a desk only look, so what that needs is imported here."""
        from phoenix.application.surface import Surface
        from phoenix.runtime.desk.journal import Journal

        return Journal(self._store, Surface(self._policy, self._ids), self._clock)

    def follow_until(self, look: Callable[[], R | None], is_enough: Callable[[R], bool], *, for_s: float) -> R | None:
        """What `look` comes to see within so many seconds. When the executor goes away, this process takes its turn."""
        return self._follow(look, is_enough, for_s)

    def _follow(
        self, look: Callable[[], R | None], is_enough: Callable[[R], bool] = lambda _: True, for_s: float | None = None
    ) -> R | None:  # fmt: skip
        """What `look` comes to see in time. When the executor goes away meanwhile, this process takes its turn."""
        wait_s = self.home.settings.commands.wait_s if for_s is None else for_s
        until = self._clock.now() + timedelta(seconds=wait_s)
        while True:
            seen = look()
            if seen is not None and is_enough(seen):
                return seen
            if self._clock.now() >= until:
                return seen
            if self.executor() is None:
                self._take_a_turn()
            Event().wait(_POLL_S)

    def _take_a_turn(self) -> None:
        try:
            self.catch_up()
        except ExecutorRunning:
            return


def _is_known(outcome: Outcome) -> bool:
    return outcome.is_settled


@contextmanager
def _telling_what_stands(things: str, placed: Sequence[object]) -> Iterator[None]:
    """Let no failure behind the first thing on record claim that nothing was done. Raises NotYetKnown instead."""
    try:
        yield
    except NotYetKnown:
        raise
    except PhoenixError as error:
        if not placed:
            raise
        raise NotYetKnown(
            f"{error}. That goes for the last step alone: {things} on record: {len(placed)}, and an executor may act "
            "on what is. Put right what failed, then look before doing it again: phoenix status, phoenix pending"
        ) from error
