"""Which home a command works on."""

from __future__ import annotations

from pathlib import Path

VARIABLE = "PHOENIX_HOME"
CONFIGURATION = "phoenix.toml"
DEFAULT = Path("phoenix-home")
"""Where `phoenix init` makes a home unless told otherwise."""


def home_directory(named: Path | None) -> Path:
    """The named home; else the current directory where it is one; else the default one below it."""
    if named is not None:
        return named
    return Path() if Path(CONFIGURATION).is_file() else DEFAULT
