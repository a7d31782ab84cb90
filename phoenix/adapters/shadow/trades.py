"""One shadow trade: a signal's entry, then its stop and target, met by prices under the simulator's own rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.adapters.simulation.matching import execution_price
from phoenix.adapters.simulation.orders import OrderRequest
from phoenix.adapters.simulation.prices import PriceBar
from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.change import replace
from phoenix.domain.encoding import Json
from phoenix.domain.order_plan import action_of, opposite
from phoenix.domain.profit import MoneyRule
from phoenix.domain.promotion.checks import shadow_position_id
from phoenix.domain.vocabulary import Action, ExitReason, LegRole, OrderType, Side, TimeInForce

_ACCOUNT = "SHADOW"


@dataclass(frozen=True, slots=True)
class ShadowTrade:
    """A followed signal. Without `opened_at` its entry still waits, until `lapses_at` where it has one.

    `equity` is what it was sized on; `closed_at` and what belongs to it are set at its end.
    """

    signal_id: str
    strategy_id: str
    pair: str
    side: Side
    order_type: OrderType
    setup_type: str
    quantity: Decimal
    entry: Decimal
    stop: Decimal
    target: Decimal
    money_rule: MoneyRule
    equity: Decimal
    evidence: Json
    eligible_at: datetime
    lapses_at: datetime | None = None
    opened_at: datetime | None = None
    entry_price: Decimal | None = None
    closed_at: datetime | None = None
    exit_price: Decimal | None = None
    exit_reason: ExitReason | None = None

    @property
    def pnl(self) -> Decimal:
        """What it realised, in the account's currency; only once it is closed."""
        assert self.entry_price is not None
        assert self.exit_price is not None
        gain = self.exit_price - self.entry_price if self.side is Side.LONG else self.entry_price - self.exit_price
        return self.money_rule.money(gain * self.quantity, self.exit_price)

    def autopsy_input(self) -> AutopsyInput:
        """What an autopsy is given of it; only once it is closed."""
        assert self.opened_at is not None
        assert self.closed_at is not None
        return AutopsyInput(
            position_id=shadow_position_id(self.signal_id), signal_id=self.signal_id, strategy_id=self.strategy_id,
            pair=self.pair, side=self.side, setup_type=self.setup_type, entry_price=self.entry, stop_price=self.stop,
            target_price=self.target, average_entry_price=self.entry_price, average_exit_price=self.exit_price,
            pnl=self.pnl, equity=self.equity, opened_at=self.opened_at, closed_at=self.closed_at,
            exit_reason=self.exit_reason, evidence=self.evidence, evidence_hash=None, shadow=True,
        )  # fmt: skip


def met(trade: ShadowTrade, bar: PriceBar) -> ShadowTrade:
    """The trade after one price event. Exits are looked for from the next event on, the stop before the target."""
    if trade.opened_at is None:
        return _entered(trade, bar)
    if bar.start <= trade.opened_at:
        return trade
    for request, reason in _exits(trade):
        price = execution_price(request, bar)
        if price is not None:
            return replace(trade, closed_at=bar.start, exit_price=price, exit_reason=reason)
    return trade


def _entered(trade: ShadowTrade, bar: PriceBar) -> ShadowTrade:
    if bar.start < trade.eligible_at:
        return trade
    limit = trade.entry if trade.order_type is OrderType.LIMIT else None
    price = execution_price(_request(trade, action_of(trade.side), trade.order_type, LegRole.ENTRY, limit=limit), bar)
    return trade if price is None else replace(trade, opened_at=bar.start, entry_price=price)


def _exits(trade: ShadowTrade) -> tuple[tuple[OrderRequest, ExitReason], ...]:
    """Stop and target in the order of precedence that the simulator gives them within one event."""
    action = opposite(action_of(trade.side))
    return (
        (_request(trade, action, OrderType.STOP, LegRole.STOP_LOSS, stop=trade.stop), ExitReason.STOP_LOSS),
        (_request(trade, action, OrderType.LIMIT, LegRole.TAKE_PROFIT, limit=trade.target), ExitReason.TAKE_PROFIT),
    )


def _request(
    trade: ShadowTrade, action: Action, order_type: OrderType, role: LegRole, *, limit: Decimal | None = None,
    stop: Decimal | None = None,
) -> OrderRequest:  # fmt: skip
    """The order that a broker would hold; it only serves to ask the matching rules."""
    return OrderRequest(
        account=_ACCOUNT, pair=trade.pair, action=action, order_type=order_type, quantity=trade.quantity,
        time_in_force=TimeInForce.GTC, session_order_id=0, limit_price=limit, stop_price=stop, role=role,
    )  # fmt: skip
