"""The shell completes commands, options, words of closed lists, and ids."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from phoenix.runtime.desk import Desk
from phoenix.runtime.home.making import init
from tests import children
from tests.runtime.trading import proposed

_PROGRAM = "import sys; sys.argv[0] = 'phoenix'; from phoenix.cli.main import main; main()"


def called(*arguments: str, **environment: str) -> str:
    """What `phoenix` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        env=children.environment(**environment),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def completed(typed: str, **environment: str) -> set[str]:
    """What bash would offer for the last word of what was typed."""
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split(" ")) - 1)}
    return set(called(_PHOENIX_COMPLETE="complete_bash", **words, **environment).split("\n")) - {""}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("phoenix sta", {"status"}),
        ("phoenix be", {"beads"}),
        ("phoenix beads ver", {"verify"}),
        ("phoenix beads verify --qu", {"--quick"}),
        ("phoenix beads list --type T2", {"T2_TOKEN"}),
        ("phoenix config ", {"show", "check"}),
    ],
)
def test_bash_completes_what_was_typed(typed: str, offered: set[str]) -> None:
    assert completed(typed) == offered


def test_ids_that_make_sense_are_offered(tmp_path: Path) -> None:
    home = init(tmp_path / "home", datetime.now(UTC))
    with Desk(home) as desk:
        intent_id = proposed(desk).intent_id
    assert intent_id is not None
    assert completed(f"phoenix review {intent_id[:4]}", PHOENIX_HOME=str(home.directory)) == {intent_id}


def test_it_is_installed_for_bash(tmp_path: Path) -> None:
    called("--install-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1", HOME=str(tmp_path))
    assert ".bash_completions/phoenix.sh" in (tmp_path / ".bashrc").read_text()
    assert "_PHOENIX_COMPLETE=complete_bash" in (tmp_path / ".bash_completions" / "phoenix.sh").read_text()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_a_shell_is_shown(shell: str) -> None:
    script = called("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert f"_PHOENIX_COMPLETE=complete_{shell}" in script
