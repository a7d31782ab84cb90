"""python -m tools.soak [--minutes 30] [--seed 1] [--mode ADVERSARIAL] [--adapter chaos_mock] [--home DIRECTORY]

With the adapter ib_insync or ibapi, over the wire of a gateway simulator that drops lines and dies as well. Ends with
the verdict of the history check, and with code 1 where an invariant is broken or something is left open.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from phoenix.runtime.process.serve import serve
from tools.soak.gateway import SoakGateway
from tools.soak.life import Soak

IN_PROCESS = "chaos_mock"

_LIFTED = ("duplicate_window_s", "orders_per_day_max", "orders_per_minute_max", "position_quantity_max",
           "daily_loss_percent")  # fmt: skip
_NO_LIMITS = "\n".join(["", "[limits]", *(f'{name} = "none"' for name in _LIFTED), ""])
"""Limits that a busy half-hour would only run into."""


def main() -> int:
    arguments = _arguments()
    if arguments.serve is not None:
        asyncio.run(serve(Home.open(arguments.serve), _say))
        return 0
    folder = arguments.home or Path(tempfile.mkdtemp(prefix="phoenix-soak-")) / "home"
    home, gateway = _home(folder, arguments.mode, arguments.seed), None
    if arguments.adapter != IN_PROCESS:
        gateway = SoakGateway(home.directory, arguments.mode, arguments.seed, Random(arguments.seed))
        home = _wired(home, arguments.adapter, gateway.port)
    _say(f"soaking in {home.directory} for {arguments.minutes} minutes, seed {arguments.seed}, {arguments.adapter}")
    soak = Soak(home, Random(arguments.seed), _say, gateway)
    try:
        soak.live_until(datetime.now(UTC) + timedelta(minutes=arguments.minutes))
        return 0 if soak.conclude() else 1
    finally:
        soak.end()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", default="ADVERSARIAL")
    parser.add_argument("--adapter", choices=(IN_PROCESS, "ib_insync", "ibapi"), default=IN_PROCESS)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def _home(folder: Path, mode: str, seed: int) -> Home:
    """A new home whose broker behaves as badly as asked for, on a market that moves fast enough to hit its exits."""
    made = init(folder, datetime.now(UTC))
    file = made.directory / "phoenix.toml"
    text = file.read_text(encoding="utf-8")
    for before, after in (
        ('"INSTANT"', f'"{mode}"'),
        ("seed = 1", f"seed = {seed}"),
        ("interval_s = 5", "interval_s = 1"),
    ):
        text = text.replace(before, after)
    file.write_text(text + _NO_LIMITS, encoding="utf-8")
    return Home.open(made.directory)


def _wired(home: Home, adapter: str, port: int) -> Home:
    """The home with another adapter: nothing else of its configuration changes."""
    file = home.directory / "phoenix.toml"
    text = file.read_text(encoding="utf-8").replace('adapter = "chaos_mock"', f'adapter = "{adapter}"')
    table = f'\n[broker.{adapter}]\nport = {port}\ngateway_zone = "America/New_York"\n'
    file.write_text(text + table, encoding="utf-8")
    return Home.open(home.directory)


def _say(line: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S} {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
