"""Binds the gate of the chaos suite: every vector, on five seeds, in each mode."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from phoenix.adapters.brokers.chaos_mock.translation import requests_of
from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.catalogue import CATALOGUE, QUOTA
from phoenix.bunny.choosing import DEFAULT_SEED, chosen_vectors
from phoenix.bunny.registry import MISSING, Play
from phoenix.bunny.report import report_text
from phoenix.bunny.running import PART_MISSING, run_suite, run_vector
from phoenix.bunny.stage import Died, Stage
from phoenix.bunny.vectors import PLAYS
from phoenix.bunny.verdicts import Result, SuiteResult, Verdict
from phoenix.domain.order_plan import bracket_plan
from phoenix.rehearsal.world import World

scenarios("bunny.feature")

REPORT = Path(__file__).parents[2] / "docs" / "BUNNY_REPORT_S32.md"
ANY = CATALOGUE[0]


@when(parsers.parse("the chaos suite runs with seed {seed:d} in mode {mode}"), target_fixture="suite")
def suite_runs(seed: int, mode: str) -> SuiteResult:
    return run_suite(seed, ChaosMode(mode))


@then("no vector fails")
def no_vector_fails(suite: SuiteResult) -> None:
    assert [(one.vector.id, one.remark) for one in suite.results if one.verdict is Verdict.FAIL] == []
    assert len(suite.results) == len(CATALOGUE)


@then("each of the 17 vectors of waves 1 to 4 passes")
def quota_passes(suite: SuiteResult) -> None:
    passed = {one.vector.id for one in suite.results if one.verdict is Verdict.PASS}
    assert len(QUOTA) == 17
    assert set(QUOTA) <= passed, set(QUOTA) - passed


@then("each vector of wave 11 passes")
def wave_11_passes(suite: SuiteResult) -> None:
    verdicts = [one.verdict for one in suite.results if one.vector.wave == 11]
    assert verdicts == [Verdict.PASS] * 8


@then("every verdict but NOT BUILT stands on beads or says what was seen")
def verdicts_stand_on_something(suite: SuiteResult) -> None:
    bare = [one.vector.id for one in suite.results if not (one.proofs or one.remark)]
    assert bare == []
    assert sum(bool(one.proofs) for one in suite.results) > 60


# --- the report -----------------------------------------------------------------------------------------------------


@when("the chaos suite runs as it does by itself", target_fixture="report")
def suite_runs_by_itself() -> str:
    return report_text(run_suite(DEFAULT_SEED, ChaosMode.INSTANT))


@then("its report is the one in docs/BUNNY_REPORT_S32.md, byte for byte")
def report_is_current(report: str) -> None:
    assert report == REPORT.read_text(encoding="utf-8"), "it changed: make bunny writes it anew"


@when("waves 1 to 4 run with seed 1 and with seed 2", target_fixture="suites")
def waves_run_twice() -> list[SuiteResult]:
    return [run_suite(seed, ChaosMode.INSTANT, chosen_vectors(waves=(1, 2, 3, 4))) for seed in (1, 2)]


@then("both are green")
def both_green(suites: list[SuiteResult]) -> None:
    assert all(one.verdict is Verdict.PASS for suite in suites for one in suite.results)


@then("they share no bead")
def share_no_bead(suites: list[SuiteResult]) -> None:
    first, second = ({proof.bead_id for one in suite.results for proof in one.proofs} for suite in suites)
    assert first
    assert first.isdisjoint(second)


# --- verdicts -------------------------------------------------------------------------------------------------------


@given("a vector that nobody has built")
def not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(PLAYS, ANY.id)


@given("a vector that raises an error of its own")
def raises(monkeypatch: pytest.MonkeyPatch) -> None:
    _play_instead(monkeypatch, lambda _: _raise(ZeroDivisionError("nobody thought of this")))


@given("a vector in which the process dies unexpectedly")
def dies(monkeypatch: pytest.MonkeyPatch) -> None:
    _play_instead(monkeypatch, lambda _: _raise(Died("nobody thought of this")))


@given("a vector that leaves an order at the broker which Phoenix never sent")
def leaves_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    _play_instead(monkeypatch, _send_behind_the_record)


@when("it is run", target_fixture="result")
def is_run() -> Result:
    return run_vector(ANY, 1, ChaosMode.INSTANT)


@then("it reads NOT BUILT and names what it needs")
def reads_not_built(result: Result) -> None:
    assert (result.verdict, result.remark) == (Verdict.NOT_BUILT, f"needs {PART_MISSING}")


@then("it reads FAIL and quotes the error")
def reads_fail(result: Result) -> None:
    assert result.verdict is Verdict.FAIL
    assert "nobody thought of this" in result.remark


@then("it reads FAIL and names INV-SUBMIT-ONCE-1")
def names_the_promise(result: Result) -> None:
    assert result.verdict is Verdict.FAIL
    assert "the history is dirty" in result.remark
    assert "INV-SUBMIT-ONCE-1" in result.remark or "INV-T2-GATE-1" in result.remark, result.remark


def _play_instead(monkeypatch: pytest.MonkeyPatch, play: Play) -> None:
    monkeypatch.setitem(PLAYS, ANY.id, play)


def _raise(error: BaseException) -> Any:
    raise error


def _send_behind_the_record(stage: Stage) -> None:
    entry = stage.approved()
    world: World = stage.world
    plan = bracket_plan(stage.position(entry).terms, world.ids.new_id(), world.state.next_session_order_id)
    world.broker.engine.submit(requests_of(plan, 1), world.now)
    stage.let_settle()


def test_every_vector_of_the_catalogue_is_played_or_waits_for_a_part_that_is_named() -> None:
    ids = [one.id for one in CATALOGUE]
    assert len(ids) == len(set(ids)) == 92
    assert set(PLAYS) | set(MISSING) == set(ids)
    assert set(PLAYS).isdisjoint(MISSING)


def test_the_waves_are_numbered_as_specified() -> None:
    counts = {wave: sum(one.wave == wave for one in CATALOGUE) for wave in range(1, 12)}
    assert counts == {1: 5, 2: 4, 3: 2, 4: 6, 5: 9, 6: 9, 7: 26, 8: 6, 9: 6, 10: 11, 11: 8}
