"""`phoenix approve`, `pass` and `withdraw`: what a human decides about an intent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.commands.reviewing import IntentArgument, screens_of
from phoenix.cli.completion import approved_intents
from phoenix.cli.desks import desk_at
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.options import HomeOption, JsonFlag, ReasonOption

if TYPE_CHECKING:
    from pathlib import Path

    from phoenix.domain.encoding import Json
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings import Waiting
    from phoenix.runtime.readings.outcomes import Outcome
    from phoenix.runtime.readings.promotion_reviews import PromotionReview

ApprovedArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="Intent, or a unique beginning of its id; without it, the only one that waits.",
        autocompletion=approved_intents, show_default=False,
    ),
]  # fmt: skip


def approve(intent: IntentArgument = None, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show the review, have what is being done typed out, and approve it; on simulated accounts only."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.domain.vocabulary import AccountMode

    with desk_at(home) as desk:
        if desk.home.settings.account.mode is not AccountMode.SIMULATOR:
            outcome = _approve(desk, desk.read.review(intent), {"kind": "NONE", "surface": "terminal"})
        else:
            outcome = confirmed(desk, intent, as_json=json)
        raise typer.Exit(show_outcome(outcome, json))


def pass_on(
    intent: IntentArgument = None, home: HomeOption = None, reason: ReasonOption = None, json: JsonFlag = False
) -> None:
    """Pass on an intent: its proposal ends, and nothing is sent or promoted."""
    from phoenix.domain.vocabulary import DecisionKind

    _decide(home, DecisionKind.PASS, intent, reason, as_json=json)


def withdraw(
    intent: ApprovedArgument = None, home: HomeOption = None, reason: ReasonOption = None, json: JsonFlag = False
) -> None:
    """Take an approval back before anything was sent, or the strategy promoted."""
    from phoenix.domain.vocabulary import DecisionKind

    _decide(home, DecisionKind.WITHDRAW, intent, reason, as_json=json)


def _decide(home: Path | None, kind: DecisionKind, intent: str | None, reason: str | None, *, as_json: bool) -> None:
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person

    with desk_at(home) as desk:
        found = desk.read.review(intent)
        outcome = desk.decide(kind, found.intent_id, signer=person(), reason=reason)
        raise typer.Exit(show_outcome(outcome, as_json))


def confirmed(desk: Desk, intent: str | None, *, as_json: bool) -> Outcome:
    """The outcome of an approval that was typed out. Leaves with REFUSED where anything else was."""
    from phoenix.cli.confirming import require_terminal, terminal_name, typed
    from phoenix.cli.printing import console
    from phoenix.runtime.documents.reviews import confirmation

    require_terminal(as_json=as_json)
    found = desk.read.review(intent)
    _require_fresh(found)
    _, view = screens_of(desk, found)
    desk.close()
    console(is_error=as_json).print(view)
    wanted = confirmation(found)
    answer = typed(wanted)
    if answer != wanted:
        _leave_unapproved(found, as_json=as_json)
    return _approve(desk, found, {"kind": "TYPED", "typed": wanted, "terminal": terminal_name()})


def _approve(desk: Desk, shown: Waiting, proof: Json) -> Outcome:
    """Approve exactly the evidence that was shown; the core refuses it if another one is current by then."""
    from phoenix.cli.person import person
    from phoenix.domain.vocabulary import DecisionKind

    return desk.decide(
        DecisionKind.APPROVE, shown.intent_id, signer=person(), evidence_hash=shown.bundle_hash, proof=proof
    )


def _require_fresh(found: Waiting) -> None:
    """Raises Refused where an approval could only end in a conflict, and for an entry in a kill flag as well."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.domain.instants import instant_text
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import RefusalReason
    from phoenix.runtime.readings.reviews import Review
    from phoenix.runtime.words.ids import short

    if not isinstance(found, Review):
        _require_same_record(found)
    elif found.stale_at is not None and SystemClock().now() > found.stale_at:
        raise Refused(
            RefusalReason.STATE_CONFLICT, "state_anchor",
            f"it has been stale since {instant_text(found.stale_at)}; nothing was approved",
            f"Refresh it, phoenix refresh {short(found.intent_id)} --now in the simulator, and review it again",
        )  # fmt: skip


def _require_same_record(found: PromotionReview) -> None:
    """Raises Refused where the record has grown since, so that this evidence can no longer be approved."""
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import RefusalReason

    if found.outdated:
        raise Refused(
            RefusalReason.STALE_EVIDENCE, "evidence_hash",
            "performance was recorded after this evidence was frozen; nothing was approved",
            f"Ask anew and review the record as it is now: phoenix promote {found.strategy_id}",
        )  # fmt: skip


def _leave_unapproved(found: Waiting, *, as_json: bool) -> None:
    from phoenix.cli.printing import print_json

    if as_json:
        print_json({"intent_id": found.intent_id, "outcome": "NOT_CONFIRMED", "said": "nothing was approved"})
    else:
        print("Nothing was approved.")
    raise typer.Exit(ExitCode.REFUSED)
