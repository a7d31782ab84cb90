"""What the account is worth at the prices of the moment."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation.world import World
from phoenix.domain.numbers import ZERO


def equity(world: World) -> Decimal:
    """Cash and the open lots' profit at the prices they could be closed at."""
    return world.account.balance + unrealised(world)


def unrealised(world: World) -> Decimal:
    """Profit of the open lots; what the broker makes no prices for at all is carried at cost."""

    def price_of(pair: str, quantity: Decimal) -> tuple[Decimal, Decimal | None]:
        quote = world.market_quote(pair)
        if quote is None:
            raise LookupError(f"{pair} has no price at {world.now.isoformat()}")
        return (quote.bid if quantity > ZERO else quote.ask), world.cross_rate(pair)

    return world.account.unrealised(price_of, world.feeds)


def margin_used(world: World) -> Decimal:
    """What the open holdings bind of the equity."""
    if world.options.margin_rate == ZERO:
        return ZERO
    total = ZERO
    for pair, net in world.account.nets.items():
        quote = world.market_quote(pair)
        if quote is not None:
            notional = world.account.money(pair, abs(net.quantity) * quote.ask, quote.ask, world.cross_rate(pair))
            total += notional * world.options.margin_rate
    return total
