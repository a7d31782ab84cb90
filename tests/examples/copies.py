"""Examples as somebody else has them: a copy in a folder of its own, run by a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests import children

EXAMPLES = Path(__file__).parents[2] / "examples"
LIMIT_S = 60


def copied(name: str, to: Path) -> Path:
    """A copy of an example's folder."""
    return Path(shutil.copytree(EXAMPLES / name, to / name, ignore=shutil.ignore_patterns("__pycache__")))


def run(
    folder: Path, *arguments: str, path: Path | None = None, report: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, every warning an error; `path` is where it finds further packages.

    A process that is meant to reach out has a `report` of its own for what it is refused.
    """
    places = [path] if path is not None else []
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=folder, capture_output=True, text=True, timeout=LIMIT_S,
        env=children.reporting_to(report, *places) if report else children.environment(*places), check=False,
    )  # fmt: skip


def said(result: subprocess.CompletedProcess[str]) -> str:
    """What a process printed that ended well."""
    assert result.returncode == 0, result.stderr + result.stdout
    assert result.stderr == ""
    return result.stdout
