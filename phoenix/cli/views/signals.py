"""What became of signals, for people: a line or two each."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from phoenix.application.signals.intake import SignalOutcome
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.plain import plain
from phoenix.cli.ways_out import short, way_out
from phoenix.runtime.documents.outcomes import refusal_text


def answers_view(answers: Sequence[tuple[str, SignalOutcome]]) -> RenderableType:
    """Each document by its name, with its answer and what to do next."""
    return Group(*(_answer(name, outcome) for name, outcome in answers))


def exit_code_of(outcomes: Sequence[SignalOutcome]) -> ExitCode:
    """REFUSED where any was, else NOT_YET_KNOWN where any is still to be looked at."""
    if any(outcome.refusal is not None for outcome in outcomes):
        return ExitCode.REFUSED
    return ExitCode.OK if all(outcome.intent_id is not None for outcome in outcomes) else ExitCode.NOT_YET_KNOWN


def _answer(name: str, outcome: SignalOutcome) -> Text:
    again = " (known already; this was its first answer)" if outcome.is_repeat else ""
    if outcome.refusal is not None:
        return _refused(name, outcome, again)
    if outcome.intent_id is None:
        return Text(
            f"{plain(name)}: not yet known{again}: signal {outcome.signal_id} is on record, and no executor has "
            "looked at it\n  Look again: phoenix status, phoenix pending",
            overflow="fold",
        )
    text = Text(f"{plain(name)}: ", overflow="fold")
    text.append("PROPOSED", "bold")
    text.append(f"{again} as intent {outcome.intent_id}\n")
    text.append(f"  Next: phoenix review {short(outcome.intent_id)}")
    return text


def _refused(name: str, outcome: SignalOutcome, again: str) -> Text:
    assert outcome.refusal is not None
    text = Text(f"{plain(name)}: ", overflow="fold")
    text.append("REFUSED", "bold")
    text.append(f"{again}: {plain(refusal_text(outcome.refusal))}\n  {plain(outcome.refusal.remedy)}.")
    command = way_out(outcome.refusal)
    if command is not None:
        text.append(f" Command: {command}")
    return text
