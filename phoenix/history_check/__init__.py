"""The history check (SPEC 6): verifies every invariant from the beads and the broker's ledger.

It is written apart from the core and imports nothing of it: it reads bytes, knows the specification, and works out for
itself what they must say. So a mistake in the core is not repeated here.
"""

from phoenix.history_check.chain import Difference, first_difference
from phoenix.history_check.checking import check_history
from phoenix.history_check.ledger import LedgerUnreadable
from phoenix.history_check.records import HistoryBead
from phoenix.history_check.report import Finding, HistoryReport, InvariantVerdict, Status

__all__ = [
    "Difference",
    "Finding",
    "HistoryBead",
    "HistoryReport",
    "InvariantVerdict",
    "LedgerUnreadable",
    "Status",
    "check_history",
    "first_difference",
]
