"""Finding a broker adapter by the name it has in the configuration: ours or a third party's, all by entry point."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint

from phoenix.adapters.plugins import load_named
from phoenix.ports.broker_factory import BrokerFactory

GROUP = "phoenix.brokers"


def load_broker_factory(name: str, found: Iterable[EntryPoint] | None = None) -> BrokerFactory:
    """The factory of the adapter called `name`. Only this one is imported. Raises ConfigurationError."""
    return load_named(GROUP, "broker.adapter", name, "a BrokerContext", found)
