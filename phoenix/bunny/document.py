"""A run as a document for programs."""

from __future__ import annotations

from typing import Any

from phoenix.bunny.verdicts import Result, SuiteResult, Verdict


def suite_document(suite: SuiteResult) -> dict[str, Any]:
    """The counts and every vector's verdict, with the beads that prove it. Numbers are text, as everywhere."""
    return {
        "seed": str(suite.seed), "mode": suite.mode.value, "ok": suite.ok,
        "counts": {verdict.value: str(suite.count(verdict)) for verdict in Verdict},
        "vectors": [_result_document(result) for result in suite.results],
    }  # fmt: skip


def _result_document(result: Result) -> dict[str, Any]:
    vector = result.vector
    return {
        "vector": vector.id, "wave": str(vector.wave), "inject": vector.inject, "expect": vector.expect,
        "verdict": result.verdict.value, "remark": result.remark, "beads": str(result.beads),
        "evidence": [
            {"title": proof.title, "seq": str(proof.seq), "bead_id": proof.bead_id} for proof in result.proofs
        ],
    }  # fmt: skip
