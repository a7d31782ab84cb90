"""What the broker reported of a thing to adopt. A human's word may repeat it, and never overrules it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from phoenix.application.settling.settlement import number_of, text_of
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.numbers import decimal_text
from phoenix.domain.order_plan import action_of
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import in_order
from phoenix.domain.stated_order import StatedOrder
from phoenix.domain.vocabulary import RefusalReason, Side

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Holding:
    """What is there to adopt: a quantity (unsigned) of an instrument, and the side it is on.

    `former` is the position that had it and had ended, `execution_id` the execution of nobody's that brought it.
    """

    pair: str
    side: Side
    quantity: Decimal
    price: Decimal
    strategy_id: str
    former: Position | None = None
    execution_id: str | None = None


def require_stated(work: Work, permanent_id: str) -> StatedOrder:
    """An external order as the broker's books state it now. Raises Refused where they do not show it."""
    stated = work.state.stated_orders.get(permanent_id)
    if stated is None or stated.quantity is None:
        raise Refused(
            RefusalReason.UNKNOWN_OUTCOME, "permanent_id", f"the broker's books do not say what {permanent_id} is",
            "Look it up in the broker's own terminal; what it executed is adopted by its execution",
        )  # fmt: skip
    require_own_account(work, stated.account)
    if stated.status.is_ended and not _parked_of(work, permanent_id):
        raise Refused(
            RefusalReason.WRONG_STATE, "permanent_id",
            f"order {permanent_id} is {stated.status.value}, and nothing that it executed waits", "Leave it",
        )  # fmt: skip
    return stated


def require_own_account(work: Work, account: str) -> None:
    """Raise Refused for what belongs to another account than Phoenix's; a blank one says nothing."""
    own = work.policy.account.account
    if account and account != own:
        raise _contradicted("account", own, account)


def holding_of(decision: DecisionPayload, stated: StatedOrder) -> Holding:
    """What an external order is to fill. A price that the broker did not state is the human's to say."""
    if stated.quantity is None:
        raise ValueError("an order without a quantity cannot be adopted")
    price = number_of(decision, "entry_price") if stated.price is None else stated.price
    return Holding(stated.pair, stated.side, stated.quantity, price, text_of(decision, "strategy_id"))


def require_agreement(decision: DecisionPayload, holding: Holding) -> None:
    """Raise Refused where a decision says of the broker's own facts something that the broker did not."""
    _agree(decision, "pair", holding.pair, text_of)
    _agree(decision, "side", holding.side, _side)
    _agree(decision, "quantity", holding.quantity, number_of)
    _agree(decision, "entry_price", holding.price, number_of)
    _agree(decision, "strategy_id", holding.strategy_id, text_of)


def require_fitting_executions(work: Work, permanent_id: str, holding: Holding) -> None:
    """Raise Refused where what an order has executed already could not be booked on it."""
    for parked in _parked_of(work, permanent_id):
        if parked.pair != holding.pair or parked.action is not action_of(holding.side):
            raise Refused(
                RefusalReason.CONFLICT, "permanent_id",
                f"the books state {action_of(holding.side).value} {holding.pair}, its execution {parked.execution_id} "
                f"is {parked.action.value if parked.action else 'of no side'} {parked.pair}",
                "Look it up in the broker's own terminal; adopt the execution by itself",
            )  # fmt: skip


def _parked_of(work: Work, permanent_id: str) -> list[ExecutionPayload]:
    return [parked for parked in in_order(work.state.parked) if parked.permanent_id == permanent_id]


def _agree(decision: DecisionPayload, name: str, known: T, read: Callable[[DecisionPayload, str], T]) -> None:
    detail = decision.detail
    if not isinstance(detail, Mapping) or detail.get(name) is None:
        return
    said = read(decision, name)
    if said != known:
        raise _contradicted(name, said, known)


def _contradicted(name: str, said: object, known: object) -> Refused:
    known_from = "its former position had" if name == "strategy_id" else "the broker reported"
    return Refused(
        RefusalReason.CONFLICT, name, f"{_words(said)} was said, and {_words(known)} is what {known_from}",
        f"Leave it out, or say what {known_from}",
    )  # fmt: skip


def _words(value: object) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else str(value)


def _side(decision: DecisionPayload, name: str) -> Side:
    text = text_of(decision, name)
    if text not in set(Side):
        raise Refused(RefusalReason.MALFORMED, name, f"{text!r} is no side", "Use LONG or SHORT")
    return Side(text)
