"""The settings that the environment gives."""

from __future__ import annotations

from typing import Any

from pydantic import create_model
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from phoenix.config.settings import Settings


def from_environment(prefix: str) -> dict[str, Any]:
    """What the variables with this prefix set, by table: PREFIX_TABLE__KEY."""
    tables: dict[str, Any] = {name: (dict[str, Any], {}) for name in Settings.model_fields}

    class _Prefixed(BaseSettings):
        model_config = SettingsConfigDict(env_prefix=prefix, env_nested_delimiter="__", extra="ignore")

    return EnvSettingsSource(create_model("Environment", __base__=_Prefixed, **tables))()
