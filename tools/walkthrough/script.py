"""Reading a page: which commands it prints, what is typed at their prompts, and which picture shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"^```console\n(?P<lines>.*?)^```\n(?:\n!\[[^\]]*\]\((?P<picture>[^)]+\.svg)\))?", re.MULTILINE | re.DOTALL
)
_COMMAND, _TYPED = "$ ", "> "


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the page, and the lines that a person types at its prompts."""

    command: str
    typed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """One block of commands, and the picture below it, if there is one."""

    steps: tuple[Step, ...]
    picture: str | None


def scenes_of(page: Path) -> list[Scene]:
    """Every console block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [Scene(_steps(found["lines"]), found["picture"]) for found in _BLOCK.finditer(text)]


def _steps(lines: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    for line in lines.splitlines():
        if line.startswith(_COMMAND):
            steps.append(Step(line.removeprefix(_COMMAND)))
        elif line.startswith(_TYPED):
            last = steps.pop()
            steps.append(Step(last.command, (*last.typed, line.removeprefix(_TYPED))))
    return tuple(steps)
