"""What a decision or a signal came to: one line, what to do next, and the exit code that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.plain import plain
from phoenix.cli.printing import print_json
from phoenix.domain.vocabulary import OrderEvent, PositionState

if TYPE_CHECKING:
    from phoenix.runtime.readings.outcomes import Outcome


def show_outcome(outcome: Outcome, as_json: bool) -> ExitCode:
    """Print what became of a decision. Answers the code to leave with."""
    from phoenix.cli.ways_out import next_steps
    from phoenix.runtime.documents.outcomes import outcome_document, outcome_text

    if as_json:
        print_json(outcome_document(outcome))
        return exit_code_of(outcome)
    print(plain(outcome_text(outcome)))
    for step in next_steps(outcome):
        print(f"  {plain(step)}")
    return exit_code_of(outcome)


def exit_code_of(outcome: Outcome) -> ExitCode:
    """REFUSED for a refusal by a rule or the broker; NOT_YET_KNOWN for what is on record, or sent, without an end."""
    from phoenix.runtime.readings.outcomes import OutcomeStatus

    if outcome.status is OutcomeStatus.NOT_YET_KNOWN:
        return ExitCode.NOT_YET_KNOWN
    is_rejected = outcome.order is not None and outcome.order.event is OrderEvent.REJECTED
    if outcome.refusal is not None or is_rejected:
        return ExitCode.REFUSED
    is_open = not outcome.is_settled or outcome.state is PositionState.STALLED
    return ExitCode.NOT_YET_KNOWN if is_open else ExitCode.OK
