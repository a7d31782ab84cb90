"""The pytest plugin: `pytest_plugins = ["phoenix.testing.plugin"]` in a project's outermost conftest.py.

It brings the steps of `phoenix.testing.steps` with their fixture `scene`, explains the failing assertions of the broker
contract, and lets no test, nor any Python process that one starts, connect to anything but this machine, unless the ini
option `phoenix_network_guard` is false.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest

from phoenix.testing import network_guard

_GUARD = "phoenix_network_guard"
_REPORT = pytest.StashKey[Path]()
"""Where the children of this run, and of all its workers, write down what they were refused."""
_OF_WORKER = "phoenix_network_guard_report"
_EXPLAINED = ("steps", "scene", "world", "broker_cards", "fault_cards", "broker_harness")

pytest.register_assert_rewrite(*(f"phoenix.testing.{name}" for name in _EXPLAINED))

pytest_plugins = (
    "phoenix.testing.steps.common",
    "phoenix.testing.steps.context",
    "phoenix.testing.steps.lifecycle",
    "phoenix.testing.steps.kills",
    "phoenix.testing.steps.exits",
    "phoenix.testing.steps.broker",
    "phoenix.testing.steps.settling",
)
"""The modules of steps, each a plugin of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the ini option that turns the network guard off."""
    parser.addini(_GUARD, "let no test connect to anything but this machine (default: true)", "bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Installs the network guard, for the rest of the process, and in all its Python children.

    With workers of pytest-xdist it is they who run tests and have children; they write to the one report of the run.
    """
    if not config.getini(_GUARD):
        return
    network_guard.install()
    told: dict[str, Any] | None = getattr(config, "workerinput", None)
    if told is None:
        config.stash[_REPORT] = _new_report(config)
    if told is not None or config.getoption("dist", "no") == "no":
        patch = pytest.MonkeyPatch()
        config.add_cleanup(patch.undo)
        network_guard.guard_children(config.stash[_REPORT] if told is None else Path(told[_OF_WORKER]), patch)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells a worker of pytest-xdist where the run's report is."""
    if _REPORT in node.config.stash:
        node.workerinput[_OF_WORKER] = str(node.config.stash[_REPORT])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run in which a child was refused, whatever the child and its test made of that."""
    if _refused(session.config) and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Names what the children of the run were refused."""
    refused = _refused(config)
    if refused:
        terminalreporter.section("processes that tests started reached out", red=True)
        for line in refused:
            terminalreporter.write_line(line)


def _new_report(config: pytest.Config) -> Path:
    folder = tempfile.TemporaryDirectory(prefix="phoenix-network-guard-")
    config.add_cleanup(folder.cleanup)
    return Path(folder.name) / "refused"


def _refused(config: pytest.Config) -> list[str]:
    path = config.stash.get(_REPORT, None)
    return path.read_text(encoding="utf-8").splitlines() if path is not None and path.is_file() else []
