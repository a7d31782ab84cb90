"""An order and a security for the tests of what goes out."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from phoenix.adapters.gateway.wire.replies import OrderView, Security

AT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
EURUSD = Security(
    contract_id=12087792,
    symbol="EUR",
    security_type="CASH",
    exchange="IDEALPRO",
    currency="USD",
    local_symbol="EUR.USD",
    trading_class="EUR.USD",
    long_name="Euro \\ naïve",
    minimum_tick=Decimal("0.00005"),
    size_increment=Decimal("0.5"),
    market_rule_id=239,
)
WORKING = OrderView(
    order_id=17,
    client_id=3,
    permanent_id=1812345678,
    parent_id=16,
    parent_permanent_id=1812345677,
    reference="px-1",
    account="DU1",
    security=EURUSD,
    action="BUY",
    order_type="STP LMT",
    quantity=Decimal(20000),
    limit_price=Decimal("1.26"),
    auxiliary_price=Decimal("0.00005"),
    time_in_force="GTC",
    oca_group="g",
    oca_type=3,
    status="PreSubmitted",
    outside_hours=True,
    what_if=True,
)
