"""What a rule is, and the promises it may make about what must follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from phoenix.history_check.facts import Facts
from phoenix.history_check.ledger import BrokerLedger
from phoenix.history_check.records import Bead


@dataclass(frozen=True, slots=True)
class Limits:
    """The durations that rules measure against, in seconds. `tolerance_s` is granted on top of each of them."""

    ack_limit_s: int = 60
    protection_grace_s: int = 10
    drift_alert_s: int = 60
    settling_s: int = 30
    token_life_s: int = 300
    token_sweep_s: int = 30
    stale_threshold_s: int = 900
    stale_kill_s: int = 300
    decision_life_s: int = 60
    reconnect_alert_s: int = 60
    tolerance_s: float = 5.0

    @property
    def tolerance(self) -> timedelta:
        return timedelta(seconds=self.tolerance_s)


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at. While beads are read, `facts` are those before the bead, or after it for `after`."""

    facts: Facts
    ledger: BrokerLedger | None
    limits: Limits
    settled: bool
    runbooks: frozenset[str] | None

    def after(self, at: datetime, seconds: float) -> datetime:
        return at + timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that must come true: by `due`, or without one within the same unit of work.

    `kept` gets the instant up to which what it looks for may have happened. `off` says that it is no longer called for.
    A start of the executor behind `due` gives it `grace_s` more: nobody can act while no process lives.
    """

    kept: Callable[[datetime], bool]
    otherwise: str
    due: datetime | None = None
    grace_s: float = 0
    off: Callable[[], bool] = field(default=lambda: False)


Said: TypeAlias = Iterator["str | Promise"]
"""What a rule says of one bead: explanations of what is wrong, and promises."""

Handler: TypeAlias = Callable[[Context, Bead], Said]
Conclusion: TypeAlias = Iterator[tuple["int | None", str]]
"""What a rule says of the whole: the bead that shows it, or None for the ledger, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One invariant as a table: what to look at when, by bead type or by TYPE:EVENT.

    `books` compares with the broker's ledger at the end; a rule that has one is not checked without a ledger.
    `touched_by` tells what exercises the rule, where that is not the same as what it looks at.
    """

    invariant: str
    before: Mapping[str, Handler] = field(default_factory=dict)
    after: Mapping[str, Handler] = field(default_factory=dict)
    at_end: Callable[[Context], Conclusion] | None = None
    books: Callable[[Context, BrokerLedger], Conclusion] | None = None
    touched_by: tuple[str, ...] = ()

    @property
    def touches(self) -> Iterable[str]:
        return self.touched_by or (*self.before, *self.after)
