"""A reader who follows a link in the documents arrives somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NOT_PLANS = [document for document in DOCUMENTS if not document.name.startswith(("S32_BUILD_MAP", "CHANGELOG"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_OUTSIDE = ("http://", "https://", "mailto:")


def _text(document: Path) -> str:
    """The document without its code blocks, in which brackets mean something else."""
    return _FENCE.sub("", document.read_text())


def _targets(document: Path) -> list[str]:
    return [target for target in _LINK.findall(_text(document)) if not target.startswith(_OUTSIDE)]


def _anchors(document: Path) -> set[str]:
    """The anchors that the headings of a document are given where it is shown."""
    headings = re.findall(r"^#+ (.+)$", _text(document), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _places(document: Path) -> list[str]:
    """The places in the repository that a document names in code type; in the architecture, also within the package."""
    named = re.findall(r"`((?:phoenix|tests|features|examples|tools|docs)/[\w./-]*)`", _text(document))
    if document.name == "architecture.md":
        named += [
            f"phoenix/{place}" for place in re.findall(r"`((?:domain|application|ports)/[\w./]+)`", _text(document))
        ]
    return named


def _broken(document: Path) -> list[str]:
    broken = []
    for target in _targets(document):
        path, _, anchor = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        if not linked.exists() or (anchor and anchor not in _anchors(linked)):
            broken.append(target)
    return broken


def test_the_documents_are_found() -> None:
    assert ROOT / "README.md" in DOCUMENTS
    assert sum(len(_targets(document)) for document in DOCUMENTS) > 0


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading_that_exist(document: Path) -> None:
    assert _broken(document) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_leaves_the_repository_or_names_a_machine(document: Path) -> None:
    for target in _targets(document):
        assert not target.startswith("/")
        assert (document.parent / target.partition("#")[0]).resolve().is_relative_to(ROOT)


@pytest.mark.parametrize("document", NOT_PLANS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_that_a_document_names_exists(document: Path) -> None:
    missing = [place for place in _places(document) if not (ROOT / place).exists()]
    assert [place for place in missing if not (ROOT / f"{place}.py").exists()] == []
