"""Putting reviews before a program's own approver, which is a stranger: it may raise, take its time or answer nonsense.

It is asked about one review at a time, in a thread of its own, so that the executor lives on while it thinks. Whatever
it comes to, nothing is approved but by a verdict that the core accepts for exactly the evidence that was shown.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from logging import INFO, WARNING, getLogger
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

from phoenix.domain.errors import InvalidValue
from phoenix.embedding.core import Core
from phoenix.ports.approver import Approver, Review, Verdict
from phoenix.ports.errors import StoreError
from phoenix.runtime.readings.outcomes import OutcomeStatus

Key: TypeAlias = tuple[str, str]
_log = getLogger("phoenix.embedding")


@dataclass(frozen=True, slots=True)
class _Failed:
    """The approver raised instead of answering."""

    error: Exception


class Asking:
    """Asks one approver on behalf of one core, and carries its verdicts to it."""

    def __init__(self, approver: Approver, core: Core) -> None:
        self._approver = approver
        self._core = core
        self._loop = asyncio.get_running_loop()
        self._questions: SimpleQueue[Review | None] = SimpleQueue()
        self._is_asking = False
        self._asked: dict[Key, None] = {}
        self._done: set[Key] = set()
        self._verdicts: set[asyncio.Task[None]] = set()
        # A thread that does not keep the process alive: an approver that never answers must not do so either.
        Thread(target=self._ask_all, name="phoenix-approver", daemon=True).start()

    def ask(self) -> None:
        """Put the next open review before the approver, unless it still thinks about another one.

        Once it has answered about some evidence, or failed at it, it is not asked about that evidence again.
        """
        reviews = [] if self._is_asking else self._core.pending(but=self._done)
        if not reviews:
            return
        keys = [_key(review) for review in reviews]
        self._asked = {key: None for key in self._asked if key in keys}
        order = list(self._asked)
        review = min(reviews, key=lambda one: order.index(_key(one)) if _key(one) in self._asked else -1)
        self._asked.pop(_key(review), None)
        self._asked[_key(review)] = None
        self._is_asking = True
        self._questions.put(review)

    async def end(self) -> None:
        """Ask nothing more, once the core has let go. An answer that is still thought about comes too late."""
        self._questions.put(None)
        await asyncio.gather(*self._verdicts, return_exceptions=True)

    # --- in the approver's thread --------------------------------------------------------------------------------

    def _ask_all(self) -> None:
        while (review := self._questions.get()) is not None:
            answer = self._ask_about(review)
            with suppress(RuntimeError):  # the event loop is gone, and the core with it
                self._loop.call_soon_threadsafe(self._take, review, answer)

    def _ask_about(self, review: Review) -> Verdict | None | _Failed:
        try:
            return self._approver.review(review)
        except Exception as error:  # noqa: BLE001 - whatever it raises, it approves nothing
            return _Failed(error)

    # --- on the event loop ---------------------------------------------------------------------------------------

    def _take(self, review: Review, answer: Verdict | None | _Failed) -> None:
        self._is_asking = False
        if answer is None:
            return
        self._done.add(_key(review))
        if isinstance(answer, _Failed):
            _log.error("the approver failed at intent %s, which stays open", review.intent_id, exc_info=answer.error)
            return
        if not self._core.is_open:
            _log.warning("the approver's answer to intent %s came too late and was not taken", review.intent_id)
            return
        task = self._loop.create_task(self._carry_out(review, answer))
        self._verdicts.add(task)
        task.add_done_callback(self._verdicts.discard)

    async def _carry_out(self, review: Review, verdict: Verdict) -> None:
        """Have the core act on a verdict, and tell what came of it. That the core fails, its own life tells."""
        try:
            outcome = await self._core.answer(review, verdict)
        except InvalidValue as error:
            _log.error("the approver's answer to intent %s is none, it stays open: %s", review.intent_id, error)
        except (RuntimeError, StoreError) as error:
            _log.warning("the approver's answer to intent %s was not taken: %s", review.intent_id, error)
        else:
            what = f"{verdict.kind} of {review.kind} {review.intent_id} by {verdict.signer.identity}"
            level = INFO if outcome.status is OutcomeStatus.DONE else WARNING
            _log.log(level, "%s: %s", what, outcome.refusal or outcome.state or outcome.status)


def _key(review: Review) -> Key:
    return review.intent_id, review.bundle_hash
