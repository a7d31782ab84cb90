"""Reading the configuration: command line over environment over file over defaults; wrong keys are named."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from phoenix.config.settings import Settings
from phoenix.ports.errors import ConfigurationError

ENV_PREFIX = "PHOENIX_"


def read_settings(path: Path | None = None, overrides: Mapping[str, str] | None = None) -> Settings:
    """The checked settings. `overrides` are dotted keys from the command line. Raises ConfigurationError."""
    merged: dict[str, Any] = {}
    for layer in (_from_file(path), _from_environment(), _from_overrides(overrides or {})):
        _merge(merged, layer)
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        raise _named(error) from error


def _from_file(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}). Name a readable TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: is not TOML ({error}). Correct the file") from error


def _from_environment() -> dict[str, Any]:
    """The environment's part: PHOENIX_BROKER__ADAPTER sets broker.adapter. It takes a while to import, so only then."""
    if not any(name.upper().startswith(ENV_PREFIX) for name in os.environ):
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


def _named(error: ValidationError) -> ConfigurationError:
    """The first thing wrong, by its dotted key, with what was found there."""
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"]) or "configuration"
    if first["type"] == "extra_forbidden":
        return ConfigurationError(f"{key}: no such setting. Correct the spelling or remove it")
    return ConfigurationError(f"{key}: {first['msg']} (found {first['input']!r}). Correct it in the configuration")
