"""Finds the sample market and signals that come with Phoenix."""

from __future__ import annotations

from pathlib import Path

from phoenix.domain.errors import InvalidValue

_PACKAGE = Path(__file__).resolve().parents[1]


def examples_folder() -> Path:
    """The folder that holds market/ and signals/. Raises InvalidValue where Phoenix was installed without it."""
    for folder in (_PACKAGE.parent / "examples", _PACKAGE / "examples"):
        if (folder / "market").is_dir() and (folder / "signals").is_dir():
            return folder
    raise InvalidValue(
        "examples",
        "this installation came without the sample",
        "Run from a clone, or use `phoenix replay` on your data",
    )
