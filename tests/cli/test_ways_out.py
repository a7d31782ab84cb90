"""Whatever tells a person to run a command names one that exists."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import typer.main

import phoenix.cli
from phoenix.cli.app import application
from phoenix.cli.ways_out import way_out
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason

CLI = Path(phoenix.cli.__file__).parent
NAMED = re.compile(r"(?<!from )\bphoenix ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+)\b)?")


def told_in(source: Path) -> set[tuple[str, str]]:
    """The commands that the texts of a module name, each with the word behind it."""
    return set(NAMED.findall(source.read_text(encoding="utf-8")))


@pytest.mark.parametrize("source", sorted(CLI.rglob("*.py")), ids=lambda path: str(path.relative_to(CLI)))
def test_every_command_that_is_named_exists(source: Path) -> None:
    root: Any = typer.main.get_command(application())
    for name, next_word in told_in(source):
        assert name in root.commands, f"phoenix {name}"
        group = getattr(root.commands[name], "commands", None)
        if group is not None and next_word:
            assert next_word in group, f"phoenix {name} {next_word}"


@pytest.mark.parametrize(
    ("reason", "field", "command"),
    [
        (RefusalReason.NOT_FOUND, "intent_id", "phoenix pending"),
        (RefusalReason.NOT_FOUND, "position_id", "phoenix positions list"),
        (RefusalReason.NOT_FOUND, "signal_id", "phoenix beads list --type SIGNAL"),
        (RefusalReason.KILL_FLAG, "strategy_id", "phoenix kill list"),
        (RefusalReason.CONNECTION, "session", "phoenix doctor"),
    ],
)
def test_a_refusal_leads_to_what_it_is_about(reason: RefusalReason, field: str, command: str) -> None:
    assert command in (way_out(Refused(reason, field, "detail", "remedy")) or "")
