"""Profit on both sides. It moves with every price, so only changes since a baseline are compared, and roughly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from phoenix.application.reconciliation.reports import Reports
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.reconciliation.compare import ProfitDifference
from phoenix.domain.reconciliation.mismatch import ProfitBaseline
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import Side
from phoenix.ports.answers import Complete
from phoenix.ports.broker_facts import Quote


class Profits(NamedTuple):
    """Realised and unrealised profit in the account's currency, as each side has it."""

    ours: Decimal
    theirs: Decimal


def profits_of(state: State, reports: Reports) -> Profits | None:
    """Both profits; None where either side's is not known, or Phoenix holds what no position or no execution has."""
    answer = reports.profit
    theirs = answer.value if isinstance(answer, Complete) else None
    if theirs is None or theirs.realised is None or theirs.unrealised is None:
        return None
    if state.reconciliation.adjustments or state.strays:
        return None
    unrealised = list(_unrealised(state, reports))
    known = [amount for amount in unrealised if amount is not None]
    if len(known) < len(unrealised):
        return None
    return Profits(state.reconciliation.realised + sum(known, ZERO), theirs.realised + theirs.unrealised)


def difference_since(
    baseline: ProfitBaseline | None, profits: Profits, session_date: date, policy: ReconciliationPolicy
) -> list[ProfitDifference]:
    """How far the changes since this session's baseline are apart, where that is more than the tolerance."""
    if baseline is None or baseline.session_date != session_date:
        return []
    ours, theirs = profits.ours - baseline.ours, profits.theirs - baseline.theirs
    return [ProfitDifference(ours, theirs)] if abs(ours - theirs) > policy.pnl_tolerance else []


def new_baseline(
    baseline: ProfitBaseline | None, profits: Profits | None, session_date: date | None
) -> ProfitBaseline | None:
    """The baseline that begins here, if one does: there was none, or it was another session's."""
    if profits is None or session_date is None:
        return None
    if baseline is not None and baseline.session_date == session_date:
        return None
    return ProfitBaseline(profits.ours, profits.theirs, session_date)


def _unrealised(state: State, reports: Reports) -> Iterator[Decimal | None]:
    for position in in_order(state.positions):
        if position.open_quantity != ZERO:
            answer = reports.quotes.get(position.terms.pair)
            yield _profit_at(position, answer.value) if isinstance(answer, Complete) else None


def _profit_at(position: Position, quote: Quote) -> Decimal | None:
    """What closing now would bring. What was adopted, adjusted or handed over has no price of its own to count from."""
    average = position.fills.average_entry_price
    if average is None or position.adjusted or position.adopted_from is not None or position.handed_over:
        return None
    is_long = position.terms.side is Side.LONG
    price = quote.bid if is_long else quote.ask
    distance = price - average if is_long else average - price
    return position.money_rule.money(distance * position.open_quantity, price)
