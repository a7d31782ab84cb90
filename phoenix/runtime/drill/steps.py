"""The steps of a drill, in their order, and what each came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from phoenix.domain.encoding import Json
from phoenix.domain.refusals import Refused


class Verdict(StrEnum):
    """UNKNOWN: no word came in time, which is neither yes nor no. NOT_DONE: nothing was asked; the reason is given."""

    OK = "OK"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"
    NOT_DONE = "NOT_DONE"


class StepName(StrEnum):
    """The steps, in the order in which they are taken."""

    CONNECT = "connect"
    ACCOUNT = "account"
    CLOCK = "clock"
    CONTRACT = "contract"
    QUOTE = "quote"
    BOOKS = "books"
    GATE = "gate"
    ACKNOWLEDGED = "acknowledged"
    FILLED = "filled"
    MANAGED = "managed"
    EXIT = "exit"
    CLOSED = "closed"
    RECONCILED = "reconciled"
    RECORD = "record"


LOOKING = tuple(StepName)[:6]
"""What is asked of the broker without sending anything."""
TRADING = tuple(StepName)[6:12]
"""The trade itself; each rests on the one before it."""

ASKED = {
    StepName.CONNECT: "open the session and read the books",
    StepName.ACCOUNT: "equity, balance, margin and buying power",
    StepName.CLOCK: "the broker's time against this clock",
    StepName.CONTRACT: "tick, smallest size and size step against the configuration",
    StepName.QUOTE: "bid, ask and their age",
    StepName.BOOKS: "open orders, completed orders, executions and holdings",
    StepName.GATE: "signal, review, approval, token, claim and send",
    StepName.ACKNOWLEDGED: "the broker's first word on the entry",
    StepName.FILLED: "the entry's executions",
    StepName.MANAGED: "a working stop for exactly what is open",
    StepName.EXIT: "a way out of the position",
    StepName.CLOSED: "nothing open, and no order left at work",
    StepName.RECONCILED: "both books compared",
    StepName.RECORD: "chain, checkpoint, snapshot and history",
}
"""What each step asks for."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a step came to: in one sentence, with the remedy where something is to be done, and figures as text.

    `refusal` is the core's own, where that is why it failed.
    """

    verdict: Verdict
    answered: str
    remedy: str | None = None
    figures: Mapping[str, Json] = field(default_factory=dict)
    refusal: Refused | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was taken, or not, and how long it took."""

    name: StepName
    result: Result
    took: timedelta

    @property
    def number(self) -> int:
        """Its place, from 1."""
        return list(StepName).index(self.name) + 1


def ok(answered: str, **figures: Json) -> Result:
    return Result(Verdict.OK, answered, None, figures)


def failed(answered: str, remedy: str, **figures: Json) -> Result:
    return Result(Verdict.FAILED, answered, remedy, figures)


def unknown(answered: str, remedy: str, **figures: Json) -> Result:
    return Result(Verdict.UNKNOWN, answered, remedy, figures)


def not_done(why: str, remedy: str | None = None) -> Result:
    return Result(Verdict.NOT_DONE, why, remedy)
