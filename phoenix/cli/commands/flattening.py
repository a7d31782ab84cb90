"""Closing everything in one ceremony: one exit and one approval per position, one typed confirmation for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from phoenix.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.readings.reviews import Review

_NOT_CONFIRMED = "nothing was closed; the proposed exits were dropped"


def flatten_all(desk: Desk, *, as_json: bool) -> tuple[list[dict[str, Any]], ExitCode]:
    """Propose an exit for every open position, show all of them, have it confirmed, approve each.

    Raises Refused, with the halt in force, where no person is at a terminal or the account is not a simulated one.
    """
    from phoenix.cli.commands.several import decided, draft, worst_of
    from phoenix.cli.confirming import terminal_name, typed
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.documents.outcomes import outcome_document
    from phoenix.runtime.readings.reviews import Review

    _require_ceremony(desk, as_json=as_json)
    proposed = decided(
        desk, [draft(DecisionKind.CLOSE, name, reason="halted") for name in _open(desk)], as_json=as_json
    )
    intents = {outcome.intent_id for outcome in proposed if outcome.refusal is None and outcome.intent_id}
    reviews = [review for review in desk.read.pending() if isinstance(review, Review) and review.intent_id in intents]
    told = [outcome_document(outcome) for outcome in proposed if outcome.intent_id not in intents]
    if not reviews:
        return told, worst_of(proposed)
    wanted = f"CLOSE {len(reviews)} POSITION{'S' if len(reviews) > 1 else ''}"
    _show(desk, reviews, as_json=as_json)
    desk.close()
    if typed(wanted) != wanted:
        dropped = decided(desk, [draft(DecisionKind.PASS, review.intent_id) for review in reviews], as_json=as_json)
        if not as_json:
            print(f"Not confirmed: {_NOT_CONFIRMED}.")
        return [*told, *map(outcome_document, dropped)], ExitCode.REFUSED
    proof = {"kind": "TYPED", "typed": wanted, "terminal": terminal_name()}
    approvals = [
        draft(DecisionKind.APPROVE, review.intent_id, evidence_hash=review.bundle_hash, proof=proof)
        for review in reviews
    ]  # fmt: skip
    outcomes = decided(desk, approvals, as_json=as_json)
    return [*told, *map(outcome_document, outcomes)], worst_of([*proposed, *outcomes])


def _require_ceremony(desk: Desk, *, as_json: bool) -> None:
    from phoenix.cli.confirming import require_terminal
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import AccountMode, RefusalReason

    mode = desk.home.settings.account.mode
    if mode is not AccountMode.SIMULATOR:
        raise Refused(
            RefusalReason.PROOF_MISSING, "proof", f"typing proves no human on a {mode.value} account",
            "Entries are stopped. Propose each exit with phoenix positions close, and approve it with a passkey",
        )  # fmt: skip
    require_terminal(as_json=as_json)


def _open(desk: Desk) -> list[str]:
    """The living positions that hold something and have no exit under way; the others are shown by the halt."""
    from phoenix.domain.numbers import ZERO

    return [
        position.position_id
        for position in desk.read.positions()
        if position.open_quantity > ZERO and position.state is not None and not position.state.is_terminal
    ]


def _show(desk: Desk, reviews: Sequence[Review], *, as_json: bool) -> None:
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.commands.position_screens import reading_of
    from phoenix.cli.printing import console
    from phoenix.cli.views.halting import exits_view

    rows = [(review, reading_of(desk, review.position)) for review in reviews]
    console(is_error=as_json).print(exits_view(rows, desk.home.settings.account.currency, SystemClock().now()))
