"""Asking a broker several things at once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from phoenix.ports.broker import Broker, SimulatedBroker


async def together(broker: Broker, *questions: Coroutine[Any, Any, Any]) -> list[Any]:
    """The answers, in the order of the questions, which must not depend on one another.

    A real broker is asked everything at once, so that a silent one costs one time-out and not the sum of all. A
    simulated one never suspends, and is asked one thing after the other: it may be driven without an event loop.
    """
    if isinstance(broker, SimulatedBroker):
        return [await question for question in questions]
    answers = await asyncio.gather(*questions, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return answers
