"""P10: how long a command takes from nothing, against an interpreter that does nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import Measurement, benchmark, measured, paired
from phoenix.runtime.home.making import init

QUICK, OTHERS = 8, 32
"""Goals: for what is asked often, and for any other command."""
_PROGRAM = "from phoenix.cli.main import main; main()"
_OPERATIONS = 3
_OTHERS = (
    "beads list --help", "config show", "pending", "positions list", "beads list", "kill set --reason drill", "halt",
)  # fmt: skip


@benchmark("P10")
def cold_starts() -> Sequence[Measurement]:
    """Commands on a new home, each in a process of its own, its modules compiled beforehand."""
    with _new_home() as environment:
        quick = [(words, QUICK) for words in ("--version", "--help", "status")]
        others = [(words, OTHERS) for words in _OTHERS]
        return tuple(_measured(words, goal, environment) for words, goal in (*quick, *others))


def _measured(words: str, goal: int, environment: Mapping[str, str]) -> Measurement:
    pair = paired(
        _started(["-c", _PROGRAM, *words.split()], environment), _started(["-c", "pass"], environment), _OPERATIONS
    )
    return measured(f"P10 {words}", f"phoenix {words}, from nothing", pair.wall(), goal)


def _started(arguments: Sequence[str], environment: Mapping[str, str]) -> Callable[[], object]:
    def start() -> None:
        subprocess.run([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)

    return start


@contextmanager
def _new_home() -> Iterator[Mapping[str, str]]:
    """The environment of commands on a new home; compiled modules are kept, wherever this process keeps its own."""
    with TemporaryDirectory() as folder:
        home = init(Path(folder) / "home", datetime.now(UTC))
        ours = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        root = str(Path(__file__).parents[1])
        cache = str(Path(folder) / "compiled")
        yield {**ours, "PHOENIX_HOME": str(home.directory), "PYTHONPATH": root, "PYTHONPYCACHEPREFIX": cache}
