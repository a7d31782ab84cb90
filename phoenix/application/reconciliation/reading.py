"""Reading the broker's books: all of them, or no more than the question at hand depends on."""

from __future__ import annotations

from phoenix.application.reconciliation.matching import Index
from phoenix.application.reconciliation.reports import Reports, value_of
from phoenix.domain.numbers import ZERO
from phoenix.domain.state import State
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import BrokerOrder, Quote
from phoenix.ports.broker_reader import BrokerReader


async def read_reports(reader: BrokerReader, state: State, account: str, *, is_thorough: bool) -> Reports:
    """The broker's answers. Short of a thorough read, completed orders are left out where every order that may still
    do something is open there, and executions where no order has filled more there than here."""
    index = Index(state, account)
    open_orders = await reader.open_orders()
    completed = await reader.completed_orders() if is_thorough or index.lacks_any(value_of(open_orders)) else None
    holdings = await reader.holdings()
    orders: tuple[BrokerOrder, ...] = (*value_of(open_orders), *value_of(completed))
    executions = await reader.executions() if is_thorough or index.is_behind_any(orders) else None
    if not is_thorough:
        return Reports(open_orders, holdings, completed, executions)
    profit = await reader.profit_and_loss()
    return Reports(open_orders, holdings, completed, executions, profit, await _quotes(reader, state))


async def _quotes(reader: BrokerReader, state: State) -> dict[str, Answer[Quote]]:
    """A price of every instrument in which something is open; none that is in no way to be had."""
    open_pairs = {p.terms.pair for p in state.positions.values() if p.open_quantity != ZERO}
    quotes = {pair: await reader.quote(pair) for pair in sorted(open_pairs)}
    return {pair: quote for pair, quote in quotes.items() if not isinstance(quote, Unknown)}
