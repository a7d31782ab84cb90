"""The rule that no test reaches the real IBKR, enforced in the running test process and in all its Python children.

An audit hook sees every connection attempt of a process, whatever library makes it, and cannot be taken out again:
it refuses addresses off this machine and the ports on which a real TWS or IB Gateway listens. Children get it through
their environment, before anything else runs in them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from phoenix.adapters.ibkr.guard import REAL_PORTS
from phoenix.testing import guarded
from phoenix.testing.guarded.sitecustomize import PORTS_VARIABLE, REPORT_VARIABLE, objection

GUARDED_FOLDER = str(Path(guarded.__path__[0]).resolve())
"""Comes first on the PYTHONPATH of every child."""
_PORTS = frozenset(REAL_PORTS)


def install() -> None:
    """Guards this process for the rest of its life."""
    sys.addaudithook(_audit)


def guarding(report: Path, *places: str) -> dict[str, str]:
    """What the environment of a child must say, so that it is guarded and adds refusals to a file.

    `places` are where it finds packages, after the guard's own.
    """
    path = os.pathsep.join([GUARDED_FOLDER, *(place for place in places if place and place != GUARDED_FOLDER)])
    ports = ",".join(str(port) for port in sorted(REAL_PORTS))
    return {"PYTHONPATH": path, REPORT_VARIABLE: str(report), PORTS_VARIABLE: ports}


def guard_children(report: Path, patch: pytest.MonkeyPatch) -> None:
    """Change the environment, until the patch is undone, so that every Python child that inherits it is guarded."""
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    for name, value in guarding(report, *inherited).items():
        patch.setenv(name, value)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket."):
        what = objection(event, arguments, _PORTS)
        if what is not None:
            pytest.fail(f"INV-IBKR-MOCK-1: a test {what}")
