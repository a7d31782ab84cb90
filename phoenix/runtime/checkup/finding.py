"""What a check came to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """NOT_CHECKED: something before it failed, so that nothing can be said; that is never the same as OK."""

    OK = "OK"
    WARNING = "WARNING"
    FAILED = "FAILED"
    NOT_CHECKED = "NOT_CHECKED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's verdict, what was found in one sentence, and what to do about it where there is anything to do."""

    check: str
    verdict: Verdict
    found: str
    remedy: str | None = None


def ok(check: str, found: str) -> Finding:
    return Finding(check, Verdict.OK, found)


def warning(check: str, found: str, remedy: str) -> Finding:
    return Finding(check, Verdict.WARNING, found, remedy)


def failed(check: str, found: str, remedy: str) -> Finding:
    return Finding(check, Verdict.FAILED, found, remedy)


def not_checked(check: str, why: str) -> Finding:
    return Finding(check, Verdict.NOT_CHECKED, why)
