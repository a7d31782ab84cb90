"""Finding a broker adapter by the name it has in the configuration: ours or a third party's, all by entry point."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from phoenix.ports.broker_factory import BrokerFactory
from phoenix.ports.errors import ConfigurationError

GROUP = "phoenix.brokers"


def load_broker_factory(name: str, found: Iterable[EntryPoint] | None = None) -> BrokerFactory:
    """The factory of the adapter called `name`. Only this one is imported. Raises ConfigurationError."""
    candidates = list(entry_points(group=GROUP) if found is None else found)
    matching = [point for point in candidates if point.name == name]
    if not matching:
        known = ", ".join(sorted({point.name for point in candidates})) or "none"
        raise ConfigurationError(
            f"broker.adapter: no adapter is called {name!r}. Installed adapters: {known}. Use one of them, or install "
            f"the package that brings it"
        )
    if len({point.value for point in matching}) > 1:
        values = ", ".join(sorted({point.value for point in matching}))
        raise ConfigurationError(
            f"broker.adapter: several packages bring an adapter called {name!r} ({values}). Uninstall all but one"
        )
    return _load(matching[0])


def _load(point: EntryPoint) -> BrokerFactory:
    try:
        factory = point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"broker.adapter: the adapter {point.name!r} ({point.value}) does not load: {error}. Repair or reinstall "
            f"its package"
        ) from error
    if not callable(factory):
        raise ConfigurationError(
            f"broker.adapter: {point.value} is no factory but a {type(factory).__name__}. Its entry point must name a "
            f"function that takes a BrokerContext"
        )
    loaded: BrokerFactory = factory
    return loaded
