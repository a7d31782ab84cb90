"""Writing beads out so that anyone can verify them without Phoenix (docs/reference/bead-export.md)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from phoenix.adapters.files import sync_folder
from phoenix.domain.beads.envelope import SealedBead
from phoenix.domain.errors import InvalidValue
from phoenix.runtime.documents.beads import exported


def write_lines(beads: Iterable[SealedBead], out: BinaryIO) -> int:
    """Write a JSON document to a line for each bead; answers how many."""
    count = 0
    for item in beads:
        out.write(json.dumps(exported(item), separators=(",", ":")).encode() + b"\n")
        count += 1
    return count


def export_to(target: Path, beads: Iterable[SealedBead]) -> int:
    """Write a new file, whole and durable or not at all. Raises InvalidValue where something is there already."""
    require_free(target)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with unfinished.open("xb") as file:
            count = write_lines(beads, file)
            file.flush()
            os.fsync(file.fileno())
        _name(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(target.parent)
    return count


def require_free(target: Path) -> None:
    """Raises InvalidValue where something is in the place, or there is no folder for it."""
    if os.path.lexists(target):
        raise InvalidValue("file", f"{target} is here already; it was left as it was", "Name a new file")
    if not target.parent.is_dir():
        raise InvalidValue("file", f"the folder {target.parent} does not exist", "Make it, or write elsewhere")


def _name(unfinished: Path, target: Path) -> None:
    """Give the finished file its name, unless somebody else took it meanwhile: a link never replaces anything."""
    try:
        os.link(unfinished, target)
    except FileExistsError as error:
        raise InvalidValue("file", f"{target} is here by now; it was left as it was", "Name a new file") from error
