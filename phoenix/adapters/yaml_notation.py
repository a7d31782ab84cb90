"""Signals written as YAML, read as strictly as JSON is, into the same tree.

Of YAML only what JSON can say is taken: objects, lists, text, numbers, true, false and null. A plain scalar is a number
or one of those three words exactly where JSON would have it so, and text everywhere else: no dates, octals, yes or no.
What makes a reader follow references, believe in types or prefer one of two values is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from phoenix.application.signals.strict_json import (
    DEPTH_MAX,
    Flaw,
    Tree,
    below,
    checked_tree,
    malformed,
    not_finite,
    number_of,
    shown_key,
    text_of,
    too_deep,
)
from phoenix.domain.refusals import Refused

_WORDS = {"true": True, "false": False, "null": None}
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|NaN|-?Infinity")
_ODD_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_PLAIN = frozenset({None, ""})


def read_yaml(document: bytes | str) -> Tree:
    """The tree of a YAML document. Raises Refused(MALFORMED) naming the field, or the line and column."""
    text = text_of(document)
    odd = _ODD_LINE_ENDS.search(text)
    if odd is not None:
        raise malformed(
            "document", f"it holds U+{ord(odd[0]):04X}, which ends a line for some readers only",
            "Write it as an escape, in double quotes",
        )  # fmt: skip
    try:
        parsed = _Composer(yaml.parse(text, Loader=yaml.SafeLoader)).document()
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise malformed("document", f"not YAML: {_problem(error)}", "Send one YAML object") from error
    return checked_tree(parsed)


def _problem(error: Exception) -> str:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return " ".join(str(error).split())
    mark = error.problem_mark
    return f"{error.problem} (line {mark.line + 1}, column {mark.column + 1})"


class _Composer:
    """Puts the events of one document together. Every refusal names the path that it had come to."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events

    def document(self) -> object:
        next(self._events)
        start = next(self._events)
        if not isinstance(start, yaml.DocumentStartEvent):
            raise malformed("document", "it is empty", "Send one YAML object")
        if start.version is not None or start.tags:
            raise malformed("document", "it begins with a directive", "Remove the lines that begin with %")
        root = self._value(next(self._events), "", 0)
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise malformed("document", "more than one document", "Send each signal on its own")
        return root

    def _value(self, event: yaml.Event, path: str, depth: int) -> object:
        _require_plain_content(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event, path)
        if depth >= DEPTH_MAX:
            raise too_deep(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return [
                self._value(item, f"{path}[{index}]", depth + 1)
                for index, item in enumerate(self._until(yaml.SequenceEndEvent))
            ]
        return self._object(path, depth)

    def _object(self, path: str, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = _key(event, path)
            if key in found:
                raise malformed(below(path, shown_key(key)), "the key appears more than once", "Keep one of them")
            found[key] = self._value(next(self._events), below(path, shown_key(key)), depth + 1)
        return found

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        """What begins here, one after the other, up to the end of the collection."""
        while not isinstance(event := next(self._events), end):
            yield event


def _require_plain_content(event: yaml.Event, path: str) -> None:
    """Raises Refused for what means more than it says."""
    if isinstance(event, yaml.AliasEvent):
        raise malformed(path, f"an alias, *{shown_key(event.anchor)}", "Write the value out")
    if not isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        raise AssertionError(f"the parser gave {event!r} for a value")
    if event.anchor is not None:
        raise malformed(path, f"an anchor, &{shown_key(event.anchor)}", "Remove it, and write the value out")
    if event.tag is not None:
        raise malformed(path, f"a tag, {shown_key(event.tag)}", "Remove it; quote what is text")


def _key(event: yaml.Event, path: str) -> str:
    _require_plain_content(event, path)
    if not isinstance(event, yaml.ScalarEvent):
        raise malformed(path, "a key that is no text", "Use plain text keys")
    key: str = event.value
    if event.style not in _PLAIN:
        return key
    if key == "<<":
        raise malformed(below(path, key), "a merge key", "Write the fields out")
    if not isinstance(_scalar(event, below(path, shown_key(key))), str):
        raise malformed(below(path, shown_key(key)), "the key is no text", "Put it into quotes, if it is meant")
    return key


def _scalar(event: yaml.ScalarEvent, path: str) -> object:
    value: str = event.value
    if event.style not in _PLAIN:
        return value
    if value == "":
        raise malformed(path, "nothing stands there", 'Write null, or "" for empty text')
    if value in _WORDS:
        return _WORDS[value]
    if _NOT_FINITE.fullmatch(value):
        raise _refused(not_finite(value), path)
    if not _NUMBER.fullmatch(value):
        return value
    number = number_of(value)
    if isinstance(number, Flaw):
        raise _refused(number, path)
    return number


def _refused(flaw: Flaw, path: str) -> Refused:
    return malformed(path, flaw.detail, flaw.remedy)
