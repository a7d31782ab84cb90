"""Running vectors: each on a stage of its own, each ending with the history check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.catalogue import CATALOGUE, Vector
from phoenix.bunny.registry import MISSING, Play
from phoenix.bunny.stage import Broken, Died, Stage
from phoenix.bunny.vectors import PLAYS
from phoenix.bunny.verdicts import Result, SuiteResult, Verdict

OnResult = Callable[[Result], None]
PART_MISSING = "nobody has built it"
WIRE_WAVE = 7
OVER_THE_MOCK = "over the simulated broker"
"""What is said of vectors about the wire of a real broker, which also wait for that one's own adapters."""


def run_suite(
    seed: int, mode: ChaosMode, chosen: Iterable[Vector] = CATALOGUE, on_result: OnResult = lambda _: None
) -> SuiteResult:
    """Run vectors one after the other; `on_result` hears each as it ends."""
    results: list[Result] = []
    for one in chosen:
        results.append(run_vector(one, seed, mode))
        on_result(results[-1])
    return SuiteResult(seed, mode, tuple(results))


def run_vector(chosen: Vector, seed: int, mode: ChaosMode, adapter: str | None = None) -> Result:
    """The verdict on one vector. One that raises has failed, and says with what."""
    play = PLAYS.get(chosen.id)
    if play is None:
        return Result(chosen, Verdict.NOT_BUILT, f"needs {MISSING.get(chosen.id, PART_MISSING)}")
    stage = Stage(chosen.id, seed, mode, adapter)
    try:
        problem = _problem(play, stage)
        beads = len(stage.world.beads)
    finally:
        stage.close()
    verdict = Verdict.FAIL if problem else Verdict.PASS
    told = [OVER_THE_MOCK, *stage.remarks] if chosen.wave == WIRE_WAVE else stage.remarks
    return Result(chosen, verdict, problem or "; ".join(told), tuple(stage.proofs), beads)


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
