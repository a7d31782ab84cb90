"""The environment of the processes that tests start: like this one's, and guarded as this one is."""

from __future__ import annotations

import os
from pathlib import Path

from phoenix.testing.guarded.sitecustomize import REPORT_VARIABLE
from phoenix.testing.network_guard import guarding

ROOT = Path(__file__).parents[1]


def environment(*places: Path, **variables: str) -> dict[str, str]:
    """The environment for a child that finds this repository's packages, behind those of further `places`.

    A refusal in it fails the whole run.
    """
    return {**reporting_to(Path(os.environ[REPORT_VARIABLE]), *places), **variables}


def reporting_to(report: Path, *places: Path) -> dict[str, str]:
    """The same for a child that is meant to be refused: it adds that to a report of its own."""
    return {**os.environ, **guarding(report, *map(str, places), str(ROOT))}
