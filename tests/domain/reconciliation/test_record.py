"""What the beads say of the comparisons: suspects, drifts, acknowledgements, and how they end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from immutables import Map

from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload
from phoenix.domain.beads.safety import DriftPayload, ReconciliationRunPayload, ResolutionPayload
from phoenix.domain.change import replace
from phoenix.domain.evolve import evolve
from phoenix.domain.reconciliation.mismatch import Mismatch, ProfitBaseline
from phoenix.domain.reconciliation.policy import ReconciliationPolicy
from phoenix.domain.reconciliation.record import ReconciliationRecord
from phoenix.domain.state import State, TimerKind
from phoenix.domain.vocabulary import DriftOrigin, DriftType, ReconciliationVerdict, Resolution, Severity
from phoenix.rehearsal.signals import MONDAY

V = ReconciliationVerdict


class Chain:
    """Folds beads as they come, each a second after the last."""

    def __init__(self) -> None:
        self.state = State()
        self.now: datetime = MONDAY
        self._count = 0

    def add(self, payload: Payload) -> str:
        self._count += 1
        self.now += timedelta(seconds=1)
        bead = Bead(f"bead-{self._count}", payload, SYSTEM, self.now)
        self.state = evolve(self.state, bead)
        return bead.bead_id

    def run(self, verdict: ReconciliationVerdict, *mismatches: Mismatch, **changes: Any) -> None:
        payload = ReconciliationRunPayload("DEMAND", verdict, 1, "", mismatches=mismatches, **changes)
        self.add(payload)

    def drift(self, found: Mismatch, supersedes: str | None = None) -> str:
        return self.add(
            DriftPayload(
                found.drift_type, found.pair, found.phoenix_state, found.broker_state, found.origin, found.severity,
                key=found.key, since=found.since, supersedes=supersedes,
            )
        )  # fmt: skip

    def resolve(self, drift_bead_id: str, how: Resolution, **changes: Any) -> None:
        self.add(ResolutionPayload(drift_bead_id, how, "ada", "seen", **changes))

    def timers(self) -> Sequence[str]:
        return [key.subject for key in self.state.timers if key.kind is TimerKind.DRIFT_ESCALATION]


def net(theirs: str, after_s: int = 0, pair: str = "GBPUSD") -> Mismatch:
    since = MONDAY + timedelta(seconds=after_s)
    return Mismatch(
        f"net:{pair}", DriftType.POSITION_SIZE, pair, {"net": "1000"}, {"net": theirs}, DriftOrigin.PHOENIX,
        Severity.CRITICAL, since,
    )  # fmt: skip


def profit() -> Mismatch:
    return Mismatch(
        "pnl", DriftType.PNL, "", {"change": "0"}, {"change": "99"}, DriftOrigin.PHOENIX, Severity.WARNING, MONDAY
    )


def test_what_settles_closes_its_instrument_until_it_is_gone() -> None:
    chain = Chain()
    chain.run(V.SETTLING, net("900"))
    assert chain.state.settling_pairs == {"GBPUSD"}
    assert chain.state.unsettled_pairs == frozenset()
    chain.run(V.HEALTHY)
    assert chain.state.settling_pairs == frozenset()


def test_an_unknown_comparison_leaves_everything_in_question() -> None:
    chain = Chain()
    chain.run(V.SETTLING, net("900"))
    before = chain.state.reconciliation
    chain.run(V.UNKNOWN)
    after = chain.state.reconciliation
    assert after.verdict is V.UNKNOWN
    assert (after.suspects, after.acknowledged, after.books_as_of) == (
        before.suspects, before.acknowledged, before.books_as_of,
    )  # fmt: skip


def test_a_drift_takes_the_place_of_its_suspicion() -> None:
    chain = Chain()
    chain.run(V.DRIFT, net("900"))
    drift_bead_id = chain.drift(net("900"))
    assert not chain.state.reconciliation.suspects
    assert list(chain.state.drifts) == [drift_bead_id]
    assert chain.state.unsettled_pairs == {"GBPUSD"}
    chain.run(V.DRIFT, net("900"))
    assert not chain.state.reconciliation.suspects


def test_a_changed_drift_supersedes_the_former_with_its_timer() -> None:
    chain = Chain()
    former = chain.drift(net("900"))
    chain.run(V.SETTLING, net("800", after_s=60))
    assert list(chain.state.reconciliation.suspects) == ["net:GBPUSD"]
    latter = chain.drift(net("800", after_s=60), supersedes=former)
    assert list(chain.state.drifts) == [latter]
    assert chain.timers() == [latter]


def test_a_drift_that_the_books_no_longer_show_stays_for_a_human() -> None:
    chain = Chain()
    drift_bead_id = chain.drift(net("900"))
    chain.run(V.HEALTHY)
    agreed_at = chain.now
    chain.run(V.HEALTHY)
    assert chain.state.drifts[drift_bead_id].agrees_since == agreed_at
    chain.run(V.DRIFT, net("900"))
    assert chain.state.drifts[drift_bead_id].agrees_since is None


def test_an_acknowledgement_is_remembered_while_runs_name_it() -> None:
    chain = Chain()
    chain.resolve(chain.drift(net("900")), Resolution.ACKNOWLEDGED)
    assert chain.state.reconciliation.acknowledged["net:GBPUSD"] == net("900")
    assert not chain.timers()
    chain.run(V.HEALTHY, silenced=("net:GBPUSD",))
    assert list(chain.state.reconciliation.acknowledged) == ["net:GBPUSD"]
    chain.run(V.HEALTHY)
    assert not chain.state.reconciliation.acknowledged


def test_only_an_acknowledgement_is_remembered() -> None:
    for how in (Resolution.BROKER_CORRECTED, Resolution.PHOENIX_CORRECTED):
        chain = Chain()
        chain.resolve(chain.drift(net("900")), how)
        assert not chain.state.reconciliation.acknowledged
        assert not chain.state.drifts


def test_what_no_position_bears_is_counted_by_instrument_until_it_is_nothing() -> None:
    chain = Chain()
    for quantity, total in ((Decimal(500), Decimal(500)), (Decimal(-200), Decimal(300)), (Decimal(-300), None)):
        chain.resolve(
            chain.drift(net("900")), Resolution.PHOENIX_CORRECTED, pair="GBPUSD", quantity=quantity,
            unattributed=quantity,
        )  # fmt: skip
        assert chain.state.reconciliation.adjustments.get("GBPUSD") == total
        assert chain.state.net_quantity("GBPUSD") == (total or 0)


def test_a_drift_of_profit_closes_no_instrument_and_is_not_told_again() -> None:
    chain = Chain()
    chain.drift(profit())
    assert chain.state.unsettled_pairs == frozenset()
    assert not chain.timers()


def test_changes_of_profit_count_from_the_last_baseline_while_the_books_agree() -> None:
    chain = Chain()
    begun = ProfitBaseline(Decimal(1), Decimal(2), MONDAY.date())
    chain.run(V.HEALTHY, baseline=begun)
    chain.run(V.HEALTHY)
    assert chain.state.reconciliation.baseline == begun
    chain.run(V.SETTLING, profit())
    assert chain.state.reconciliation.baseline == begun
    chain.run(V.SETTLING, net("900"))
    assert chain.state.reconciliation.baseline is None


def test_a_resolved_drift_of_profit_begins_a_new_baseline() -> None:
    chain = Chain()
    chain.run(V.HEALTHY, baseline=ProfitBaseline(Decimal(1), Decimal(2), MONDAY.date()))
    chain.resolve(chain.drift(profit()), Resolution.ACKNOWLEDGED)
    assert chain.state.reconciliation.baseline is None
    assert not chain.state.reconciliation.acknowledged


def test_a_resolution_of_what_is_not_open_changes_nothing() -> None:
    chain = Chain()
    before = chain.state
    chain.resolve(
        "no such bead", Resolution.PHOENIX_CORRECTED, pair="GBPUSD", quantity=Decimal(5), unattributed=Decimal(5)
    )
    assert chain.state == before


def restless(after_s: int, pair: str = "GBPUSD", **executed_s: int) -> bool:
    """Whether a difference that is another in every read since the beginning is told after so many seconds."""
    executed_at = {name: MONDAY + timedelta(seconds=at_s) for name, at_s in executed_s.items()}
    suspect = replace(net("900", after_s - 5, pair), pair=pair, restless_since=MONDAY)
    record = ReconciliationRecord(executed_at=Map(executed_at))
    return record.is_restless(suspect, MONDAY + timedelta(seconds=after_s), ReconciliationPolicy())


def test_what_never_settles_is_told_after_the_time_of_a_drift_that_is_left() -> None:
    assert (restless(899), restless(900)) == (False, True)
    record = ReconciliationRecord()
    assert not record.is_restless(net("900"), MONDAY + timedelta(days=1), ReconciliationPolicy())


def test_what_never_settles_may_lag_behind_the_last_execution_in_its_instrument() -> None:
    assert (restless(929, GBPUSD=900), restless(930, GBPUSD=900)) == (False, True)
    assert restless(901, EURUSD=900)


def test_profit_settles_behind_the_last_execution_in_any_instrument() -> None:
    record = ReconciliationRecord(executed_at=Map({"GBPUSD": MONDAY, "EURUSD": MONDAY + timedelta(seconds=60)}))
    profit = replace(net("900"), pair="")
    assert record.confirmable_at(profit, 30) == MONDAY + timedelta(seconds=90)
    assert record.confirmable_at(net("900"), 30) == MONDAY + timedelta(seconds=30)
    assert not restless(929, "", EURUSD=900)
