"""Examples as somebody else has them: a copy in a folder of its own, run by a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
LIMIT_S = 60


def copied(name: str, to: Path) -> Path:
    """A copy of an example's folder."""
    return Path(shutil.copytree(EXAMPLES / name, to / name, ignore=shutil.ignore_patterns("__pycache__")))


def run(folder: Path, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, every warning an error; `path` is where it finds further packages."""
    places = [str(path)] if path is not None else []
    inherited = [place for place in os.environ.get("PYTHONPATH", "").split(os.pathsep) if place]
    return subprocess.run(
        [sys.executable, "-W", "error", *arguments], cwd=folder, capture_output=True, text=True, timeout=LIMIT_S,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*places, *inherited])}, check=False,
    )  # fmt: skip


def said(result: subprocess.CompletedProcess[str]) -> str:
    """What a process printed that ended well."""
    assert result.returncode == 0, result.stderr + result.stdout
    assert result.stderr == ""
    return result.stdout
