"""Whatever tells a person to run a command names one that exists."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer.main

import phoenix.cli
from phoenix.adapters.checkpoints import make_key
from phoenix.cli.app import application
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.ways_out import command_for, way_out
from phoenix.domain.errors import PhoenixError
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.errors import (
    BrokerRefused,
    BrokerUnavailable,
    ConfigurationError,
    StoreCorrupt,
    StoreMisconfigured,
    StoreUnavailable,
)
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from tests.cli.conftest import Phoenix

PACKAGE = Path(phoenix.cli.__file__).parents[1]
NAMED = re.compile(r"(?<!from )(?<!_KIND = .)\bphoenix ([a-z]+(?:-[a-z]+)*)(?: ([a-z]+)\b)?")


def told_in(source: Path) -> set[tuple[str, str]]:
    """The commands that the texts of a module name, each with the word behind it."""
    return set(NAMED.findall(source.read_text(encoding="utf-8")))


@pytest.mark.parametrize("source", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_command_that_is_named_exists(source: Path) -> None:
    root: Any = typer.main.get_command(application())
    for name, next_word in told_in(source):
        assert name in root.commands, f"phoenix {name}"
        group = getattr(root.commands[name], "commands", None)
        if group is not None and next_word:
            assert next_word in group, f"phoenix {name} {next_word}"


@pytest.mark.parametrize(
    ("reason", "field", "command"),
    [
        (RefusalReason.NOT_FOUND, "intent_id", "phoenix pending"),
        (RefusalReason.NOT_FOUND, "position_id", "phoenix positions list"),
        (RefusalReason.NOT_FOUND, "signal_id", "phoenix beads list --type SIGNAL"),
        (RefusalReason.KILL_FLAG, "strategy_id", "phoenix kill list"),
        (RefusalReason.CONNECTION, "session", "phoenix doctor"),
    ],
)
def test_a_refusal_leads_to_what_it_is_about(reason: RefusalReason, field: str, command: str) -> None:
    assert command in (way_out(Refused(reason, field, "detail", "remedy")) or "")


@pytest.mark.parametrize(
    "kind", [ConfigurationError, StoreUnavailable, StoreCorrupt, StoreMisconfigured, BrokerUnavailable, BrokerRefused]
)
def test_an_error_that_names_no_command_is_given_one(kind: type[PhoenixError]) -> None:
    assert NAMED.match(command_for(kind("something: is wrong. Do something")) or "")
    assert command_for(kind("something: is wrong. Run phoenix init")) is None


def make_other(key: Path) -> None:
    key.unlink()
    make_key(key)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda key: key.write_bytes(b""), make_other])
def test_a_lost_key_is_replaced_as_its_error_says(
    phoenix: Phoenix, home: Home, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    assert phoenix("checkpoint").code == ExitCode.OK
    spoil(home.private_key)
    called = phoenix("checkpoint")
    assert called.code == ExitCode.REFUSED
    for part in (str(home.private_key), "phoenix init DIRECTORY", "checkpoints.public_key", "phoenix checkpoint"):
        assert part in called.err
    assert "phoenix init DIRECTORY" in "".join(
        finding["found"] + (finding["remedy"] or "") for finding in phoenix("doctor", "--json").document["findings"]
    )
    other = init(tmp_path / "other", datetime.now(UTC))
    shutil.copy2(other.private_key, home.private_key)
    file = home.directory / "phoenix.toml"
    old, new = home.settings.checkpoints.public_key, other.settings.checkpoints.public_key
    file.write_text(file.read_text().replace(old, new))
    home.checkpoints.rename(tmp_path / "old")
    assert phoenix("checkpoint").code == ExitCode.OK
    assert phoenix("beads", "verify").code == ExitCode.OK
