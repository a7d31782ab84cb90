"""Kinds of settings with a rule of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from phoenix.adapters.setting_problems import refused_setting, shown_setting
from phoenix.domain.strategy_name import NAME_RULE, is_strategy_name

PATH_MAX, FILE_NAME_MAX = 2000, 200
"""The longest path, and the longest name in it, in bytes; a little is added to names for files that lie beside."""


def _named(value: object) -> object:
    """A path as text is checked before it is made a path: an empty one would be the folder itself."""
    text = str(value)
    names = text.rstrip("/").encode(errors="replace").split(b"/")
    if not text.strip("/ ") or not text.isprintable() or names[-1] in (b".", b".."):
        raise ValueError("it names nothing that could be a file or a folder; give a path in printable characters")
    if sum(map(len, names)) + len(names) > PATH_MAX or max(map(len, names)) > FILE_NAME_MAX:
        raise ValueError(f"it is too long; give a path of at most {PATH_MAX} bytes, each name at most {FILE_NAME_MAX}")
    return value


PathSetting = Annotated[Path, BeforeValidator(_named)]


def _usable(strategies: dict[str, str]) -> dict[str, str]:
    """Whatever a start would register, a signal must be able to name, and nobody may confuse it with another."""
    known: dict[str, str] = {}
    for name in strategies:
        if not is_strategy_name(name):
            raise refused_setting(
                "", f"{shown_setting(name)} is no name for a strategy", f"Use {NAME_RULE}, or remove it"
            )  # fmt: skip
        if name.casefold() in known:
            raise refused_setting(
                "", f"{name!r} and {known[name.casefold()]!r} differ by case only", "Keep one of them"
            )  # fmt: skip
        known[name.casefold()] = name
    return strategies


StrategyNames = Annotated[dict[str, str], AfterValidator(_usable)]
"""Names of strategies, each with a description."""
