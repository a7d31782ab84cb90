"""The whole check: every source file under every rule that reaches it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.architecture.rules import RULES
from tools.architecture.source import Source

_FOLDERS = ("phoenix", "tests", "features", "tools", "benchmarks", "examples")
_LINTED_PACKAGES = ("benchmarks", "phoenix", "tests", "tools")


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A broken rule, with where it is broken and what to do instead."""

    path: str
    line: int
    rule: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.rule}] {self.what}; {self.remedy}"


def source_files(root: Path) -> list[Path]:
    """The Python files of a repository that the check reads."""
    nested = (path for folder in _FOLDERS for path in (root / folder).rglob("*.py"))
    return sorted((*root.glob("*.py"), *nested))


def check(root: Path) -> list[Violation]:
    """Every violation in a repository, sorted by place. Raises SyntaxError for a file that Python cannot read."""
    files = source_files(root)
    found = [violation for path in files for violation in check_source(_read(path, root))]
    return sorted({*found, *_unseen_folders(files, root)})


def check_source(source: Source) -> Iterator[Violation]:
    """The violations in one file."""
    for rule in RULES:
        if rule.applies_to(source.path):
            for node, what in rule.find(source):
                yield Violation(source.path, getattr(node, "lineno", 1), rule.name, what, rule.remedy)


def _read(path: Path, root: Path) -> Source:
    return Source(path.relative_to(root).as_posix(), ast.parse(path.read_bytes(), filename=str(path)))


def _unseen_folders(files: Iterable[Path], root: Path) -> Iterator[Violation]:
    for folder in sorted({path.parent for path in files}):
        name = folder.relative_to(root).as_posix()
        if name.partition("/")[0] in _LINTED_PACKAGES and not (folder / "__init__.py").is_file():
            yield Violation(name, 1, "unseen", "has no __init__.py, so the linter passes it by", "add one")
