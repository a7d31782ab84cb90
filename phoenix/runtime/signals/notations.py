"""The notations in which a signal may come, by the names of the files that hold it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

from phoenix.application.signals.strict_json import Reader, read_json


class Notation(StrEnum):
    """The value is how the name of a new file in this notation ends."""

    JSON = ".json"
    YAML = ".yaml"

    @classmethod
    def of_name(cls, name: str) -> Notation | None:
        """The notation that a file's name tells, or None where it tells none of these."""
        return _BY_SUFFIX.get(PurePath(name).suffix)

    @property
    def reader(self) -> Reader:
        """What reads it. YAML's takes a while to import, so only then."""
        if self is Notation.JSON:
            return read_json
        from phoenix.adapters.yaml_notation import read_yaml

        return read_yaml


_BY_SUFFIX = {".json": Notation.JSON, ".yaml": Notation.YAML, ".yml": Notation.YAML}
SUFFIXES = tuple(_BY_SUFFIX)
"""How the name of a signal's file may end."""
