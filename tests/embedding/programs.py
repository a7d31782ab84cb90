"""What a program does with a core, in as few words as possible."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from phoenix import Core, PositionState, Review, Signer, SignerKind
from tests.runtime.trading import signal

ADA = Signer(SignerKind.HUMAN, "ada")
LIMIT_S = 20
"""Nothing here takes so long, unless it never comes."""


async def proposed(core: Core, **changes: str) -> Review:
    """A fresh proposal, as it is shown."""
    outcome = await core.ingest(signal(**changes))
    assert outcome.refusal is None, outcome.refusal
    return next(review for review in core.pending() if review.intent_id == outcome.intent_id)


async def until(happened: Callable[[], bool]) -> None:
    """Let the others work until something is so."""
    async with asyncio.timeout(LIMIT_S):
        while not happened():
            await asyncio.sleep(0)


def state_of(core: Core, review: Review) -> PositionState | None:
    assert review.position_id is not None
    return core.read.position(review.position_id).state
