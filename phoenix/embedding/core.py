"""A running core in the hands of a program: the executor itself, which the program feeds, follows and decides with."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import uuid4

import orjson

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.watch.workers import Turn, Worker
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import SYSTEM, BeadType, SealedBead, Signer
from phoenix.domain.encoding import Json
from phoenix.domain.errors import DomainError, InvalidTransition, InvalidValue
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, KillSource
from phoenix.embedding.following import Following
from phoenix.embedding.verdicts import open_reviews, require_verdict
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.approver import Review, Verdict
from phoenix.ports.broker_facts import Quote
from phoenix.ports.errors import BrokerUnavailable
from phoenix.runtime.desk.simulated_signal import SimulatedSetup, instrument_for_trial, simulated_document
from phoenix.runtime.home import Home
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.readings import Readings
from phoenix.runtime.readings.outcomes import Outcome, outcome_of_decision, unanswered, unrecorded

R = TypeVar("R")
_LET_GO = "this core has let go of its store, and did nothing; work with it inside `async with phoenix.run(...)`"


class Core:
    """The executor of one home, at work. `phoenix.run` makes it, and it works for as long as that block lasts.

    Methods may be called from several tasks of the one event loop; the executor carries them out one after the other.
    A caller that is cancelled stops waiting, and nothing else: what the executor has begun it finishes.
    """

    def __init__(self, running: RunningExecutor) -> None:
        self._running = running
        self._store = running.parts.store
        self._following = Following(self._store)
        self._acts: deque[tuple[Callable[[], Awaitable[Any]], asyncio.Future[Any]]] = deque()
        self._is_open = True

    @property
    def home(self) -> Home:
        return self._running.parts.home

    @property
    def is_open(self) -> bool:
        """Whether it is still at work."""
        return self._is_open

    # --- looking -------------------------------------------------------------------------------------------------

    @property
    def read(self) -> Readings:
        """Everything there is to see: positions, orders, fills, the account with its age, kill flags, alerts."""
        return Readings(self._store, self._running.parts.clock)

    def pending(self, *, but: Collection[tuple[str, str]] = ()) -> list[Review]:
        """Every intent that waits for APPROVE or PASS, with the evidence as it is frozen now.

        `but` leaves out what is named by its intent and the hash of its evidence.
        """
        return open_reviews(self._store.view(), but)

    @property
    def head_seq(self) -> int:
        """The place of the chain's last bead: where to follow from for what is still to come."""
        return self._store.head().seq

    def beads(self, after_seq: int = 0, limit: int | None = None) -> list[SealedBead]:
        """Beads of the chain, in order."""
        return list(self._store.read(after_seq, limit))

    def follow(self, after_seq: int = 0, kinds: Collection[BeadType] | None = None) -> AsyncIterator[SealedBead]:
        """Beads behind a place in the chain, then new ones as they come; ends with the last one that the core appends.

        Each comes once and in order, whoever appended it; a follower that is slow misses none. `kinds` are the types
        wanted, all of them where it is None. Raises StoreCorrupt for a bead that does not decode.
        """
        if self._following.is_over:
            raise RuntimeError(_LET_GO)
        return self._following.follow(after_seq, kinds)

    async def quote(self, pair: str) -> Answer[Quote]:
        """The broker's quote of an instrument, now: Complete, or Unknown with the reason."""
        return await self._do(lambda: self._running.parts.broker.quote(pair))

    # --- deciding ------------------------------------------------------------------------------------------------

    async def answer(self, review: Review, verdict: Verdict) -> Outcome:
        """Carry out a verdict on exactly the evidence that the review shows; an approved order is sent at once.

        A refusal is an outcome, not an error, and on record: STALE_EVIDENCE where the evidence has changed since,
        PROOF_MISSING for a program's approval on a paper or live account. Raises InvalidValue for a verdict that is
        neither APPROVE nor PASS, or that brings a proof which no program can have.
        """
        require_verdict(verdict)
        return await self._decide(verdict.kind, review.intent_id, verdict.signer, review.bundle_hash, verdict.reason,
                                  {}, verdict.proof)  # fmt: skip

    async def decide(
        self, kind: DecisionKind, subject_id: str, *, signer: Signer, reason: str | None = None, detail: Json = None
    ) -> Outcome:
        """Carry out any other decision; `subject_id` and `detail` as for `Desk.decide`.

        CLOSE and PROTECT only ask: what they propose is pending like an entry. Raises InvalidValue for APPROVE, which
        is an answer to a review.
        """
        if kind is DecisionKind.APPROVE:
            raise InvalidValue("kind", "an approval covers evidence that was shown", "Use answer(), with the review")
        return await self._decide(kind, subject_id, signer, None, reason, detail, {})

    async def _decide(
        self, kind: DecisionKind, subject_id: str, signer: Signer, evidence_hash: str | None, reason: str | None,
        detail: Json, proof: Json,
    ) -> Outcome:  # fmt: skip
        decision = DecisionPayload(
            self._running.parts.ids.new_id(), kind, subject_id, evidence_hash, reason, detail or {}, proof
        )

        async def act() -> tuple[int, Outcome | None]:
            seq = self.head_seq
            kept_off = None
            try:
                await self._running.decide(decision, signer)
            except (Refused, InvalidValue, InvalidTransition) as error:
                kept_off = unrecorded(self._store, decision, error)
            return seq, kept_off or outcome_of_decision(self._store, decision, seq)

        seq, outcome = await self._do(act)
        return await self._settled(decision, seq, outcome) or unanswered(decision)

    async def _settled(self, decision: DecisionPayload, seq: int, outcome: Outcome | None) -> Outcome | None:
        """What the beads say of a decision as soon as it is settled, or after `commands.wait_s`."""
        clock = asyncio.get_running_loop()
        until = clock.time() + self.home.settings.commands.wait_s
        while self._is_open and not (outcome is not None and outcome.is_settled) and clock.time() < until:
            await self._following.wait(until - clock.time())
            if self._is_open:
                outcome = outcome_of_decision(self._store, decision, seq)
        return outcome

    # --- signals, anchors, kill flags ----------------------------------------------------------------------------

    async def ingest(self, document: bytes | str | Mapping[str, object], *, signer: Signer = SYSTEM) -> SignalOutcome:
        """Take in a signal: JSON, or the mapping that it stands for. Answers an intent to review, or the refusal.

        The same signal again answers its first outcome.
        """
        raw = document if isinstance(document, bytes | str) else orjson.dumps(document, default=_plain)
        return await self._do(lambda: self._running.executor.ingest(raw, signer))

    async def simulated_signal(self, setup: SimulatedSetup, pair: str | None = None) -> dict[str, Json]:
        """A made-up signal around the present quote, to try things with; the first configured instrument unless named.

        Raises Refused outside the simulator, BrokerUnavailable where the quote is not known.
        """
        instrument = instrument_for_trial(self.home, pair)
        answer = await self.quote(instrument.pair)
        if isinstance(answer, Unknown):
            raise BrokerUnavailable(f"the quote of {instrument.pair} is not known: {answer.reason}. Try again later")
        return simulated_document(setup, instrument, answer.value, self._running.parts.clock.now(), str(uuid4()))

    async def register_anchor(self, strategy_id: str, pair: str, anchor: Anchor, *, signer: Signer) -> None:
        """Make a newly captured context the current one. Raises Refused."""
        await self._do(lambda: self._running.executor.register_anchor(strategy_id, pair, anchor, signer))

    async def set_kill(
        self, strategy_id: str | None, reason: str, *, signer: Signer, expires_at: datetime | None = None
    ) -> str:
        """Set a kill flag, global without a strategy; binds every entry from now on. Answers its id. Raises Refused."""
        executor = self._running.executor
        return await self._do(
            lambda: executor.set_kill_flag(strategy_id, reason, KillSource.MANUAL, signer, expires_at)
        )

    # --- inside --------------------------------------------------------------------------------------------------

    async def _do(self, act: Callable[[], Awaitable[R]]) -> R:
        """Have the executor's own task carry something out. Raises RuntimeError once the core has let go."""
        if not self._is_open:
            raise RuntimeError(_LET_GO)
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._acts.append((act, done))
        self._running.wake()
        return await done

    async def turn(self) -> None:
        """One turn of the executor's life, with what callers asked for first. Only `phoenix.run` calls this."""
        await self._carry_out()
        await self._running.turn()
        await self._running.parts.workers.beat()
        with self._running.parts.workers.turn_of(Worker.RECORD):
            self._running.checkpoint_if_due()
        await self._running.board.publish()
        self._following.wake_for_new_beads()

    def turn_of(self, worker: Worker) -> Turn:
        """A turn of one worker. Only `phoenix.run` calls this."""
        return self._running.parts.workers.turn_of(worker)

    async def rest(self) -> None:
        """Sleep until there is something to do. Only `phoenix.run` calls this."""
        await self._running.sleep(self.home.settings.serve.poll_s)

    async def _carry_out(self) -> None:
        while self._acts:
            act, done = self._acts.popleft()
            if done.done():
                continue  # given up before it was begun
            try:
                result = await act()
            except DomainError as error:
                _settle(done, error=error)
            except BaseException as error:
                _settle(done, error=error)
                raise
            else:
                _settle(done, result)

    def let_go(self) -> None:
        """Take nothing more. Only `phoenix.run` calls this."""
        self._is_open = False
        for _, done in self._acts:
            _settle(done, error=RuntimeError(_LET_GO))
        self._acts.clear()
        self._running.wake()
        self._following.wake()

    def part(self, *, in_order: bool) -> None:
        """Let followers come to their end, before the store is closed. Only `phoenix.run` calls this."""
        self._following.end(in_order=in_order)


def _settle(done: asyncio.Future[Any], result: object = None, error: BaseException | None = None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"a signal holds text, numbers, lists and mappings, not a {type(value).__name__}")
