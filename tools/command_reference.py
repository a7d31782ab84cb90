"""The reference of the command line, from the typer application itself: commands, arguments, options, exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc
from typing import Any

import typer

from phoenix.cli.app import application
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.quick import HELP_WIDTH

_NAME = "phoenix"


def help_text() -> str:
    """What `phoenix --help` shows at its full width."""
    command = typer.main.get_command(application())
    settings: dict[str, Any] = {**command.context_settings, "terminal_width": HELP_WIDTH}
    with command.make_context(_NAME, [], resilient_parsing=True, **settings) as context:
        return f"{context.get_help()}\n"


def command_lines() -> list[str]:
    """Every command in its panel, in the order of the help."""
    root: Any = typer.main.get_command(application())
    panels: dict[str, list[Any]] = {}
    for command in root.commands.values():
        panels.setdefault(_panel(command), []).append(command)
    lines: list[str] = []
    for panel, commands in panels.items():
        lines += ["", f"## {panel}"]
        for command in commands:
            lines += _section(command, f"{_NAME} {command.name}")
    return lines


def exit_code_lines() -> list[str]:
    """A row for each exit code, from the words of the enumeration."""
    told = " ".join((getdoc(ExitCode) or "").split())
    meanings = {}
    for code in ExitCode:
        _, _, rest = told.partition(f"{code.name}: ")
        ends = [rest.index(f". {other.name}: ") for other in ExitCode if f". {other.name}: " in rest]
        meanings[code] = rest[: min(ends, default=len(rest))].rstrip(".")
    return [
        "| code | name | meaning |",
        "|---|---|---|",
        *(f"| {c.value} | {c.name} | {meanings[c]} |" for c in ExitCode),
    ]


def _panel(command: Any) -> str:
    panel = getattr(command, "rich_help_panel", None)
    return panel if isinstance(panel, str) else "Others"


def _section(command: Any, name: str) -> Iterator[str]:
    """A command, or a group with its commands."""
    yield from ("", f"### `{name}`", "", *_paragraphs(command.help))
    if members := getattr(command, "commands", None):
        for member in members.values():
            yield from _member(member, f"{name} {member.name}")
        return
    yield from _usage(command, name)


def _member(command: Any, name: str) -> Iterator[str]:
    yield from ("", f"#### `{name}`", "", *_paragraphs(command.help))
    yield from _usage(command, name)


def _usage(command: Any, name: str) -> Iterator[str]:
    """How it is called, and a row for each argument and option, in the words of its own help."""
    with command.make_context(name, [], resilient_parsing=True) as context:
        yield from ("", "```", " ".join([name, *command.collect_usage_pieces(context)]), "```")
        records = [parameter.get_help_record(context) for parameter in command.params]
    rows = [f"| `{_cell(spelt)}` | {_cell(meaning)} |" for spelt, meaning in filter(None, records)]
    if rows:
        yield from ("", "| argument or option | meaning |", "|---|---|", *rows)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _paragraphs(text: str | None) -> Iterator[str]:
    """The text, a line to a paragraph, with an empty line between two."""
    for number, paragraph in enumerate((text or "").split("\n\n")):
        yield from ([""] if number else [])
        yield " ".join(paragraph.split())
