"""`phoenix refresh` and `phoenix repropose`: binding a proposal, or a signal, to the context of now (SPEC 3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.completion import pending_entries
from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.domain.vocabulary import Regime

if TYPE_CHECKING:
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.desk.anchoring import Captured

EntryArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="ID", help="Intent, or a unique beginning of its id; without it, the only one that waits.",
        autocompletion=pending_entries, show_default=False,
    ),
]  # fmt: skip
SignalArgument = Annotated[
    str,
    typer.Argument(metavar="SIGNAL", help="Signal, or an intent or position it led to; a unique beginning will do."),
]
RegimeOption = Annotated[Regime | None, typer.Option(case_sensitive=False, help="Regime of a newly captured anchor.")]
ParamsOption = Annotated[
    str | None, typer.Option(metavar="HASH", help="Hash of the strategy's parameters in a newly captured anchor.")
]
SnapshotOption = Annotated[
    str | None, typer.Option(metavar="HASH", help="Hash of the market snapshot in a newly captured anchor.")
]
CapturedOption = Annotated[
    str | None, typer.Option(metavar="INSTANT", help="When the new anchor was captured, such as 2026-01-31T14:30:00Z.")
]
NowOption = Annotated[
    bool, typer.Option("--now", help="Simulator: register the context of this moment as a new anchor.")
]


def refresh(
    intent: EntryArgument = None,
    home: HomeOption = None,
    now: NowOption = False,
    regime: RegimeOption = None,
    strategy_params: ParamsOption = None,
    market_snapshot: SnapshotOption = None,
    captured_at: CapturedOption = None,
    json: JsonFlag = False,
) -> None:
    """Bind a proposal to the current anchor, or to a new one, and freeze new evidence for it."""
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.desk.anchoring import Captured, require_entry

    captured = Captured(captured_at, regime, strategy_params, market_snapshot, is_now=now)
    with desk_at(home) as desk:
        found = require_entry(desk.read.review(intent))
        strategy_id, pair = found.position.strategy_id, found.position.terms.pair
        _decide(desk, DecisionKind.REFRESH, found.intent_id, (strategy_id, pair), captured, as_json=json)


def repropose(
    signal: SignalArgument,
    home: HomeOption = None,
    now: NowOption = False,
    regime: RegimeOption = None,
    strategy_params: ParamsOption = None,
    market_snapshot: SnapshotOption = None,
    captured_at: CapturedOption = None,
    json: JsonFlag = False,
) -> None:
    """Propose a signal again whose former proposal ended without an execution."""
    from phoenix.domain.vocabulary import DecisionKind
    from phoenix.runtime.desk.anchoring import Captured

    captured = Captured(captured_at, regime, strategy_params, market_snapshot, is_now=now)
    with desk_at(home) as desk:
        found = desk.read.signal(signal)
        where = found.strategy_id, found.pair
        _decide(desk, DecisionKind.REPROPOSE, found.signal_id, where, captured, as_json=json)


def _decide(
    desk: Desk, kind: DecisionKind, subject_id: str, where: tuple[str, str], captured: Captured, *, as_json: bool
) -> None:
    """Register the anchor that is to stand under it, then decide. Leaves with the outcome's code."""
    from phoenix.cli.outcomes import show_outcome
    from phoenix.cli.person import person
    from phoenix.runtime.desk.anchoring import stand_on_fresh_anchor

    signer = person()
    stand_on_fresh_anchor(desk, *where, captured, signer)
    raise typer.Exit(show_outcome(desk.decide(kind, subject_id, signer=signer), as_json))
