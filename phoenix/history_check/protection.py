"""The rule of protection: what is open has a stop that really works for it, or somebody is told."""

from __future__ import annotations

from datetime import datetime

from phoenix.history_check.facts import TERMINAL, ZERO, Facts, Position
from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Context, Promise, Rule, Said

_UNSURE = frozenset({"UNKNOWN", "PENDING_CANCEL"})


def is_exact(facts: Facts, position: Position) -> bool:
    """Whether the stops that work at the broker, by its last words, cover exactly what is open.

    Where orders or quantities come from outside Phoenix, the position's own bead is all there is.
    """
    if not position.is_derivable:
        return position.stated_protection == "EXACT"
    stops = [leg for leg in (facts.legs[name] for name in position.legs) if leg.leg.role == "STOP_LOSS"]
    alive = [leg for leg in stops if leg.is_alive]
    if any(leg.status in _UNSURE for leg in alive):
        return False
    return sum((leg.remaining for leg in alive if leg.status == "WORKING"), ZERO) == position.executed_open


def _watch(context: Context, bead: Bead) -> Said:
    """Start an exposure with the bead that opens it, and end it with the one that covers it."""
    position = context.facts.positions.get(_position_id(context.facts, bead) or "")
    if position is None:
        return
    open_quantity = position.executed_open if position.is_derivable else position.stated_open
    if open_quantity == ZERO or is_exact(context.facts, position):
        position.exposed_since = None
    elif position.exposed_since is None:
        position.exposed_since = bead.timestamp
        yield _told(context, position, bead.timestamp)


def _position_id(facts: Facts, bead: Bead) -> str | None:
    """The position a bead is about, by its own word or by that of the order it names."""
    named: str | None = bead.payload["position_id"]
    leg = facts.legs.get(bead.payload.get("client_order_id") or "")
    return leg.position_id if named is None and leg is not None else named


def _told(context: Context, position: Position, since: datetime) -> Promise:
    facts, limits = context.facts, context.limits
    return Promise(
        kept=lambda until: facts.critical_alert(position.position_id, since - limits.tolerance, until),
        otherwise=f"position {position.position_id} was open without exact protection since {since}, "
        "and no CRITICAL alert names it",
        due=context.after(since, limits.protection_grace_s),
        grace_s=limits.protection_grace_s,
        off=lambda: position.exposed_since != since,
    )


def _claimed_rightly(context: Context, bead: Bead) -> Said:
    position = context.facts.positions.get(bead.payload["position_id"])
    if position is None or not position.is_derivable or bead.payload["open_quantity"] == ZERO:
        return
    if bead.payload["protection"] == "EXACT" and not is_exact(context.facts, position):
        yield f"position {position.position_id} claims EXACT protection, its orders say otherwise"


def _look_at_position(context: Context, bead: Bead) -> Said:
    yield from _claimed_rightly(context, bead)
    yield from _watch(context, bead)


def _child_rejected(context: Context, bead: Bead) -> Said:
    """A protective child that the broker rejects is told of at once, under a resting entry too."""
    leg = context.facts.legs.get(bead.payload["client_order_id"] or "")
    position = None if leg is None else context.facts.positions.get(leg.position_id or "")
    if leg is None or position is None or leg.leg.role not in ("STOP_LOSS", "TAKE_PROFIT"):
        return
    facts, limits, since = context.facts, context.limits, bead.timestamp
    yield Promise(
        kept=lambda until: facts.critical_alert(position.position_id, since - limits.tolerance, until),
        otherwise=f"order {leg.leg.reference} was rejected, and no CRITICAL alert names {position.position_id}",
        due=context.after(since, limits.protection_grace_s),
        grace_s=limits.protection_grace_s,
        off=lambda: position.state in TERMINAL and position.executed_open == ZERO,
    )


PROTECT = Rule(
    "INV-PROTECT-1",
    before={"ORDER:REJECTED": _child_rejected},
    after={"EXECUTION": _watch, "ORDER": _watch, "POSITION": _look_at_position},
    touched_by=("EXECUTION",),
)
