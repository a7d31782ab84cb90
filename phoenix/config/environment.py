"""The settings that the environment gives."""

from __future__ import annotations

import os
from typing import Any

from pydantic import create_model
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from phoenix.config.names import ALIASES, NESTED_BY, variable_of
from phoenix.config.settings import Settings
from phoenix.ports.errors import ConfigurationError


def from_environment(prefix: str) -> dict[str, Any]:
    """What the variables with this prefix set, by table: PREFIX_TABLE__KEY.

    Raises ConfigurationError, naming the variable, where no such table exists.
    """
    _require_tables(prefix)
    tables: dict[str, Any] = {name: (dict[str, Any], {}) for name in Settings.model_fields}

    class _Prefixed(BaseSettings):
        model_config = SettingsConfigDict(env_prefix=prefix, env_nested_delimiter=NESTED_BY, extra="ignore")

    source = EnvSettingsSource(create_model("Environment", __base__=_Prefixed, **tables))
    source.env_vars = {name: value for name, value in source.env_vars.items() if NESTED_BY in name}
    return _with_aliases(source())


def _with_aliases(tables: dict[str, Any]) -> dict[str, Any]:
    """With what the variables of other names set. Raises ConfigurationError where both names set it, and differ."""
    for name in sorted(os.environ):
        if name.upper() not in ALIASES:
            continue
        table, key = ALIASES[name.upper()]
        values = tables.setdefault(table, {})
        if values.setdefault(key, os.environ[name]) != os.environ[name]:
            raise ConfigurationError(f"{name}: {variable_of((table, key))} says otherwise. Unset one of the two")
    return tables


def _require_tables(prefix: str) -> None:
    """Without this, a misspelt table would be passed over in silence. Names without a key are no settings."""
    for name in sorted(os.environ):
        table, nested, _ = name[len(prefix) :].lower().partition(NESTED_BY)
        if name.upper().startswith(prefix) and nested and table not in Settings.model_fields:
            raise ConfigurationError(
                f"{name}: this variable of the environment is no setting, for there is no table {table!r}. Correct the "
                "spelling or unset it"
            )
