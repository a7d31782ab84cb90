"""Deciding several things at once, and telling what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from phoenix.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from phoenix.domain.beads.approval import DecisionPayload
    from phoenix.domain.encoding import Json
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.outcomes import Outcome

_WORST_FIRST = (ExitCode.ERROR, ExitCode.REFUSED, ExitCode.NOT_YET_KNOWN)


def draft(
    kind: DecisionKind, subject_id: str, *, evidence_hash: str | None = None, reason: str | None = None,
    proof: Json = None,
) -> DecisionPayload:  # fmt: skip
    """A decision that is not on record yet."""
    from phoenix.adapters.ids import RandomIds
    from phoenix.domain.beads.approval import DecisionPayload

    return DecisionPayload(RandomIds().new_id(), kind, subject_id, evidence_hash, reason, {}, proof or {})


def decided(desk: Desk, drafts: Sequence[DecisionPayload], *, as_json: bool) -> list[Outcome]:
    """Put all on record, follow them together, and for people print a line or two for each."""
    from phoenix.cli.person import person
    from phoenix.cli.plain import plain
    from phoenix.cli.ways_out import next_steps
    from phoenix.runtime.documents.outcomes import outcome_text
    from phoenix.runtime.words.ids import short

    outcomes = desk.decide_each(drafts, signer=person())
    if not as_json:
        for outcome in outcomes:
            print(plain(f"{outcome.kind.value} {short(outcome.subject_id)}: {outcome_text(outcome)}"))
            for step in next_steps(outcome) if outcome.refusal is not None else ():
                print(f"  {plain(step)}")
    return outcomes


def worst_of(outcomes: Sequence[Outcome]) -> ExitCode:
    """The code that covers the worst outcome; OK where there is none."""
    from phoenix.cli.outcomes import exit_code_of

    codes = {exit_code_of(outcome) for outcome in outcomes}
    return next((code for code in _WORST_FIRST if code in codes), ExitCode.OK)
