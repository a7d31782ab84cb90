"""python -m tools.walkthrough: play the tutorial and draw its pictures anew."""

from __future__ import annotations

import re
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from tools.walkthrough.player import player
from tools.walkthrough.script import Step, scenes_of
from tools.walkthrough.terminal import COLUMNS, Played

PAGE = Path("docs/tutorial.md")
_FRAME = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Without the fonts that the picture would fetch from elsewhere; the reader's own are as good."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, player(Path(folder)) as playing:
        for scene in scenes_of(PAGE):
            played = playing.play(scene)
            for step, done in played:
                print(f"{done.exit_code}  {step.command}")
            if scene.picture is not None:
                draw(played, PAGE.parent / scene.picture)
            if any(done.exit_code for _, done in played):
                sys.exit("\n".join(done.shown for _, done in played))


def draw(played: list[tuple[Step, Played]], picture: Path) -> None:
    """Draw a terminal with these commands and what they showed."""
    console = Console(record=True, width=COLUMNS, file=StringIO(), force_terminal=True)
    for step, done in played:
        console.print(Text(f"$ {step.command}", style="bold"))
        console.print(Text.from_ansi(done.shown.rstrip("\n")))
    picture.write_text(
        console.export_svg(title="phoenix", code_format=_FRAME, unique_id=picture.stem), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
