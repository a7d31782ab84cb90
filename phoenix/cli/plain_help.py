"""Help and usage errors in plain text: rich would take longer to import than everything else together."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

_OTHERS = "Commands"
_WHOLE_SENTENCE = 500
"""Characters; a first sentence is wrapped rather than cut short."""


class PlainGroup(TyperGroup):
    """A group whose help lists its commands under their panels, in the order in which they were registered."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, a section per panel."""
        shown = {name: command for name in self.list_commands(ctx) if not (command := self.commands[name]).hidden}
        width = max(map(len, shown), default=0)
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, command in shown.items():
            line = (name.ljust(width), command.get_short_help_str(_WHOLE_SENTENCE))
            panels.setdefault(_panel_of(command), []).append(line)
        for panel, lines in panels.items():
            with formatter.section(panel):
                formatter.write_dl(lines)


def _panel_of(command: Any) -> str:
    panel = getattr(command, "rich_help_panel", None)
    return panel if isinstance(panel, str) else _OTHERS
