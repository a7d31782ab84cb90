"""What is wrong with a setting, in one line: its key, the value that was refused, and the remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_SECRET = ("password", "secret", "token", "private", "credential")
_ADDRESSES = ("alerts", "channels")
"""Where alerts go out to; an address may hold a secret."""
_SHOWN_MAX = 80
MISSPELT = "extra_forbidden"
"""The type of an error about a key that no table has."""
_OWN = "refused_setting"
"""The type of an error that names its key itself: what it was found in is a whole table."""


def refused_setting(key: str, found: str, remedy: str) -> PydanticCustomError:
    """A setting that does not fit others of its table. `key` begins at that table; it may be empty."""
    return PydanticCustomError(_OWN, "{found}. {remedy}", {"key": key, "found": found, "remedy": remedy})


def shown_setting(value: object) -> str:
    """A value as a message may show it: quoted, and never much of it."""
    return _cut(repr(value))


def setting_problem(found: ErrorDetails, *tables: str) -> str:
    """One problem with a setting, by its dotted key below `tables`. Shows no secret, and never a whole table."""
    own = str(found["ctx"]["key"]) if found["type"] == _OWN else ""
    keys = (*tables, *map(str, found["loc"]), own)
    key = ".".join(_cut(part) for part in keys if part) or "configuration"
    if found["type"] == MISSPELT:
        return f"{key}: no such setting. Correct the spelling or remove it"
    if found["type"] == _OWN:
        return f"{key}: {found['msg']}"
    return f"{key}: {found['msg'].removeprefix('Value error, ')}{_value(found)}. Correct it in the configuration"


def _value(found: ErrorDetails) -> str:
    """What was found, where that is one value and no secret."""
    value = found["input"]
    is_secret = found["loc"][:2] == _ADDRESSES or any(
        word in str(part).lower() for part in found["loc"] for word in _SECRET
    )
    if is_secret or found["type"] == "missing" or not isinstance(value, str | int | float | bool):
        return ""
    return f" (found {shown_setting(value)})"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]}..."
