"""What a vector comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.catalogue import Vector


class Verdict(StrEnum):
    """NOT_BUILT: Phoenix does not have the part yet that the vector is about; it is never taken for passed."""

    PASS = "PASS"
    FAIL = "FAIL"
    NOT_BUILT = "NOT BUILT"


@dataclass(frozen=True, slots=True)
class Proof:
    """A bead that shows what happened: its type and event, its place in its world's chain, and its id."""

    title: str
    seq: int
    bead_id: str


@dataclass(frozen=True, slots=True)
class Result:
    """The verdict on one vector. `remark` says what was drawn and seen, what failed, or which part is missing."""

    vector: Vector
    verdict: Verdict
    remark: str
    proofs: tuple[Proof, ...] = ()
    beads: int = 0


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """One run of the suite: what it was run with, and what each vector came to, in the order of the catalogue."""

    seed: int
    mode: ChaosMode
    results: tuple[Result, ...]

    def count(self, verdict: Verdict) -> int:
        return sum(result.verdict is verdict for result in self.results)

    @property
    def ok(self) -> bool:
        """Whether no vector failed; what is not built is no failure, and is counted apart."""
        return not self.count(Verdict.FAIL)
