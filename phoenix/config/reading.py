"""Reading the configuration: command line over environment over file over defaults; wrong keys are named."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from phoenix.adapters.files import read_file
from phoenix.adapters.setting_problems import MISSPELT, setting_problem
from phoenix.config.names import ENV_PREFIX, is_setting
from phoenix.config.places import clashes
from phoenix.config.settings import Settings
from phoenix.ports.errors import ConfigurationError

FILE, ENVIRONMENT, COMMAND_LINE = "file", "environment", "command line"


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings from one place, as they stand there; a later layer goes before an earlier one."""

    place: str
    values: Mapping[str, Any]


def read_settings(path: Path | None = None, overrides: Mapping[str, str] | None = None) -> Settings:
    """The checked settings. `overrides` are dotted keys from the command line. Raises ConfigurationError."""
    settings, problems = _checked(path, read_layers(path, overrides))
    if settings is None or problems:
        raise ConfigurationError(problems[0])
    return settings


def read_layers(path: Path | None = None, overrides: Mapping[str, str] | None = None) -> tuple[Layer, ...]:
    """What the file, the environment and the command line set, unchecked. Raises ConfigurationError."""
    return (
        Layer(FILE, table_of(path)), Layer(ENVIRONMENT, _from_environment()),
        Layer(COMMAND_LINE, _from_overrides(overrides or {})),
    )  # fmt: skip


def problems_with(path: Path | None) -> list[str]:
    """Everything for which `read_settings` would refuse, each naming its key; nothing where it would not."""
    try:
        return _checked(path, read_layers(path))[1]
    except ConfigurationError as error:
        return [str(error)]


def _checked(path: Path | None, layers: Iterable[Layer]) -> tuple[Settings | None, list[str]]:
    """The settings, where there are any, and everything that is wrong with them."""
    try:
        settings = Settings.model_validate(_merged(layers))
    except ValidationError as error:
        return None, _problems(error)
    return settings, [] if path is None else clashes(settings, path)


def table_of(path: Path | None) -> dict[str, Any]:
    """What a TOML file says; nothing without one. Raises ConfigurationError."""
    if path is None:
        return {}
    try:
        return tomllib.loads(read_file(path).decode())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}). Name a readable TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is not TOML ({error}). Correct the file") from error


def _from_environment() -> dict[str, Any]:
    """The environment's part: PHOENIX_BROKER__ADAPTER sets broker.adapter. It takes a while to import, so only then."""
    if not any(map(is_setting, os.environ)):
        return {}
    from phoenix.config.environment import from_environment

    return from_environment(ENV_PREFIX)


def _from_overrides(overrides: Mapping[str, str]) -> dict[str, Any]:
    layer: dict[str, Any] = {}
    for key, value in overrides.items():
        *tables, name = key.split(".")
        table = layer
        for part in tables:
            table = table.setdefault(part, {})
        table[name] = value
    return layer


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        known = into.get(key)
        if isinstance(known, dict) and isinstance(value, Mapping):
            _merge(known, value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _merged(layers: Iterable[Layer]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for layer in layers:
        _merge(merged, layer.values)
    return merged


def _problems(error: ValidationError) -> list[str]:
    """Everything that is wrong, each by its dotted key; what is misspelt first, as others may be missing for it."""
    return [setting_problem(found) for found in sorted(error.errors(), key=lambda found: found["type"] != MISSPELT)]
