"""The findings of a checkup as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from phoenix.runtime.checkup import Finding


def checkup_document(findings: Sequence[Finding], exit_code: int) -> dict[str, Any]:
    return {"findings": [finding_document(finding) for finding in findings], "exit_code": exit_code}


def finding_document(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check, "verdict": finding.verdict.value, "found": finding.found, "remedy": finding.remedy
    }  # fmt: skip
