"""Running vectors: each on a stage of its own, each ending with the history check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.catalogue import CATALOGUE, Vector
from phoenix.bunny.choosing import MOCK, WIRED
from phoenix.bunny.registry import MISSING, WIRE_ONLY, Play
from phoenix.bunny.stage import Broken, Died, Stage
from phoenix.bunny.vectors import PLAYS
from phoenix.bunny.verdicts import Result, SuiteResult, Verdict

OnResult = Callable[[Result], None]
PART_MISSING = "nobody has built it"
WIRE_WAVE = 7


def run_suite(
    seed: int, mode: ChaosMode, chosen: Iterable[Vector] = CATALOGUE, on_result: OnResult = lambda _: None,
    adapters: Sequence[str] = (),
) -> SuiteResult:  # fmt: skip
    """Run vectors one after the other, each over the adapters it is for unless some are named."""
    results: list[Result] = []
    for one in chosen:
        results.append(run_vector(one, seed, mode, adapters))
        on_result(results[-1])
    return SuiteResult(seed, mode, tuple(results))


def run_vector(chosen: Vector, seed: int, mode: ChaosMode, adapters: Sequence[str] = ()) -> Result:
    """The verdict on one vector, over every adapter it is for. One that raises has failed, and says with what."""
    play = PLAYS.get(chosen.id)
    if play is None:
        return Result(chosen, Verdict.NOT_BUILT, f"needs {MISSING.get(chosen.id, PART_MISSING)}")
    over = tuple(one for one in adapters or adapters_for(chosen) if not (one == MOCK and chosen.id in WIRE_ONLY))
    if not over:
        return Result(chosen, Verdict.NOT_BUILT, f"needs a wire, which {MOCK} has not")
    results = []
    for adapter in over:
        results.append(_run(play, chosen, seed, mode, adapter))
        if results[-1].verdict is not Verdict.PASS:
            failed = results[-1]
            return failed if len(over) == 1 else replace(failed, remark=f"over {adapter}: {failed.remark}")
    if len(results) == 1:
        return results[0]
    remarks = (f"over {', '.join(over)}", results[0].remark)
    return replace(results[0], remark="; ".join(filter(None, remarks)))


def adapters_for(chosen: Vector) -> tuple[str, ...]:
    """What goes wrong on a wire is played over one, too; the rest has nothing to do with who carries the words."""
    if chosen.wave != WIRE_WAVE:
        return (MOCK,)
    return WIRED if chosen.id in WIRE_ONLY else (MOCK, *WIRED)


def _run(play: Play, chosen: Vector, seed: int, mode: ChaosMode, adapter: str) -> Result:
    stage = Stage(chosen.id, seed, mode, None if adapter == MOCK else adapter)
    try:
        problem = _problem(play, stage)
        beads = len(stage.world.beads)
    finally:
        stage.close()
    verdict = Verdict.FAIL if problem else Verdict.PASS
    return Result(chosen, verdict, problem or "; ".join(stage.remarks), tuple(stage.proofs), beads)


def _problem(play: Play, stage: Stage) -> str:
    """What went wrong in a play or its history; nothing, if nothing did."""
    try:
        play(stage)
        return _breaches(stage)
    except Broken as broken:
        return str(broken)
    except (Exception, Died) as error:  # noqa: BLE001 - whatever a vector raises, the suite goes on
        return f"{type(error).__name__}: {error}"


def _breaches(stage: Stage) -> str:
    report = stage.history()
    found: Sequence[str] = [finding.text() for finding in report.findings]
    return f"the history is dirty: {'; '.join(found[:3])}" if found else ""
