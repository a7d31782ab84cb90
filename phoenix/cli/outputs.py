"""Where a replay's result goes: a JSON document, a picture, and a summary on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console

from phoenix.cli.views.replay import WIDTH_MIN, summary
from phoenix.domain.errors import InvalidValue
from phoenix.replay.picture import equity_picture
from phoenix.replay.result import ReplayResult

STANDARD_OUTPUT = Path("-")


def require_folder(target: Path | None) -> None:
    """Raises InvalidValue, before any long work is done, when there is no folder to write into."""
    if target is not None and not target.parent.is_dir():
        raise InvalidValue(str(target), f"the folder {target.parent} does not exist", "Make it, or write elsewhere")


def write_json(target: Path | None, result: ReplayResult) -> None:
    if target is None:
        return
    text = json.dumps(result.document(), indent=2) + "\n"
    if target == STANDARD_OUTPUT:
        sys.stdout.write(text)
    else:
        target.write_text(text, encoding="utf-8")


def write_picture(target: Path | None, result: ReplayResult) -> None:
    if target is not None:
        target.write_text(equity_picture(result), encoding="utf-8")


def show_replay(result: ReplayResult, *written: Path | None) -> None:
    """Print the summary, and where the files went."""
    console = Console(highlight=False)
    console.width = max(console.width, WIDTH_MIN)
    console.print(summary(result))
    for file in written:
        if file is not None:
            console.print(f"Written: {file}", markup=False)
