"""Where each effective setting comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from phoenix.config.names import variable_of
from phoenix.config.reading import ENVIRONMENT, Layer
from phoenix.config.settings import Settings

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A setting as it counts: its tables and key, its JSON value, and what set it: a file, a variable, the default."""

    key: tuple[str, ...]
    value: Any
    origin: str

    @property
    def name(self) -> str:
        return ".".join(self.key)


def effective_settings(settings: Settings, layers: Sequence[Layer]) -> list[EffectiveSetting]:
    """Every setting that counts, in the order of their declaration."""
    return [
        EffectiveSetting(key, value, _origin(key, layers))
        for key, value in _leaves((), settings.model_dump(mode="json"))
    ]


def _leaves(above: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves((*above, name), value)
        else:
            yield (*above, name), value


def _origin(key: tuple[str, ...], layers: Sequence[Layer]) -> str:
    """The last place that sets the key, or a table around it as a whole."""
    for layer in reversed(layers):
        if _sets(layer.values, key):
            return variable_of(key) if layer.place == ENVIRONMENT else layer.place
    return DEFAULT


def _sets(values: Mapping[str, Any], key: tuple[str, ...]) -> bool:
    found: Any = values
    for part in key:
        if not isinstance(found, Mapping):
            return True
        if part not in found:
            return False
        found = found[part]
    return True
