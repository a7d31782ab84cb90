"""The quick way: what is asked again and again is answered before typer is imported.

`phoenix --version`, `phoenix --help` and a plainly written `phoenix status` cost little more than the interpreter this
way; anything else, and anything misspelt, takes the ordinary way, which shows the very same.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from phoenix.cli.homes import VARIABLE

_HELP = ("--help", "-h")
HELP_FILE = Path(__file__).with_name("help.txt")
"""What `phoenix --help` shows, as `python -m tools.generate_reference` wrote it."""
HELP_WIDTH = 100
"""The columns of that text, and of every other help; a narrower terminal gets it made to measure."""


def answered(arguments: Sequence[str]) -> int | None:
    """The exit code where the arguments were answered; None where they take the ordinary way."""
    if list(arguments) == ["--version"]:
        from phoenix import __version__

        print(f"phoenix {__version__}")
        return 0
    if len(arguments) == 1 and arguments[0] in _HELP and _fits():
        sys.stdout.write(HELP_FILE.read_text(encoding="utf-8"))
        return 0
    if arguments[:1] == ["status"]:
        return _status(arguments[1:])
    return None


def _fits() -> bool:
    from shutil import get_terminal_size

    return not sys.stdout.isatty() or get_terminal_size().columns >= HELP_WIDTH


def _status(options: Sequence[str]) -> int | None:
    home, as_json = os.environ.get(VARIABLE), False
    rest = list(options)
    while rest:
        option = rest.pop(0)
        if option == "--json":
            as_json = True
        elif option == "--home" and rest:
            home = rest.pop(0)
        elif option.startswith("--home="):
            home = option.removeprefix("--home=")
        else:
            return None
    if home is not None and not home.strip() and home != os.environ.get(VARIABLE):
        return None  # the ordinary way refuses an empty home; an empty variable is none
    from phoenix.cli.homes import home_directory
    from phoenix.cli.show_status import show_status

    return int(show_status(home_directory(Path(home) if home else None), as_json=as_json))
