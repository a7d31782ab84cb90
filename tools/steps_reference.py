"""The page of the Gherkin steps that other projects may use, from the steps themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from phoenix.testing.steps import broker, common, context, exits, kills, lifecycle, settling

SUBJECTS = {
    common: "Proposals, approvals, refusals, beads",
    context: "Signals and the context they were made in",
    lifecycle: "One position, from entry to exit",
    kills: "Kill flags",
    exits: "Exits and protection",
    broker: "What the broker does",
    settling: "What a human settles",
}
_KINDS = ("given", "when", "then")
_FIELD = re.compile(r"\{(\w*)(?::\w+)?\}")
_GROUP = re.compile(r"\(\?P<(\w+)>([^()]*)\)")
_PLAIN = re.compile(r"[\w /.,'|-]*")


def sections() -> Iterator[str]:
    """The lines of the page, subject by subject: Given, When, Then, in the order of the source."""
    for module, title in SUBJECTS.items():
        found = [
            step for step in step_function_context_registry.values() if step.step_func.__module__ == module.__name__
        ]
        yield from ("", f"## {title}")
        for kind in _KINDS:
            lines = list(dict.fromkeys(line for step in _in_order(found, kind) for line in _lines(step)))
            if lines:
                yield from ("", f"**{kind.capitalize()}**", "")
                yield from (f"- {line}" for line in lines)


def _in_order(steps: Iterable[StepFunctionContext], kind: str) -> list[StepFunctionContext]:
    return sorted(
        (step for step in steps if step.type == kind), key=lambda step: step.step_func.__code__.co_firstlineno
    )


def _lines(step: StepFunctionContext) -> Iterator[str]:
    """How a step reads: its variable parts in angle brackets; a long choice is a line each."""
    words = _FIELD.sub(lambda field: f"<{field[1]}>", step.parser.name)
    choice = _GROUP.search(words)
    if choice is not None and choice[2].count("|") > 3:
        for alternative in choice[2].split("|"):
            yield f"`{_readable(words.replace(choice[0], alternative))}`"
        return
    yield f"`{_readable(words)}`"


def _readable(words: str) -> str:
    return _GROUP.sub(lambda group: f"<{group[2] if _PLAIN.fullmatch(group[2]) else group[1]}>", words)
