"""From what TWS says to the broker port's values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from phoenix.adapters.ibkr.meanings import (
    ACTION_OF,
    ORDER_TYPE_OF,
    TIME_IN_FORCE_OF,
    ended_status_of,
    status_of,
)
from phoenix.adapters.ibkr.names import KnownOrder
from phoenix.adapters.ibkr.numbers import exact
from phoenix.adapters.ibkr.said import ContractSaid, DetailsSaid, ExecutionSaid, HoldingSaid, OrderSaid
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import Action, OrderStatus, OrderType
from phoenix.ports.answers import Answer, Complete, Unknown
from phoenix.ports.broker_events import ExecutionReported
from phoenix.ports.broker_facts import AccountSnapshot, BrokerOrder, ContractDetails, Holding

_EQUITY, _CASH, _MARGIN, _POWER = "NetLiquidation", "TotalCashValue", "FullMaintMarginReq", "BuyingPower"
ACCOUNT_TAGS = ",".join((_EQUITY, _CASH, _MARGIN, _POWER))


class Untranslatable(Exception):
    """A word that no table has. What it was said of cannot be stated."""


class Pairs:
    """Contracts by the names that instruments have here."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._by_contract = {
            (item.symbol, item.security_type, item.currency): pair for pair, item in instruments.items()
        }

    def name(self, contract: ContractSaid) -> str:
        """The configured name; anything else is called after its symbol, currency and, unless cash, its kind."""
        key = (contract.symbol, contract.security_type, contract.currency)
        plain = contract.symbol + contract.currency
        return self._by_contract.get(key) or (plain if contract.security_type == "CASH" else f"{plain} {key[1]}")


def working_order(said: OrderSaid, known: KnownOrder, own_client_id: int, pairs: Pairs) -> BrokerOrder:
    """An order of the open ones, with what was heard of it last: it may have ended while the answer came.

    Raises Untranslatable where it neither buys nor sells.
    """
    status = known.status
    word = said.status if known.word is None else known.word
    why_held = None if status is None else status.why_held
    filled = None if status is None else status.filled
    remaining = None if status is None else status.remaining
    return _order(
        said, pairs, said.order_id if said.client_id == own_client_id else None, said.quantity, filled, remaining,
        status_of(word, why_held, said.order_type), why_held,
    )  # fmt: skip


def ended_order(said: OrderSaid, pairs: Pairs) -> BrokerOrder:
    """A completed order; a filled one comes without its quantity. Raises Untranslatable."""
    return _order(
        said, pairs, None, said.quantity or None, said.filled_quantity, None,
        ended_status_of(said.status, said.completed_status), None,
    )  # fmt: skip


def _order(
    said: OrderSaid, pairs: Pairs, session_order_id: int | None, quantity: Decimal | None, filled: Decimal | None,
    remaining: Decimal | None, status: OrderStatus, why_held: str | None,
) -> BrokerOrder:  # fmt: skip
    order_type = ORDER_TYPE_OF.get(said.order_type)
    return BrokerOrder(
        reference=said.reference,
        session_order_id=session_order_id,
        permanent_id=None if said.permanent_id is None else str(said.permanent_id),
        account=said.account,
        pair=pairs.name(said.contract),
        action=_action(said.action),
        order_type=order_type,
        quantity=quantity,
        filled_quantity=filled,
        remaining_quantity=remaining,
        limit_price=said.limit_price if order_type is OrderType.LIMIT else None,
        stop_price=said.auxiliary_price if order_type is OrderType.STOP else None,
        time_in_force=TIME_IN_FORCE_OF.get(said.time_in_force),
        status=status,
        why_held=why_held,
    )


def execution(said: ExecutionSaid, own_client_id: int, pairs: Pairs, now: datetime) -> ExecutionReported:
    """An execution, a correction or, with no quantity left, a bust. Raises Untranslatable; so does less than nothing.

    Where the wire gave no instant, `now`, when it was heard, stands in: an execution is never dropped.
    """
    if said.quantity < ZERO:
        raise Untranslatable(f"{said.quantity} is no quantity of an execution")
    return ExecutionReported(
        execution_id=said.execution_id,
        reference=said.reference,
        session_order_id=said.order_id if said.client_id == own_client_id and said.order_id > 0 else None,
        permanent_id=None if said.permanent_id is None else str(said.permanent_id),
        account=said.account,
        pair=pairs.name(said.contract),
        action=_action(said.side),
        quantity=said.quantity,
        price=said.price,
        executed_at=said.executed_at or now,
        is_bust=said.quantity == ZERO,
    )


def holding(said: HoldingSaid, pairs: Pairs) -> Holding:
    return Holding(said.account, pairs.name(said.contract), said.quantity, said.average_cost)


def snapshot(answer: Answer[list[Any]], policy: AccountPolicy) -> Answer[AccountSnapshot]:
    """The account from its values, each a tag, a number's text and a currency. Equity and cash must be among them."""
    if isinstance(answer, Unknown):
        return answer
    values: dict[str, Decimal] = {}
    currencies: dict[str, str] = {}
    for tag, text, currency in answer.value:
        number = exact(text)
        if number is None:
            return Unknown(f"the account's {tag} is {text[:40]!r}, which is no number")
        values[tag], currencies[tag] = number, currency
    if _EQUITY not in values or _CASH not in values:
        return Unknown(
            f"the gateway does not say the account's {_CASH if _EQUITY in values else _EQUITY}",
            "Wait until the gateway has loaded its account, and compare account.id with its login",
        )
    if len(set(currencies.values())) > 1:
        return Unknown(f"the account is stated in several currencies: {', '.join(sorted(set(currencies.values())))}")
    stated = AccountSnapshot(
        policy.account, policy.mode, currencies[_EQUITY], values[_EQUITY], values[_CASH], values.get(_MARGIN),
        values.get(_POWER), answer.as_of,
    )  # fmt: skip
    return Complete(stated, answer.as_of)


def details(pair: str, answer: Answer[list[Any]]) -> Answer[ContractDetails]:
    """What the broker says of an instrument, where it knows exactly one contract that is meant."""
    if isinstance(answer, Unknown):
        return answer
    if len(answer.value) != 1:
        return Unknown(f"the gateway knows {len(answer.value)} contracts that {pair} could be")
    said: DetailsSaid = answer.value[0]
    if said.minimum_tick is None:
        return Unknown(f"the gateway does not say the tick of {pair}")
    stated = ContractDetails(
        pair, said.minimum_tick, said.minimum_size, said.size_increment, said.contract.currency
    )  # fmt: skip
    return Complete(stated, answer.as_of)


def _action(word: str) -> Action:
    action = ACTION_OF.get(word)
    if action is None:
        raise Untranslatable(f"{word[:40]!r} is neither a purchase nor a sale")
    return action
