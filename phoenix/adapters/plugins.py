"""Finding what a configuration names among the entry points of installed packages: ours and those of third parties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeAlias

from phoenix.ports.errors import ConfigurationError

Loaded: TypeAlias = Callable[..., Any]


def load_named(group: str, setting: str, name: str, argument: str, found: Iterable[EntryPoint] | None = None) -> Loaded:
    """The callable called `name` in a group; only this one is imported. Raises ConfigurationError.

    `argument` is what the callable takes, for the message about one that is none.
    """
    candidates = list(entry_points(group=group) if found is None else found)
    matching = [point for point in candidates if point.name == name]
    if not matching:
        known = ", ".join(sorted({point.name for point in candidates})) or "none"
        raise ConfigurationError(
            f"{setting}: no adapter is called {name!r}. Installed adapters: {known}. Use one of them, or install "
            f"the package that brings it"
        )
    if len({point.value for point in matching}) > 1:
        values = ", ".join(sorted({point.value for point in matching}))
        raise ConfigurationError(
            f"{setting}: several packages bring an adapter called {name!r} ({values}). Uninstall all but one"
        )
    return _load(matching[0], setting, argument)


def _load(point: EntryPoint, setting: str, argument: str) -> Loaded:
    try:
        loaded = point.load()
    except (ImportError, AttributeError) as error:
        raise ConfigurationError(
            f"{setting}: the adapter {point.name!r} ({point.value}) does not load: {error}. Repair or reinstall "
            f"its package"
        ) from error
    if not callable(loaded):
        raise ConfigurationError(
            f"{setting}: {point.value} is no factory but a {type(loaded).__name__}. Its entry point must name a "
            f"function that takes {argument}"
        )
    answer: Loaded = loaded
    return answer
