"""`phoenix positions adopt`: what waits for adoption, and adopting it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from phoenix.cli.desks import desk_at

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import RenderableType

    from phoenix.runtime.readings.adoptable import Adoptable

_NEEDED = {
    "STRAY": ("stop_price", "target_price"),
    "EXECUTION": ("strategy_id", "stop_price", "target_price"),
    "HOLDING": ("strategy_id", "entry_price", "stop_price", "target_price"),
    "ORDER": ("strategy_id", "stop_price", "target_price"),
}
_OPTIONS = {
    "stop_price": "--stop", "target_price": "--target", "strategy_id": "--strategy", "entry_price": "--entry",
    "pair": "--pair", "side": "--side", "quantity": "--quantity",
}  # fmt: skip


def show_adoptables(home: Path | None, *, as_json: bool) -> None:
    """List what waits for adoption, with the command for each."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.positions import adoptable_document
    from phoenix.runtime.readings.adoptable import waiting_for_adoption

    with desk_at(home) as desk:
        found, now = waiting_for_adoption(desk.store), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.positions import adoptables_view

        return adoptables_view(found, now) if found else "Nothing waits for adoption."

    show({"adoptable": [adoptable_document(one) for one in found]}, view, as_json=as_json)


def adopt_subject(
    home: Path | None, subject: str, given: Mapping[str, str], reason: str | None, as_json: bool
) -> None:  # fmt: skip
    """Put the adoption on record and follow it."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.readings.adoptable import waiting_for_adoption

    with desk_at(home) as desk:
        adoptable = _named(subject, waiting_for_adoption(desk.store))
        missing = [_OPTIONS[name] for name in _NEEDED[adoptable.kind.value] if name not in given]
        if missing:
            raise typer.BadParameter(f"adopting {adoptable.text} also needs {', '.join(missing)}")
        detail = {"what": "ORDER" if adoptable.kind.value == "ORDER" else "HOLDING", **given}
        outcome = desk.decide(
            DecisionKind.ADOPT, adoptable.name, signer=person(), reason=reason or "adopted by hand", detail=detail
        )
        raise typer.Exit(show_outcome(outcome, as_json))


def _named(subject: str, waiting: Sequence[Adoptable]) -> Adoptable:
    """What is called so, or begins so and no other does. Raises Refused."""
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import RefusalReason

    exact = [adoptable for adoptable in waiting if adoptable.name == subject]
    found = exact or [adoptable for adoptable in waiting if subject and adoptable.name.startswith(subject)]
    if len(found) == 1:
        return found[0]
    detail = f"nothing called {subject} waits for adoption" if not found else f"{subject} names {len(found)} of them"
    raise Refused(RefusalReason.NOT_FOUND, "subject_id", detail, "List what there is with phoenix positions adopt")
