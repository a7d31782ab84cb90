"""`phoenix replay` and `phoenix demo`: signals over recorded market data, in simulated time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from phoenix.replay.result import ReplayResult

_CSV = "CSV of one-minute {side} bars: timestamp,open,high,low,close."

SignalsOption = Annotated[
    Path, typer.Option("--signals", exists=True, file_okay=False, help="Folder of signals, one JSON file each.")
]
BidOption = Annotated[Path, typer.Option("--bid", exists=True, dir_okay=False, help=_CSV.format(side="bid"))]
AskOption = Annotated[Path, typer.Option("--ask", exists=True, dir_okay=False, help=_CSV.format(side="ask"))]
JsonOption = Annotated[
    Path | None, typer.Option("--json", dir_okay=False, help="Write the result for programs; - is standard output.")
]
SvgOption = Annotated[Path | None, typer.Option("--svg", dir_okay=False, help="Draw equity and drawdown.")]
PairOption = Annotated[
    str | None, typer.Option("--pair", help="The pair of the bars; by default the one most signals are for.")
]
EquityOption = Annotated[str, typer.Option("--equity", help="Starting equity in the account's currency.")]
CurrencyOption = Annotated[str, typer.Option("--currency", help="The account's currency.")]
LatencyOption = Annotated[
    int, typer.Option("--latency-s", min=0, max=86_400, help="Seconds from a signal to the earliest fill.")
]
LimitsOption = Annotated[
    bool, typer.Option("--limits", help="Apply the configured risk limits instead of the permissive profile.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", exists=True, dir_okay=False, help="Configuration whose instruments and limits count."),
]
StoreOption = Annotated[
    Path | None, typer.Option("--store", dir_okay=False, help="Keep the beads in a new SQLite file instead of memory.")
]
OutOption = Annotated[Path, typer.Option("--out", file_okay=False, help="Folder for the picture and the JSON result.")]


def replay(
    signals: SignalsOption,
    bid: BidOption,
    ask: AskOption,
    json: JsonOption = None,
    svg: SvgOption = None,
    pair: PairOption = None,
    equity: EquityOption = "100000",
    currency: CurrencyOption = "USD",
    latency_s: LatencyOption = 60,
    limits: LimitsOption = False,
    config: ConfigOption = None,
    store: StoreOption = None,
) -> None:
    """Carry recorded signals through the whole pipeline over recorded bars, and show what became of them."""
    from phoenix.cli.outputs import require_folder, show_replay, write_json, write_picture
    from phoenix.cli.progress import progress_bar
    from phoenix.replay.request import ReplayOptions, replay_request
    from phoenix.replay.run import run_replay

    for target in (json, svg, store):
        require_folder(target)
    is_for_programs = json == Path("-")
    options = ReplayOptions(pair, equity, currency, latency_s, limits, config, store)
    request = replay_request(signals, bid, ask, options)
    with progress_bar("Replaying", is_quiet=is_for_programs) as on_progress:
        result = run_replay(request, on_progress)
    write_json(json, result)
    write_picture(svg, result)
    if not is_for_programs:
        show_replay(result, json, svg, store)
    raise typer.Exit(verdict(result))


def demo(out: OutOption = Path("out")) -> None:
    """Carry the bundled signals over the bundled market; leave the beads, a picture and a JSON result."""
    from phoenix.replay.examples import examples_folder

    examples = examples_folder()
    out.mkdir(parents=True, exist_ok=True)
    store = out / "demo.db"
    for leftover in out.glob("demo.db*"):
        leftover.unlink()
    replay(
        examples / "signals",
        examples / "market" / "gbpusd-m1-bid.csv",
        examples / "market" / "gbpusd-m1-ask.csv",
        json=out / "replay.json",
        svg=out / "equity.svg",
        store=store,
    )


def verdict(result: ReplayResult) -> ExitCode:
    """Whether the record of a replay can be trusted: a broken chain or history is an error, open drift is drift."""
    if not (result.proof.chain_ok and result.proof.history_ok):
        return ExitCode.ERROR
    return ExitCode.DRIFT if result.proof.open_drift else ExitCode.OK
