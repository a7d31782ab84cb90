"""What a committed step asks the world to do. Effects are carried out once, after the commit, never before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from phoenix.domain.order_plan import OrderPlan
from phoenix.domain.vocabulary import IntentKind, ReconciliationTrigger


@dataclass(frozen=True, slots=True)
class SendOrder:
    """Send a prepared order group, after a last look, with the claim that the commit brought."""

    plan: OrderPlan
    kind: IntentKind
    strategy_id: str


@dataclass(frozen=True, slots=True)
class CancelOrder:
    reference: str
    session_order_id: int
    permanent_id: str | None


@dataclass(frozen=True, slots=True)
class ContinueAction:
    """Take an exit or protection further, with fresh facts and the secret of its token."""

    intent_id: str


@dataclass(frozen=True, slots=True)
class ReadBooks:
    """Read open and completed orders, executions and holdings, and hand the answers in for recovery."""


@dataclass(frozen=True, slots=True)
class ReadContracts:
    """Ask the broker what every configured instrument is there, and hand the answers in."""


@dataclass(frozen=True, slots=True)
class CompareBooks:
    """Compare the books as soon as that is allowed; `decision_id` is of who asked for it."""

    trigger: ReconciliationTrigger
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Reconnect:
    """Try once to open the broker session again; on a request, which the outcome then names, after letting go of it."""

    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class RunAutopsy:
    position_id: str


Effect: TypeAlias = (
    SendOrder | CancelOrder | ContinueAction | ReadBooks | ReadContracts | CompareBooks | Reconnect | RunAutopsy
)
