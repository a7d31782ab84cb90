"""`python -m benchmarks [P3 P4 …]`: runs the benchmarks, prints a table, and writes out/bench.json."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.harness import REGISTRY, Measurement

OUT = Path("out/bench.json")
_VERDICTS = {True: "met", False: "missed", None: "-"}


def _place(name: str) -> tuple[float, str]:
    """By number, and those without one behind them."""
    number = name.removeprefix("P")
    return (float(number) if number.isdigit() else float("inf"), name)


def main(wanted: Sequence[str]) -> None:
    for module in iter_modules(benchmarks.__path__):
        if not module.name.startswith("_"):
            import_module(f"benchmarks.{module.name}")
    unknown = [name for name in wanted if name not in REGISTRY]
    if unknown:
        raise SystemExit(f"{unknown[0]}: no such benchmark; choose from {', '.join(sorted(REGISTRY))}")
    measurements: list[Measurement] = []
    for name in sorted(wanted or REGISTRY, key=_place):
        measurements += REGISTRY[name]()
    Console().print(_table(measurements))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(one) | {"met": one.is_met} for one in measurements], indent=2) + "\n")


def _table(measurements: Sequence[Measurement]) -> Table:
    table = Table("#", "what", "ratio", "goal", "", "measured", "against")
    for one in measurements:
        goal = "-" if one.goal is None else f"{'≥' if one.at_least else '≤'} {one.goal:g}"
        figures = (f"{one.subject:,.1f} {one.unit}", f"{one.floor:,.1f} {one.unit}")
        table.add_row(one.id, one.what, f"{one.ratio:.2f}", goal, _VERDICTS[one.is_met], *figures)
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
