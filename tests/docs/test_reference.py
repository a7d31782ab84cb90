"""The generated documents say what the code says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest
from pydantic import BaseModel
from pytest_bdd.steps import step_function_context_registry

from phoenix.cli.exit_codes import ExitCode
from phoenix.config.settings import Settings
from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.vocabulary import RefusalReason
from phoenix.testing import plugin
from tools.generate_reference import (
    ROOT,
    beads_page,
    commands_page,
    configuration_page,
    pages,
    refusals_page,
    steps_page,
)
from tools.refusal_meanings import MEANINGS
from tools.steps_reference import SUBJECTS

GENERATED = (
    "docs/reference/beads.md",
    "docs/reference/refusals.md",
    "docs/reference/steps.md",
    "docs/reference/commands.md",
    "docs/reference/configuration.md",
    "docs/images/demo-equity.svg",
    "phoenix/cli/help.txt",
)


@pytest.fixture(scope="module")
def current() -> Mapping[Path, str]:
    return pages()


def test_these_files_are_generated(current: Mapping[Path, str]) -> None:
    assert set(current) == {ROOT / name for name in GENERATED}


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_file_is_what_the_code_says_now(name: str, current: Mapping[Path, str]) -> None:
    assert (ROOT / name).read_text() == current[ROOT / name], "run `python -m tools.generate_reference`"


def test_every_bead_type_has_a_section_with_all_its_fields() -> None:
    page = beads_page()
    for bead_type in BeadType:
        section = page.split(f"\n## {bead_type.value}\n")[1].split("\n## ")[0]
        for field in fields(PAYLOADS[bead_type]):  # type: ignore[arg-type]
            assert f"| `{field.name}` |" in section


def test_every_refusal_reason_is_explained_in_its_own_row() -> None:
    assert set(MEANINGS) == set(RefusalReason)
    for reason in RefusalReason:
        assert refusals_page().count(f"\n| `{reason.value}` | {MEANINGS[reason][0]} |") == 1


def test_every_step_of_the_plugin_has_a_place_on_its_page() -> None:
    assert {module.__name__ for module in SUBJECTS} == set(plugin.pytest_plugins)
    listed = steps_page().count("\n- `")
    steps = [step for step in step_function_context_registry.values()
             if step.step_func.__module__ in plugin.pytest_plugins]  # fmt: skip
    assert listed >= len({(step.type, step.parser.name) for step in steps}) > 100


def test_every_command_has_a_section_with_all_its_options() -> None:
    page = commands_page()
    for name in ("init", "serve", "status", "doctor", "beads verify", "config check", "checkpoint", "approve"):
        assert f" `phoenix {name}`\n" in page
    section = page.split("#### `phoenix beads list`\n")[1].split("\n####")[0]
    for option in ("--type", "--after", "--limit", "--position", "--home", "--json"):
        assert option in section


def test_every_exit_code_is_explained() -> None:
    for code in ExitCode:
        assert f"\n| {code.value} | {code.name} | " in commands_page()


def test_every_setting_has_a_row_with_a_meaning() -> None:
    page = configuration_page()
    for table, field in Settings.model_fields.items():
        model = field.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, setting in model.model_fields.items():
                assert setting.description, f"{table}.{name}"
                assert f"| `{name}`<br>`PHOENIX_{table.upper()}__{name.upper()}` | " in page
