"""Where a drill is carried out: an executor at work, asked and waited for with bounds, and what was found so far."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol, TypeVar

from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import DecisionKind
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import AccountSnapshot, Quote
from phoenix.runtime.drill.plan import DrillPlan
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.readings import Readings
from phoenix.runtime.readings.reviews import Review

T = TypeVar("T")
_POLL_S = 0.25


class Approver(Protocol):
    """The human's side of a drill."""

    signer: Signer

    def show(self, review: Review, quote: Quote | None) -> None:
        """Show what would be sent, and the evidence for it."""

    async def proof(self, review: Review, limit_s: float) -> Json:
        """The proof that a human approved what was shown; None where nobody did in time."""


class Floor:
    """An executor at work for one drill. `position_id` and the rest are known from the step on that found them."""

    def __init__(self, running: RunningExecutor, plan: DrillPlan, approver: Approver) -> None:
        self.running = running
        self.plan = plan
        self.approver = approver
        self.broker = running.parts.broker
        self.policy = running.parts.policy
        self.clock = running.parts.clock
        self.read = Readings(running.parts.store, running.parts.clock)
        self.account: AccountSnapshot | None = None
        self.quote: Quote | None = None
        self.position_id = ""

    @property
    def position(self) -> Position:
        return self.read.position(self.position_id)

    @property
    def holds_something(self) -> bool:
        """Whether something is open that a human may want to close."""
        return bool(self.position_id) and self.position.open_quantity > ZERO

    async def answer(self, asking: Awaitable[Answer[T]]) -> Answer[T]:
        """What the broker answers in time; otherwise it is unknown."""
        try:
            return await asyncio.wait_for(asking, self.plan.wait_s)
        except TimeoutError:
            return Unknown(f"no answer within {self.plan.wait_s:g} s")

    async def follow(self, is_over: Callable[[Position], bool], limit_s: float) -> bool:
        """Let the executor live until the position has come so far; false where it did not in time."""
        until = self.clock.now() + timedelta(seconds=limit_s)
        while not is_over(self.position):
            left_s = (until - self.clock.now()).total_seconds()
            if left_s <= 0:
                return False
            await self.running.sleep(min(_POLL_S, left_s))
            await self.running.turn()
        return True

    async def attended(self, asking: Awaitable[T]) -> T:
        """What a person answers, while the executor lives on."""
        task = asyncio.ensure_future(asking)
        try:
            while not task.done():
                await self.running.sleep(_POLL_S)
                await self.running.turn()
            return task.result()
        finally:
            task.cancel()

    async def decide(
        self, kind: DecisionKind, subject_id: str, reason: str, *, evidence_hash: str | None = None, proof: Json = None
    ) -> DecisionPayload:
        """Carry a decision of the person at hand out. Raises what it was refused with."""
        decision = DecisionPayload(
            self.running.parts.ids.new_id(), kind, subject_id, evidence_hash, reason, {}, proof or {}
        )  # fmt: skip
        await self.running.decide(decision, self.approver.signer)
        return decision
