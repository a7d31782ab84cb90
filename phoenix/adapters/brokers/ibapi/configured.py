"""The entry point of the adapter `ibapi`."""

from __future__ import annotations

from phoenix.adapters.brokers.ibapi.line import IbapiLine
from phoenix.ports.broker import Broker
from phoenix.ports.broker_factory import BrokerContext


def create(context: BrokerContext) -> Broker:
    """The IBKR broker over ibapi, from its options. Raises ConfigurationError."""
    from phoenix.adapters.ibkr.configured import ibkr_broker

    return ibkr_broker("ibapi", context, IbapiLine)
