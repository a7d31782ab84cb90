"""The entry point of the adapter `ib_insync`."""

from __future__ import annotations

from phoenix.adapters.brokers.ib_insync.line import IbInsyncLine
from phoenix.ports.broker import Broker
from phoenix.ports.broker_factory import BrokerContext


def create(context: BrokerContext) -> Broker:
    """The IBKR broker over ib_insync, from its options. Raises ConfigurationError."""
    from phoenix.adapters.ibkr.configured import ibkr_broker

    return ibkr_broker("ib_insync", context, IbInsyncLine)
