"""What became of signals, for people: two lines each, never broken, for what is piped on as well."""

from __future__ import annotations

from collections.abc import Sequence

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.plain import plain
from phoenix.cli.ways_out import way_out
from phoenix.runtime.documents.outcomes import refusal_text
from phoenix.runtime.words.ids import short


def answer_lines(answers: Sequence[tuple[str, SignalOutcome]]) -> list[str]:
    """Each document by its name, with its answer, and below it what to do next."""
    return [line for name, outcome in answers for line in (f"{plain(name)}: {_answer(outcome)}", f"  {_next(outcome)}")]


def exit_code_of(outcomes: Sequence[SignalOutcome]) -> ExitCode:
    """REFUSED where any was, else NOT_YET_KNOWN where any is still to be looked at."""
    if any(outcome.refusal is not None for outcome in outcomes):
        return ExitCode.REFUSED
    return ExitCode.OK if all(outcome.intent_id is not None for outcome in outcomes) else ExitCode.NOT_YET_KNOWN


def _answer(outcome: SignalOutcome) -> str:
    again = " (known already; this was its first answer)" if outcome.is_repeat else ""
    if outcome.refusal is not None:
        return f"REFUSED{again}: {plain(refusal_text(outcome.refusal))}"
    if outcome.intent_id is None and not outcome.signal_id:
        return "not yet known: it cannot be read as a signal, and waits in the inbox for the executor to refuse it"
    if outcome.intent_id is None:
        return f"not yet known{again}: signal {outcome.signal_id} is on record, and no executor has looked at it"
    return f"PROPOSED{again} as intent {outcome.intent_id}"


def _next(outcome: SignalOutcome) -> str:
    if outcome.refusal is not None:
        command = way_out(outcome.refusal)
        return f"{plain(outcome.refusal.remedy)}.{'' if command is None else f' Command: {command}'}"
    if outcome.intent_id is None:
        return "Look again: phoenix status, phoenix pending"
    return f"Next: phoenix review {short(outcome.intent_id)}"
