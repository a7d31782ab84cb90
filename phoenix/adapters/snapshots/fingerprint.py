"""Telling a snapshot of this very Phoenix from one that another version folded.

The same fields may come to mean something else, and the same beads may be folded in another way. So it is not the shape
of the state alone that has to be the same, but all the code that the state, its fold and its encoding are made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

_DOMAIN = "phoenix.domain"
_CACHES = "__pycache__"


@cache
def fold_fingerprint() -> str:
    """SHA-256, in hexadecimal, over the names and contents of the domain's modules."""
    digest = sha256()
    for name, module in sorted(_modules(files(_DOMAIN), _DOMAIN), key=lambda found: found[0]):
        content = module.read_bytes()
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def _modules(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir() and entry.name != _CACHES:
            yield from _modules(entry, name)
        elif entry.is_file():
            yield name, entry
