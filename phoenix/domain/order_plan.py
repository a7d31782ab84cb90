"""The order an approval covers: its terms, the group of legs they become, and the hash that ties the two together."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from uuid import UUID

from phoenix.domain.encoding import Json, content_hash
from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import decimal_text
from phoenix.domain.vocabulary import Action, LegRole, OrderType, Side, TimeInForce

REFERENCE_LENGTH_MAX = 32
_PREFIX = "PX"
_SUFFIX = {LegRole.ENTRY: "E", LegRole.STOP_LOSS: "S", LegRole.TAKE_PROFIT: "T", LegRole.EXIT: "X"}


@dataclass(frozen=True, slots=True)
class Leg:
    """One order of a group. `reference` is ours, travels as the broker's orderRef, and is unique for ever."""

    role: LegRole
    action: Action
    order_type: OrderType
    quantity: Decimal
    time_in_force: TimeInForce
    reference: str
    session_order_id: int
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None

    def terms(self) -> Json:
        """What a human approved of this leg: everything but the names that are given to it on the way out."""
        return {
            "role": self.role.value,
            "action": self.action.value,
            "order_type": self.order_type.value,
            "quantity": decimal_text(self.quantity),
            "time_in_force": self.time_in_force.value,
            "limit_price": _optional(self.limit_price),
            "stop_price": _optional(self.stop_price),
        }


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """A group of legs for one account and instrument, sent once.

    With an ENTRY leg and others it is a bracket: the others are its children, inactive until it fills, and one
    cancels the other. Two protective legs without an entry form a one-cancels-other pair.
    """

    order_group_id: str
    account: str
    pair: str
    legs: tuple[Leg, ...]

    @property
    def entry(self) -> Leg | None:
        return next((leg for leg in self.legs if leg.role is LegRole.ENTRY), None)

    def leg(self, role: LegRole) -> Leg | None:
        return next((leg for leg in self.legs if leg.role is role), None)

    def terms(self) -> Json:
        return {"account": self.account, "pair": self.pair, "legs": [leg.terms() for leg in self.legs]}

    def order_hash(self) -> str:
        """SHA-256 over the terms; the approved bundle carries the same hash."""
        return content_hash(self.terms())


def leg_reference(order_group_id: str, role: LegRole) -> str:
    """The client order id of a leg: at most 32 ASCII characters, derived from the group's UUID alone."""
    return f"{_reference_stem(order_group_id)}-{_SUFFIX[role]}"


def is_own_reference(reference: str | None) -> bool:
    """Whether an order's reference is one that Phoenix makes."""
    return reference is not None and reference.startswith(_PREFIX)


@lru_cache(maxsize=64)
def _reference_stem(order_group_id: str) -> str:
    digits = b32encode(UUID(order_group_id).bytes).decode().rstrip("=")
    return f"{_PREFIX}{digits}"


def action_of(side: Side) -> Action:
    """The action that opens a position of this side."""
    return Action.BUY if side is Side.LONG else Action.SELL


def opposite(action: Action) -> Action:
    return Action.SELL if action is Action.BUY else Action.BUY


@dataclass(frozen=True, slots=True)
class EntryTerms:
    """What an approved entry will send, before ids are reserved for it."""

    account: str
    pair: str
    side: Side
    quantity: Decimal
    order_type: OrderType
    time_in_force: TimeInForce
    entry_price: Decimal
    stop_price: Decimal
    target_price: Decimal


def bracket_plan(terms: EntryTerms, order_group_id: str, first_session_order_id: int) -> OrderPlan:
    """The bracket of an entry: parent, take-profit and stop-loss. Protective children are always GTC (SPEC 3.6)."""
    if terms.quantity <= 0:
        raise InvalidValue("quantity", f"{terms.quantity} is not above zero", "Size the order first")
    entry, exit_ = action_of(terms.side), opposite(action_of(terms.side))
    limit = terms.entry_price if terms.order_type is OrderType.LIMIT else None

    def leg(
        role: LegRole, action: Action, kind: OrderType, offset: int, tif: TimeInForce, **prices: Decimal | None
    ) -> Leg:
        return Leg(
            role=role, action=action, order_type=kind, quantity=terms.quantity, time_in_force=tif,
            reference=leg_reference(order_group_id, role), session_order_id=first_session_order_id + offset, **prices,
        )  # fmt: skip

    legs = (
        leg(LegRole.ENTRY, entry, terms.order_type, 0, terms.time_in_force, limit_price=limit),
        leg(LegRole.TAKE_PROFIT, exit_, OrderType.LIMIT, 1, TimeInForce.GTC, limit_price=terms.target_price),
        leg(LegRole.STOP_LOSS, exit_, OrderType.STOP, 2, TimeInForce.GTC, stop_price=terms.stop_price),
    )
    return OrderPlan(order_group_id, terms.account, terms.pair, legs)


def _optional(price: Decimal | None) -> str | None:
    return None if price is None else decimal_text(price)
