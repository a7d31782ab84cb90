"""Small beads, and the simplest fold that shows what was folded, for tests of stores."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from phoenix.domain.beads.approval import TokenPayload
from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.beads.setup import SignalPayload
from phoenix.domain.beads.trading import OrderPayload
from phoenix.domain.errors import DomainError
from phoenix.domain.order_plan import EntryTerms, OrderPlan, bracket_plan
from phoenix.domain.vocabulary import (
    AlertEvent,
    IntentKind,
    OrderEvent,
    OrderType,
    Severity,
    Side,
    TimeInForce,
    TokenEvent,
)
from phoenix.ports.store import Fold, Proposal

NOON = datetime(2012, 2, 1, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many beads were folded, and their ids in order."""

    count: int = 0
    bead_ids: tuple[str, ...] = ()


def evolve(tally: Tally, bead: Bead) -> Tally:
    """Counts a bead; refuses alerts of the kind UNFOLDABLE, as a fold does with what contradicts the past."""
    if isinstance(bead.payload, AlertPayload) and bead.payload.kind == "UNFOLDABLE":
        raise DomainError("this bead contradicts those before it")
    return replace(tally, count=tally.count + 1, bead_ids=(*tally.bead_ids, bead.bead_id))


TALLY: Fold[Tally] = Fold(Tally(), evolve)


def uuid_of(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))


def bead(name: str, payload: Payload) -> Bead:
    return Bead(uuid_of(f"bead {name}"), payload, SYSTEM, NOON)


def signal(name: str) -> Bead:
    """A bead that bears the key ("signal", name)."""
    return bead(name, SignalPayload(name, "FVG_LONDON", "GBPUSD", "0" * 64, {"cse_version": "1.0", "note": "£"}))


def alert(name: str, position_id: str | None = None, kind: str = "TEST") -> Bead:
    """A bead without keys, in a position's story if one is given."""
    payload = AlertPayload(name, AlertEvent.RAISED, Severity.INFO, kind, name, "a message", None, position_id)
    return bead(name, payload)


def order_plan(intent: str) -> OrderPlan:
    terms = EntryTerms(
        "SIM1", "GBPUSD", Side.LONG, Decimal(10_000), OrderType.MARKET, TimeInForce.DAY,
        Decimal("1.5800"), Decimal("1.5780"), Decimal("1.5840"),
    )  # fmt: skip
    return bracket_plan(terms, uuid_of(f"group {intent}"), 1)


def prepared(intent: str, token: str, name: str | None = None) -> Bead:
    plan = order_plan(intent)
    payload = OrderPayload(
        OrderEvent.PREPARED, plan.order_group_id, intent, IntentKind.ENTRY, "P1", None, None,
        plan=plan, order_hash=plan.order_hash(), token_id=token,
    )  # fmt: skip
    return bead(name or f"prepared {intent} {token}", payload)


def token_used(intent: str, token: str, name: str | None = None) -> Bead:
    payload = TokenPayload(token, intent, "P1", TokenEvent.USED, None, "0" * 64, NOON, NOON, final=False)
    return bead(name or f"used {intent} {token}", payload)


def proposal(*beads: Bead) -> Proposal[None]:
    return Proposal(beads, None)
