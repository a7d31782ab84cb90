"""What a lifecycle of a soak in virtual time costs, against a plain life in memory."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks._desk import Desk
from benchmarks.harness import Measurement, benchmark, measured, paired
from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.adapters.store.memory import MemoryStore
from phoenix.bunny.soaking import Soak

LIVES = 20


@benchmark("soak")
def lifecycle_of_a_soak() -> Sequence[Measurement]:
    """One more signal with everything that chance, people and faults do meanwhile, against one trade alone."""
    soak, desk = Soak(1, ChaosMode.REALISTIC), Desk(MemoryStore)

    def plain_life() -> None:
        desk.go_on()
        desk.live_through()

    pair = paired(lambda: soak.live(1), plain_life, LIVES, blocks=5)
    return (
        measured("soak", "a lifecycle of a REALISTIC soak, against a plain life in memory", pair.wall(), None),
        measured("soak cpu", "the same, processor time, mean", pair.cpu(), None),
    )
