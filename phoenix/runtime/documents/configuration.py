"""The effective configuration as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from phoenix.config.origins import EffectiveSetting


def settings_document(settings: Sequence[EffectiveSetting], *, with_origin: bool) -> dict[str, Any]:
    """Tables within tables; with origins, each setting is its `value` and its `origin`."""
    document: dict[str, Any] = {}
    for setting in settings:
        *tables, name = setting.key
        table = document
        for part in tables:
            table = table.setdefault(part, {})
        table[name] = {"value": setting.value, "origin": setting.origin} if with_origin else setting.value
    return document
