"""The code of the pages for programmers is code that runs: an excerpt of an example, or a program of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phoenix import Desk, create_home
from tests.examples.copies import run, said
from tests.runtime.trading import proposed

ROOT = Path(__file__).parents[2]
EMBEDDING, SPECS = ROOT / "docs/embedding.md", ROOT / "docs/writing-specs.md"
SOURCES = [path for folder in ("examples", "tests/example_project") for path in (ROOT / folder).rglob("*.*")
           if path.suffix in (".py", ".feature", ".toml")]  # fmt: skip


def blocks(page: Path, *languages: str) -> list[str]:
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def is_program(block: str) -> bool:
    return block.startswith(("import ", "from "))


def pieces(block: str) -> list[str]:
    """A feature is quoted rule by rule; everything else in one piece."""
    return re.split(r"\n(?=  (?:Background|Rule):)", block) if block.startswith("Feature:") else [block]


@pytest.mark.parametrize("page", [EMBEDDING, SPECS], ids=lambda page: page.name)
def test_what_is_quoted_stands_in_an_example(page: Path) -> None:
    quoted = [block for block in blocks(page, "python", "gherkin", "toml") if not is_program(block)]
    assert len(quoted) >= 3
    sources = [path.read_text() for path in SOURCES]
    for piece in (piece.strip("\n") for block in quoted for piece in pieces(block)):
        assert any(piece in source for source in sources), piece


def test_the_programs_of_the_embedding_page_run(tmp_path: Path) -> None:
    with Desk(create_home(tmp_path / "home")) as desk:
        proposed(desk)
    programs = [block for block in blocks(EMBEDDING, "python") if is_program(block)]
    told = [said(run(tmp_path, "-c", program)) for program in programs]
    assert len(told) == 2
    assert "DONE CANCELLED" in told[0]
    assert told[1].startswith("SIM0001 ")


def test_every_public_method_of_the_core_is_on_the_page() -> None:
    from phoenix import Core

    hidden = {"turn", "turn_of", "rest", "let_go", "part", "is_open", "home", "beads", "head_seq"}
    methods = {name for name in vars(Core) if not name.startswith("_")} - hidden
    page = EMBEDDING.read_text()
    assert [name for name in sorted(methods) if f"| `{name}" not in page] == []
