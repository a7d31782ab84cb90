"""A drill for people: a line for each step as it is taken, then what it came to and what is left open."""

from __future__ import annotations

from collections import Counter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from phoenix.cli.plain import plain
from phoenix.cli.way_commands import command_of
from phoenix.cli.ways_out import way_out
from phoenix.runtime.drill import Drilled, Step, Verdict
from phoenix.runtime.drill.steps import ASKED
from phoenix.runtime.readings.ways import ways_on
from phoenix.runtime.words.ids import short

_STYLES = {Verdict.OK: "green", Verdict.FAILED: "bold red", Verdict.UNKNOWN: "yellow", Verdict.NOT_DONE: "dim"}
_WIDTHS = (2, 12, 8, 9)


def step_line(step: Step) -> Table:
    """One step: its number, name, verdict and time, what was asked and answered, and the remedy."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for width in _WIDTHS:
        table.add_column(width=width, justify="right" if width in (_WIDTHS[0], _WIDTHS[3]) else "left", no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    said = Text(f"asked: {ASKED[step.name]}", style="dim")
    said.append(f"\n{plain(step.result.answered).rstrip('.')}.", style="default not dim")
    for line in _leading_on(step):
        said.append(f"\n-> {plain(line)}", style="default not dim")
    verdict = Text(step.result.verdict.value.replace("_", " "), style=_STYLES[step.result.verdict])
    table.add_row(str(step.number), step.name.value, verdict, f"{step.took.total_seconds():.3f} s", said)
    return table


def _leading_on(step: Step) -> list[str]:
    """The remedy, and the commands that show what a refusal is about."""
    refusal = step.result.refusal
    command = None if refusal is None else way_out(refusal)
    return [line for line in (step.result.remedy, command) if line is not None]


def drilled_view(drilled: Drilled) -> RenderableType:
    """How many steps came to what; and of a position that has not ended, the commands that lead on."""
    counts = Counter(step.result.verdict for step in drilled.steps)
    words = [f"{counts[verdict]} {verdict.value.replace('_', ' ')}" for verdict in Verdict if counts[verdict]]
    return Group(Text(f"\n{len(drilled.steps)} steps: {', '.join(words)}"), *_left_open(drilled))


def _left_open(drilled: Drilled) -> list[Text]:
    position = drilled.position
    if position is None or (position.state is not None and position.state.is_terminal):
        return []
    state = "none" if position.state is None else position.state.value
    name = short(position.position_id)
    lines = [Text(f"The position {name} is {state}: an ordinary position, with its ordinary ways out:")]
    lines += [Text(f"  {command_of(way)}  {plain(way.text)}") for way in ways_on(position)]
    return [*lines, Text(f"  phoenix positions show {name}  see all of it")]
