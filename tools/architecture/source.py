"""One source file as the rules see it: its syntax, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """A parsed file; `path` is relative to the repository's root, with forward slashes."""

    path: str
    tree: ast.Module

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the file."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> tuple[tuple[ast.stmt, str], ...]:
        """Every import statement with each dotted name that it brings in, at whatever depth it stands."""
        return tuple(_imports(self.nodes))

    @cached_property
    def calls(self) -> tuple[tuple[ast.Call, str], ...]:
        """Every call with the dotted name of what it calls: built-ins as `builtins.open`, others by their last name."""
        return tuple((node, self._called(node)) for node in self.nodes if isinstance(node, ast.Call))

    @cached_property
    def references(self) -> tuple[tuple[ast.AST, str], ...]:
        """Every use of an imported name, dotted in full: `dt.now` after `from datetime import datetime as dt`."""
        found = ((node, self.dotted(node)) for node in self.nodes if isinstance(node, ast.Name | ast.Attribute))
        return tuple((node, name) for node, name in found if name is not None)

    def dotted(self, node: ast.AST) -> str | None:
        """The full name of an expression that starts at an import, or None."""
        if isinstance(node, ast.Name):
            return self._aliases.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return None if owner is None else f"{owner}.{node.attr}"
        return None

    @cached_property
    def _aliases(self) -> dict[str, str]:
        aliases: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                aliases.update(_plain_alias(alias) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                aliases.update((alias.asname or alias.name, f"{node.module}.{alias.name}") for alias in node.names)
        return aliases

    def _called(self, call: ast.Call) -> str:
        known = self.dotted(call.func)
        if known is not None:
            return known
        if isinstance(call.func, ast.Name):
            return f"builtins.{call.func.id}"
        return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _plain_alias(alias: ast.alias) -> tuple[str, str]:
    top = alias.name.partition(".")[0]
    return (alias.asname, alias.name) if alias.asname else (top, top)


def _imports(nodes: tuple[ast.AST, ...]) -> Iterator[tuple[ast.stmt, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)
