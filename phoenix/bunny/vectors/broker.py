"""Wave 2: a broker that is slow, refuses, fills a part, or says something else than it did."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Which
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Stage
from phoenix.bunny.vectors.drift import compared, nothing_corrected
from phoenix.domain.beads.safety import AlertPayload, DriftPayload
from phoenix.domain.beads.trading import OrderPayload, PositionPayload
from phoenix.domain.vocabulary import (
    DriftType,
    LegRole,
    OrderEvent,
    PositionState,
    ReconciliationVerdict,
    Severity,
    Trigger,
)

ENTRY = Which(role=LegRole.ENTRY, pair="GBPUSD")


def nth_entry(number: int) -> Which:
    return Which(role=LegRole.ENTRY, pair="GBPUSD", nth=number)


@vector("CV_S32_IBKR_TIMEOUT")
def slow_broker(stage: Stage) -> None:
    short_s, long_s = stage.luck.seconds(20, 40), stage.luck.seconds(65, 120)
    stage.remark(f"held up for {short_s} s, then for {long_s} s")
    stage.open(faults.delay(nth_entry(1), short_s), faults.delay(nth_entry(2), long_s))
    first = stage.sent(wait=False)
    stage.world.wait(short_s - 5)
    stage.require_state(first, PositionState.SUBMITTED)
    stage.world.wait(15)
    stage.require_state(first, PositionState.MANAGED)
    second = stage.sent(wait=False)
    stage.world.wait(61)
    stage.require_state(second, PositionState.STALLED)
    stage.bead(AlertPayload, kind="POSITION_STALLED", position_id=second.position_id, severity=Severity.CRITICAL)
    stage.world.wait(long_s - 61 + 10)
    stage.require_state(second, PositionState.MANAGED)
    stage.require_orders(2)


@vector("CV_S32_IBKR_REJECTION")
def rejecting_broker(stage: Stage) -> None:
    stage.open(faults.reject(nth_entry(1), code=201, reason="insufficient margin"))
    entry = stage.sent()
    stage.world.wait(stage.luck.seconds(60, 600))
    stage.require_state(entry, PositionState.REJECTED)
    stage.bead(
        PositionPayload, position_id=entry.position_id, previous_state=PositionState.SUBMITTED,
        trigger=Trigger.BROKER_REJECTED, count=1,
    )  # fmt: skip
    stage.bead(OrderPayload, event=OrderEvent.REJECTED, position_id=entry.position_id, role=LegRole.ENTRY)
    stage.bead(AlertPayload, kind="ORDER_REJECTED", position_id=entry.position_id)
    stage.require_orders(1)


@vector("CV_S32_FILL_PARTIAL")
def partial_fill(stage: Stage) -> None:
    stage.open(faults.partial(ENTRY, Decimal("0.5")))
    entry = stage.sent()
    position = stage.require_state(entry, PositionState.FILLED)
    half = position.open_quantity
    stage.require(0 < half < position.terms.quantity, f"{half} of {position.terms.quantity} are open")
    stage.require(abs(position.partial_fill_ratio - Decimal("0.5")) < Decimal("0.01"), "the ratio is not one half")
    stage.remark(f"{half} of {position.terms.quantity} filled")
    run = compared(stage)
    stage.require(run.verdict is ReconciliationVerdict.HEALTHY, f"the books are {run.verdict.value}, not HEALTHY")
    stage.no_bead(DriftPayload)


@vector("CV_S32_PARTIAL_DRIFT")
def claimed_fill(stage: Stage) -> None:
    stage.open(faults.partial(ENTRY, Decimal("0.5")), faults.claim_fill(ENTRY, Decimal("0.6")))
    entry = stage.sent()
    before = stage.position(entry).open_quantity
    compared(stage)
    drift = stage.bead(DriftPayload, drift_type=DriftType.POSITION_SIZE, pair="GBPUSD", count=1)
    stage.bead(AlertPayload, kind="DRIFT_FOUND", severity=Severity.CRITICAL)
    stage.remark(f"Phoenix holds {drift.phoenix_state}, the broker says {drift.broker_state}")
    nothing_corrected(stage, entry, before)
