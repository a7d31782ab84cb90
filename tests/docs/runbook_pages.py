"""The runbooks as a test reads them: what alerts they are for, and the commands that they name."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from phoenix.cli.app import application

FOLDER = Path(__file__).parents[2] / "docs" / "runbooks"
PAGES = sorted(FOLDER.glob("RB-*.md"))
_BLOCK = re.compile(r"^ *```console\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`(phoenix [^`]+)`")
_KIND = re.compile(r"`([A-Z_]{4,})`")


def runbook_of(page: Path) -> str:
    """The name by which alerts call a page."""
    return page.name[: len("RB-000")]


def kinds_of(page: Path) -> set[str]:
    """The alerts that a page says it is for."""
    text = page.read_text(encoding="utf-8")
    found = re.search(r"^Alerts: (.+?)\n\n", text, re.MULTILINE | re.DOTALL)
    return set(_KIND.findall(found[1])) if found else set()


def played(page: Path) -> list[str]:
    """The commands in blocks, in their order."""
    lines = (line.strip() for block in _BLOCK.findall(page.read_text(encoding="utf-8")) for line in block.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def named(page: Path) -> list[str]:
    """Every command that a page names, in blocks and in its text."""
    text = page.read_text(encoding="utf-8")
    return [*played(page), *(" ".join(command.split()) for command in _INLINE.findall(_BLOCK.sub("", text)))]


def problems_with(command: str) -> Iterator[str]:
    """Why a command as it is printed could not be called."""
    found: Any = typer.main.get_command(application())
    _, *words = shlex.split(command)
    while words and hasattr(found, "commands"):
        if words[0] not in found.commands:
            if words[0].startswith("-") or found.no_args_is_help:
                yield f"there is no command {words[0]!r}"
            break
        found = found.commands[words.pop(0)]
    options = {name: parameter for parameter in found.params for name in getattr(parameter, "opts", ())}
    arguments = [parameter for parameter in found.params if parameter.param_type_name == "argument"]
    yield from (f"it has no option {word}" for word in words if word.startswith("-") and word not in options)
    left = [word for word in _without_options(words, options) if not word.startswith("-")]
    if len(left) > len(arguments) and all(argument.nargs != -1 for argument in arguments):
        yield f"it takes no {left[-1]!r}"


def _without_options(words: list[str], options: dict[str, Any]) -> Iterator[str]:
    """The words that are no option and no option's value."""
    rest = iter(words)
    for word in rest:
        if word in options and not options[word].is_flag:
            next(rest, None)
        elif word not in options:
            yield word
