"""The tutorial, played from its first command to its last at a real terminal: a reader can do what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.walkthrough.player import SERVE, player
from tools.walkthrough.script import scenes_of

DOCS = Path(__file__).parents[2] / "docs"
PAGE = DOCS / "tutorial.md"


def test_every_command_of_the_tutorial_does_what_the_page_says(tmp_path: Path) -> None:
    with player(tmp_path) as playing:
        shown = {step.command: done for scene in scenes_of(PAGE) for step, done in playing.play(scene)}
    failed = {command: done for command, done in shown.items() if done.exit_code != 0}
    assert failed == {}
    assert "PROPOSED" in shown["phoenix simulate-signal --stop-pips 30 --target-pips 60"].shown
    assert "MANAGED" in shown["phoenix positions"].shown
    assert "CLOSED" in shown["phoenix approve"].shown
    assert "FAILED" not in shown["phoenix beads verify --history"].shown
    assert "ACTIVE" in shown["phoenix status"].shown


def test_the_tutorial_trades_from_a_home_to_a_proven_history() -> None:
    commands = [step.command for scene in scenes_of(PAGE) for step in scene.steps]
    assert commands[0] == "phoenix init"
    assert SERVE in commands
    assert commands.count("phoenix approve") == 2


@pytest.mark.parametrize("picture", [scene.picture for scene in scenes_of(PAGE) if scene.picture])
def test_every_picture_was_drawn(picture: str) -> None:
    """Redraw them with python -m tools.walkthrough after changing what a command shows."""
    assert (PAGE.parent / picture).read_text(encoding="utf-8").startswith("<svg")
