"""`phoenix ingest` and `phoenix simulate-signal`: signals coming in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag
from phoenix.domain.vocabulary import OrderType, Regime, Side, TimeInForce

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phoenix.runtime.desk import Desk
    from phoenix.runtime.signals.notations import Notation

STANDARD = Path("-")
"""Standard input, or standard output."""

FilesArgument = Annotated[
    list[Path],
    typer.Argument(metavar="FILE...", help="Signals as JSON or YAML (*.yaml, *.yml); - is JSON on standard input."),
]
PairOption = Annotated[str | None, typer.Option(help="Instrument. By default the first that is configured.")]
StrategyOption = Annotated[str | None, typer.Option(help="Strategy. By default the first that is configured.")]
PipsOption = Annotated[str, typer.Option(metavar="PIPS", help="Distance from the entry.")]
LimitOption = Annotated[
    str, typer.Option(metavar="PIPS", help="For order type LIMIT: how much better than the market the entry is.")
]
OutOption = Annotated[
    Path | None, typer.Option(dir_okay=False, help="Write the signal instead of handing it in; - is standard output.")
]


def ingest(files: FilesArgument, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Hand in signals, and say of each whether it is proposed or refused, and why."""
    from phoenix.runtime.signals.notations import Notation

    documents = [(str(file), _read(file), Notation.of_name(file.name) or Notation.JSON) for file in files]
    with desk_at(home) as desk:
        _hand_in(desk, documents, as_json=json)


def simulate_signal(
    home: HomeOption = None,
    pair: PairOption = None,
    side: Annotated[Side, typer.Option(case_sensitive=False, help="LONG or SHORT.")] = Side.LONG,
    strategy: StrategyOption = None,
    stop_pips: PipsOption = "30",
    target_pips: PipsOption = "60",
    risk_percent: Annotated[str, typer.Option(help="Percentage of equity that the stop would cost.")] = "1",
    order_type: Annotated[OrderType, typer.Option(case_sensitive=False, help="MARKET or LIMIT.")] = OrderType.MARKET,
    limit: LimitOption = "0",
    time_in_force: Annotated[TimeInForce, typer.Option(case_sensitive=False, help="DAY or GTC.")] = TimeInForce.DAY,
    regime: Annotated[Regime, typer.Option(case_sensitive=False, help="NORMAL, HIGH_VOL or NEWS.")] = Regime.NORMAL,
    out: OutOption = None,
    json: JsonFlag = False,
) -> None:
    """Make up a fresh signal, priced from the simulated quote, to try deciding by hand."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.adapters.ids import RandomIds
    from phoenix.cli.numbers import number_of
    from phoenix.runtime.desk import simulated_signal as trial
    from phoenix.runtime.signals.notations import Notation

    with desk_at(home) as desk:
        instrument = trial.instrument_for_trial(desk.home, pair)
        setup = trial.SimulatedSetup(
            trial.strategy_for_trial(desk, strategy), side, number_of("stop_pips", stop_pips),
            number_of("target_pips", target_pips), number_of("risk_percent", risk_percent), order_type,
            number_of("limit", limit), time_in_force, regime,
        )  # fmt: skip
        quote = trial.fresh_quote(desk, instrument.pair)
        document = trial.simulated_document(setup, instrument, quote, SystemClock().now(), RandomIds().new_id())
        if out is None:
            made_up = (f"made up for {instrument.pair}", _text(document).encode(), Notation.JSON)
            _hand_in(desk, [made_up], as_json=json)
        else:
            _write(out, document, as_json=json)


def _hand_in(desk: Desk, documents: list[tuple[str, bytes, Notation]], *, as_json: bool) -> None:
    """Hand in one after the other, show every answer, and leave with the code that covers the worst of them."""
    from phoenix.cli.person import person
    from phoenix.cli.printing import print_json
    from phoenix.cli.views.signals import answer_lines, exit_code_of
    from phoenix.runtime.documents.signals import answers_document

    signer = person()
    answers = [
        (name, desk.ingest(document, signer=signer, notation=notation)) for name, document, notation in documents
    ]
    if as_json:
        print_json(answers_document(answers))
    else:
        print("\n".join(answer_lines(answers)))
    raise typer.Exit(exit_code_of([outcome for _, outcome in answers]))


def _read(file: Path) -> bytes:
    """The document, or as much of it as shows that it is too long."""
    import sys

    from phoenix.application.signals.strict_json import DOCUMENT_BYTES_MAX

    if file == STANDARD:
        return sys.stdin.buffer.read(DOCUMENT_BYTES_MAX + 1)
    with file.open("rb") as opened:
        return opened.read(DOCUMENT_BYTES_MAX + 1)


def _write(target: Path, document: Mapping[str, object], *, as_json: bool) -> None:
    from phoenix.cli.printing import print_json, say

    if target == STANDARD:
        print_json(document)
        return
    target.write_text(_text(document), encoding="utf-8")
    if as_json:
        print_json({"written": str(target), "signal_id": document["signal_id"]})
    else:
        say(f"Written: {target}. Next: phoenix ingest {target}")


def _text(document: object) -> str:
    from json import dumps

    return dumps(document, indent=2) + "\n"
