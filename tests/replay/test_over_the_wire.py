"""Swapping the broker's adapter in the configuration is all it takes: over a wire the beads tell the same story."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from phoenix.replay.examples import examples_folder
from phoenix.replay.request import ReplayOptions, replay_request
from phoenix.replay.run import run_replay

FIRST_DAY = "2012-02-01"
WIRED = ("ib_insync", "ibapi")
OF_THE_WIRE = {
    ("BROKER_SESSION", "adapter"): "who speaks",
    ("BROKER_SESSION", "detail"): "the server's version",
    ("ORDER", "reason"): "what a stop waits for, which only the wire has a word for",
}
"""Where a story may differ with the adapter that tells it."""
CHAINED = ("prev_hash", "bead_hash")


def story(adapter: str, folder: Path, signals: Path, bid: Path, ask: Path) -> list[dict[str, Any]]:
    """Every bead of a replay whose configuration names an adapter, and nothing else."""
    config, store = folder / f"{adapter}.toml", folder / f"{adapter}.db"
    config.write_text(f'[broker]\nadapter = "{adapter}"\n', encoding="utf-8")
    result = run_replay(replay_request(signals, bid, ask, ReplayOptions(config=config, store=store)), lambda *_: None)
    assert result.proof.chain_ok
    assert result.proof.history_ok
    return [json.loads(body) for body in bodies(store)]


def bodies(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(path)) as connection:
        yield from (body for (body,) in connection.execute("SELECT body FROM beads ORDER BY seq"))


def differences(one: Any, other: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths at which two beads differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from differences(one.get(key), other.get(key), (*path, key))
    elif one != other:
        yield path


def require_same_story(told: list[dict[str, Any]], over_the_wire: list[dict[str, Any]]) -> None:
    assert [bead["bead_type"] for bead in told] == [bead["bead_type"] for bead in over_the_wire]
    for one, other in zip(told, over_the_wire, strict=True):
        for path in differences(one, other):
            assert path[-1] in CHAINED or (one["bead_type"], path[-1]) in OF_THE_WIRE, (one, other, path)


def test_the_sample_tells_the_same_story_with_every_adapter(tmp_path: Path) -> None:
    market, signals = examples_folder() / "market", examples_folder() / "signals"
    bid, ask = market / "gbpusd-m1-bid.csv", market / "gbpusd-m1-ask.csv"
    told = story("chaos_mock", tmp_path, signals, bid, ask)
    assert {bead["bead_type"] for bead in told} >= {"ORDER", "EXECUTION", "POSITION", "AUTOPSY", "RECONCILIATION_RUN"}
    for adapter in WIRED:
        require_same_story(told, story(adapter, tmp_path, signals, bid, ask))


@pytest.mark.real_month
def test_the_first_day_of_the_real_month_tells_the_same_story_with_every_adapter(
    real_month: Path, tmp_path: Path
) -> None:
    signals = tmp_path / "signals"
    signals.mkdir()
    for path in (real_month / "signals").glob(f"{FIRST_DAY.replace('-', '')}*.json"):
        copy(path, signals)
    bid, ask = (first_day(real_month / f"gbpusd-m1-{side}-2012-02.csv", tmp_path) for side in ("bid", "ask"))
    told = story("chaos_mock", tmp_path, signals, bid, ask)
    closed = [bead for bead in told if bead["bead_type"] == "POSITION" and bead["payload"]["state"] == "CLOSED"]
    assert len(closed) == len(list(signals.iterdir())) == 3
    for adapter in WIRED:
        require_same_story(told, story(adapter, tmp_path, signals, bid, ask))


def first_day(bars: Path, folder: Path) -> Path:
    """A copy of the bars up to the end of the first day."""
    head, *lines = bars.read_text(encoding="utf-8").splitlines(keepends=True)
    copied = folder / bars.name
    copied.write_text(head + "".join(line for line in lines if line.startswith(FIRST_DAY)), encoding="utf-8")
    return copied
