"""One way to the terminal: a table for people, or one JSON document for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from phoenix.cli.plain import json_safe

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDTH_MIN = 100
"""Columns that a table gets even where the terminal is narrower or unknown, so that no id or number is cut."""


def show(document: object, view: Callable[[], RenderableType], *, as_json: bool) -> None:
    """Print `document` as JSON, or what `view` makes for people."""
    if as_json:
        print_json(document)
    else:
        console().print(view())


def print_json(document: object) -> None:
    """Print a JSON value; whatever is no JSON value already is a mistake and raises TypeError."""
    sys.stdout.write(json_safe(json.dumps(document, indent=2, ensure_ascii=False)) + "\n")


def say(line: str) -> None:
    """A line about what is going on, apart from what a command answers."""
    print(line, file=sys.stderr, flush=True)


def console(*, is_error: bool = False) -> Console:
    """Standard output or error for people: text is never read as markup or an emoji, and nothing is highlighted."""
    from rich.console import Console

    made = Console(stderr=is_error, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = max(made.width, WIDTH_MIN)
    return made
