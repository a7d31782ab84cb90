"""What the beads say of the comparisons so far, as far as it still matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from immutables import Map

from phoenix.domain.numbers import ZERO
from phoenix.domain.reconciliation.mismatch import Mismatch, ProfitBaseline
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.vocabulary import ReconciliationVerdict


@dataclass(frozen=True, slots=True)
class ReconciliationRecord:
    """The last verdict on record, and what is still in question.

    `suspects` are settling; `acknowledged` are silenced until either side changes. `adjustments` are signed quantities
    that Phoenix's book holds by a human's word and no position bears. `realised` is all profit realised by executions,
    in the account's currency, of which the baseline remembers a part.
    """

    verdict: ReconciliationVerdict | None = None
    looked_at: datetime | None = None
    books_as_of: datetime | None = None
    detail: str = "the books were never compared"
    suspects: Map[str, Mismatch] = field(default_factory=Map)
    acknowledged: Map[str, Mismatch] = field(default_factory=Map)
    adjustments: Map[str, Decimal] = field(default_factory=Map)
    executed_at: Map[str, datetime] = field(default_factory=Map)
    realised: Decimal = ZERO
    baseline: ProfitBaseline | None = None

    @property
    def settling_pairs(self) -> frozenset[str]:
        """The instruments in which a difference is neither drift nor gone."""
        return frozenset(suspect.pair for suspect in self.suspects.values() if suspect.pair)

    def confirmable_at(self, suspect: Mismatch, settling_s: int) -> datetime:
        """From when on another complete read may call it a drift."""
        return max(suspect.since, self._last_execution(suspect.pair) or suspect.since) + timedelta(seconds=settling_s)

    def is_restless(self, suspect: Mismatch, now: datetime, policy: ReconciliationPolicy) -> bool:
        """Whether a difference has changed from read to read for so long that it cannot be what lags behind a trade."""
        if suspect.restless_since is None:
            return False
        executed_at = self._last_execution(suspect.pair) or suspect.restless_since
        is_quiet = now >= executed_at + timedelta(seconds=policy.settling_s)
        return is_quiet and now >= suspect.restless_since + timedelta(seconds=policy.escalation_s)

    def _last_execution(self, pair: str) -> datetime | None:
        if pair:
            return self.executed_at.get(pair)
        return max(self.executed_at.values(), default=None)
