"""The effective configuration as TOML."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import groupby

from phoenix.cli.plain import plain
from phoenix.config.origins import EffectiveSetting

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LIFTED = "none"


def settings_lines(settings: Sequence[EffectiveSetting], *, with_origin: bool) -> list[str]:
    """A table to a paragraph; where asked for, each setting's origin is a comment behind it."""
    lines: list[str] = []
    by_table = sorted(settings, key=lambda setting: setting.key[:-1])
    for table, members in groupby(by_table, key=lambda setting: setting.key[:-1]):
        lines += ["", f"[{'.'.join(map(_key, table))}]"]
        assigned = [(f"{_key(member.key[-1])} = {_value(member.value)}", member.origin) for member in members]
        width = max(len(text) for text, _ in assigned)
        lines += [plain(f"{text:<{width}}  # {origin}" if with_origin else text) for text, origin in assigned]
    return lines[1:]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)


def _value(value: object) -> str:
    """A TOML value. A limit without a value is one that was lifted by a word."""
    if value is None:
        return json.dumps(_LIFTED)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
