"""What a history check answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """NOT_CHECKED: something needed was missing. NOT_EXERCISED: nothing in this history touched the rule."""

    OK = "OK"
    VIOLATED = "VIOLATED"
    NOT_CHECKED = "NOT_CHECKED"
    NOT_EXERCISED = "NOT_EXERCISED"


@dataclass(frozen=True, slots=True)
class Finding:
    """One breach of one invariant. `seq` is the bead that shows it; None where the broker's ledger does."""

    invariant: str
    seq: int | None
    explanation: str

    def text(self) -> str:
        place = "ledger" if self.seq is None else f"bead {self.seq}"
        return f"{self.invariant} {place}: {self.explanation}"


@dataclass(frozen=True, slots=True)
class InvariantVerdict:
    """How one invariant stands. `why` says what was missing, or that nothing touched it."""

    invariant: str
    statement: str
    status: Status
    why: str | None


@dataclass(frozen=True, slots=True)
class HistoryReport:
    """The verdict on a whole history. `findings` come in the order in which they were made."""

    beads: int
    ledger_known: bool
    verdicts: Mapping[str, InvariantVerdict]
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether no invariant was seen broken. What was not checked is listed, and is no part of this."""
        return not self.violated

    @property
    def violated(self) -> tuple[str, ...]:
        return self._with(Status.VIOLATED)

    @property
    def not_checked(self) -> tuple[str, ...]:
        return self._with(Status.NOT_CHECKED)

    def _with(self, status: Status) -> tuple[str, ...]:
        return tuple(name for name, verdict in self.verdicts.items() if verdict.status is status)

    def text(self, findings_max: int = 20) -> str:
        """The report for people: counts, every breach up to a maximum, and what was not checked and why."""
        counts = {status: len(self._with(status)) for status in Status}
        head = f"History check over {self.beads} beads: {'OK' if self.ok else 'VIOLATED'}"
        lines = [head, ", ".join(f"{count} {status.value}" for status, count in counts.items() if count)]
        lines += [f"  {finding.text()}" for finding in self.findings[:findings_max]]
        if len(self.findings) > findings_max:
            lines.append(f"  and {len(self.findings) - findings_max} more")
        for name in self.not_checked:
            lines.append(f"  {name} not checked: {self.verdicts[name].why}")
        return "\n".join(lines)
