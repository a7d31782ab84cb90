"""Steps about a morning that is lived through more than once."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, then, when

from phoenix.history_check import HistoryBead, check_history, first_difference
from phoenix.history_check.report import Status
from phoenix.rehearsal.world import World
from tests import children
from tests.specs.morning import live_through

ROOT = Path(__file__).parents[3]


@given(parsers.re(r"a busy morning with seed (?P<seed>\d+)"), target_fixture="morning")
def morning(seed: str) -> World:
    return _first_time(int(seed))


@cache
def _first_time(seed: int) -> World:
    """The morning that the others are held against; nobody changes it any more."""
    world = live_through(seed)
    assert len(world.beads) > 300
    return world


@when("the same morning is lived through again", target_fixture="other")
def again() -> World:
    return live_through(3)


@when(parsers.re(r"the same morning is lived through in stretches of (?P<seconds>\d+) seconds"), target_fixture="other")
def in_stretches(seconds: str) -> World:
    return live_through(3, stretch_s=int(seconds))


@when("the morning is lived through with seed 4", target_fixture="other")
def with_another_seed() -> World:
    return live_through(4)


@when("the same morning is lived through with another last word", target_fixture="other")
def with_another_word() -> World:
    return live_through(3, last_word="too much")


@when(
    parsers.re(r"a fresh process with hash seed (?P<hash_seed>\d+) lives through the same morning"),
    target_fixture="head",
)
def fresh_process(hash_seed: str) -> str:
    environment = children.environment(PYTHONHASHSEED=hash_seed)
    command = [sys.executable, "-m", "tests.specs.morning", "3"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        pytest.fail(done.stderr)
    return done.stdout.strip()


@then("both journals are the same, byte for byte")
def same_bytes(morning: World, other: World) -> None:
    difference = first_difference(_beads(morning), _beads(other))
    assert difference is None, difference


@then("the history check finds the two the same")
def history_agrees(morning: World, other: World) -> None:
    report = check_history(
        _beads(morning), morning.ledger(), settled=False, ended_at=morning.now, twin=_beads(other)
    )  # fmt: skip
    assert report.ok, report.text()
    assert report.verdicts["INV-DETERMINISM-1"].status is Status.OK


@then("it comes to the same last hash")
def same_head(morning: World, head: str) -> None:
    here = morning.container.store().head()
    assert head == f"{here.seq} {here.bead_hash.hex()}"


@then("the journals part")
def journals_part(morning: World, other: World) -> None:
    assert first_difference(_beads(morning), _beads(other)) is not None


@then("the journals part at the KILL_FLAG bead")
def journals_part_at_kill(morning: World, other: World) -> None:
    difference = first_difference(_beads(morning), _beads(other))
    assert difference is not None
    assert morning.beads[difference.seq - 1].payload.bead_type.value == "KILL_FLAG"


def _beads(world: World) -> list[HistoryBead]:
    sealed = world.container.store().read()
    return [HistoryBead(one.seq, one.prev_hash, one.bead_hash, one.body) for one in sealed]
