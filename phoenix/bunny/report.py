"""The report of a run, as a page for people: equal runs make equal bytes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from phoenix.bunny.verdicts import Proof, Result, SuiteResult, Verdict

WAVE_NAMES = {
    1: "tokens", 2: "the broker", 3: "the books", 4: "lifecycle, promotion, flags, staleness",
    5: "crash and durability", 6: "concurrency", 7: "the broker's wire", 8: "clocks", 9: "storage",
    10: "surfaces and security", 11: "operator error",
}  # fmt: skip


def report_text(suite: SuiteResult) -> str:
    """The page: what the run was, every vector by wave, and the beads that prove each verdict."""
    return "\n".join(_lines(suite)) + "\n"


def summary(suite: SuiteResult) -> str:
    """The counts, in a sentence."""
    return ", ".join(f"{suite.count(verdict)} {verdict.value}" for verdict in Verdict)


def _lines(suite: SuiteResult) -> Iterator[str]:
    seed = f" --seed {suite.seed} --mode {suite.mode.value}"
    yield from (
        "# Chaos report", "",
        f"Written by `phoenix bunny{seed}`; the same seed and mode give the same bytes.",
        "What each wave proves and how to read this is in [the chaos suite](chaos.md).", "",
        "| seed | mode | vectors | verdicts |", "| --- | --- | --- | --- |",
        f"| {suite.seed} | {suite.mode.value} | {len(suite.results)} | {summary(suite)} |",
    )  # fmt: skip
    for wave, results in groupby(suite.results, lambda result: result.vector.wave):
        yield from ("", f"## Wave {wave}: {WAVE_NAMES[wave]}", "")
        yield from ("| seed | wave | vector | inject | expect | verdict |", "| --- | --- | --- | --- | --- | --- |")
        ran = list(results)
        yield from (_row(suite.seed, result) for result in ran)
        yield ""
        for result in ran:
            yield from _evidence(result)


def _row(seed: int, result: Result) -> str:
    vector = result.vector
    cells = (str(seed), str(vector.wave), vector.id, vector.inject, vector.expect, f"**{result.verdict.value}**")
    return f"| {' | '.join(map(_cell, cells))} |"


def _evidence(result: Result) -> Iterator[str]:
    remark = f": {_cell(result.remark)}" if result.remark else ""
    yield f"- {result.vector.id}{remark}"
    yield from (f"  - {proof_text(proof)}" for proof in result.proofs)


def proof_text(proof: Proof) -> str:
    """A bead as the report names it."""
    return f"{proof.title}, bead {proof.seq}: `{proof.bead_id}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
