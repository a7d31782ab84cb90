"""Another project specifies itself with our plugin, in a process of its own."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import cast
from unittest.mock import Mock

import pytest
from pytest_bdd.steps import step_function_context_registry

from phoenix.testing import network_guard, plugin
from tests.examples.copies import run, said

PROJECT = Path(__file__).parents[1] / "example_project"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", "__init__.py")
    return Path(shutil.copytree(PROJECT, tmp_path / "project", ignore=ignored))


REACHES_OUT = """
import socket


def test_reaching_out() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.sendto(b"", ("192.0.2.1", 9))
"""


def specify(project: Path, name: str, *lines: str) -> None:
    """Add a scenario to the project's feature."""
    feature = project / "features/gap_retest.feature"
    scenario = [f"\n    Scenario: {name}\n", *(f"      {line}\n" for line in lines)]
    feature.write_text(feature.read_text() + "".join(scenario))


def test_a_project_with_one_line_in_its_conftest_has_the_steps(project: Path) -> None:
    told = said(run(project, "-m", "pytest", "-p", "no:cacheprovider"))
    assert "5 passed" in told


def test_what_is_wrong_fails_and_says_what_is_so_instead(project: Path) -> None:
    specify(project, "A wrong end", "Given an open and protected position", "Then the position is CLOSED")
    specify(
        project, "An entry under a flag", "Given the operator set a kill flag on all strategies",
        "When the trader buys 1000000 GBPUSD",
    )  # fmt: skip
    (project / "test_reaching_out.py").write_text(REACHES_OUT)
    result = run(project, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", report=project / "refused")
    assert result.returncode == 1
    assert "3 failed, 5 passed" in result.stdout
    assert "E   AssertionError: MANAGED" in result.stdout
    assert "assert 'MANAGED' == 'CLOSED'" in result.stdout
    assert "refused, and no step expected it: KILL_FLAG" in result.stdout
    assert "INV-IBKR-MOCK-1: a test tried to send to ('192.0.2.1', 9)" in result.stdout


@pytest.mark.parametrize("is_wanted", [True, False])
def test_the_network_guard_can_be_turned_off(is_wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked of the plugin itself: this process is guarded for good already."""
    installed: list[str] = []
    monkeypatch.setattr(network_guard, "install", lambda: installed.append("process"))
    monkeypatch.setattr(network_guard, "guard_children", lambda *_: installed.append("children"))
    config = Mock(getini={"phoenix_network_guard": is_wanted}.__getitem__, stash=pytest.Stash(), workerinput=None)
    config.getoption.return_value = "no"
    plugin.pytest_configure(cast("pytest.Config", config))
    for clean_up in config.add_cleanup.call_args_list:
        clean_up.args[0]()
    assert installed == (["process", "children"] if is_wanted else [])


def test_no_two_steps_have_the_same_words() -> None:
    """The latter of the two would be played in place of both."""
    words = Counter((step.type, step.parser.name) for step in step_function_context_registry.values()
                    if step.step_func.__module__ in plugin.pytest_plugins)  # fmt: skip
    assert len(words) > 100
    assert [step for step, count in words.items() if count > 1] == []
