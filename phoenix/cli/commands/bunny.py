"""`phoenix bunny`: the chaos suite, in virtual time, over the simulated broker and a simulated gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.options import JsonFlag

SeedOption = Annotated[int, typer.Option("--seed", help="What prices, quantities, delays and ids are drawn from.")]
ModeOption = Annotated[
    str, typer.Option("--mode", help="How the broker behaves meanwhile: INSTANT, REALISTIC or ADVERSARIAL.")
]
WaveOption = Annotated[list[int] | None, typer.Option("--wave", help="Only the vectors of this wave; may be repeated.")]
VectorOption = Annotated[list[str] | None, typer.Option("--vector", help="Only this vector; may be repeated.")]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", dir_okay=False, help="Where to write the report; a run of every vector always writes it."),
]
AdapterOption = Annotated[
    list[str] | None,
    typer.Option(
        "--adapter",
        help="Only over this adapter: chaos_mock, or ib_insync or ibapi before the gateway simulator; may be repeated.",
    ),
]
REPORT = Path("BUNNY_REPORT_S32.md")


def bunny(
    seed: SeedOption = 32,
    mode: ModeOption = "INSTANT",
    wave: WaveOption = None,
    vector: VectorOption = None,
    adapter: AdapterOption = None,
    report: ReportOption = None,
    json: JsonFlag = False,
) -> None:
    """Let everything go wrong that the specification names, and show that every rule holds. Touches no home."""
    from phoenix.bunny.choosing import chosen_adapters, chosen_mode, chosen_vectors
    from phoenix.bunny.document import suite_document
    from phoenix.bunny.report import report_text
    from phoenix.bunny.running import run_suite
    from phoenix.cli.outputs import require_folder
    from phoenix.cli.printing import show
    from phoenix.cli.progress import progress_bar
    from phoenix.cli.views.bunny import suite_view

    chosen, adapters = chosen_vectors(wave or (), vector or ()), chosen_adapters(adapter or ())
    target = report or (None if wave or vector or adapters else REPORT)
    require_folder(target)
    chaos_mode = chosen_mode(mode)
    with progress_bar("Bunny", is_quiet=json) as on_progress:
        done: list[object] = []

        def count(result: object) -> None:
            done.append(result)
            on_progress(len(done), len(chosen))

        suite = run_suite(seed, chaos_mode, chosen, count, adapters)
    if target is not None:
        target.write_text(report_text(suite), encoding="utf-8")
    show(suite_document(suite), lambda: suite_view(suite, target), as_json=json)
    raise typer.Exit(ExitCode.OK if suite.ok else ExitCode.ERROR)
