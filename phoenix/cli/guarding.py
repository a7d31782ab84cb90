"""What no command takes, whichever it is: words that are empty, endless, or that steer a terminal.

Every parameter of every command is looked after here, so that a new one cannot be forgotten. What a value means is
checked where it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from phoenix.domain.errors import InvalidValue

TEXT_MAX = 2_000
"""Characters of anything that is written in a command; the longest path is longer."""
PATH_MAX = 4_096
_PATHS = (Path, list[Path])


def guard(command: Any) -> Any:
    """The same command, with every parameter of it and of its own commands guarded."""
    for parameter in command.params:
        parameter.process_value = _guarded(parameter, parameter.process_value)
    for below in getattr(command, "commands", {}).values():
        guard(below)
    return command


def _guarded(parameter: Any, process: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    is_path = parameter.type_descriptor.annotation in _PATHS

    def process_value(context: Any, value: Any) -> Any:
        for word in _words(value):
            _require_fit(_called(parameter), word, is_path=is_path)
        return process(context, value)

    return process_value


def _words(value: Any) -> Iterable[str]:
    """What was written, before anything is made of it: an empty path would be taken for the current folder."""
    if isinstance(value, str):
        return [value]
    return [word for word in value if isinstance(word, str)] if isinstance(value, list | tuple) else []


def _called(parameter: Any) -> str:
    """The parameter as it is written: the option, or the argument's place holder."""
    option = max(parameter.opts, key=len)
    return option if option.startswith("-") else str(parameter.metavar or parameter.name.upper())


def _require_fit(name: str, word: str, *, is_path: bool) -> None:
    length_max = PATH_MAX if is_path else TEXT_MAX
    if not word.strip():
        raise InvalidValue(name, "it is empty", "Give it a value, or leave it out where it may be left out")
    if len(word) > length_max:
        raise InvalidValue(name, f"it has {len(word)} characters", f"Give at most {length_max}")
    if not is_path and not word.isprintable():
        raise InvalidValue(name, f"{word!r} holds control characters", "Write it in printable characters on one line")
