"""A frozen value with some fields changed: `dataclasses.replace` for slotted classes, at the pace of the hot path."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import replace
else:
    from dataclasses import fields
    from functools import cache
    from operator import attrgetter

    def replace(original, /, **changes):
        """A copy with other values in some fields. The class has no `__post_init__`, so nothing is left unchecked."""
        cls = original.__class__
        read, write, write_named = _access(cls)
        copy = object.__new__(cls)
        for write_one, value in zip(write, read(original), strict=True):
            write_one(copy, value)
        for name, value in changes.items():
            write_named[name](copy, value)
        return copy

    @cache
    def _access(cls):
        """How to read all fields of a class at once, and how to write each of them, frozen or not."""
        if hasattr(cls, "__post_init__"):
            raise TypeError(f"{cls.__name__} checks itself when it is made: use dataclasses.replace")
        names = [field.name for field in fields(cls)]
        write_named = {name: cls.__dict__[name].__set__ for name in names}
        return attrgetter(*names), tuple(write_named.values()), write_named


__all__ = ["replace"]
