"""Books that differ: wave 3, and the drifts that the broker's wire brings about."""

from __future__ import annotations

from decimal import Decimal

from phoenix.adapters.simulation.faults import ForeignHolding
from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Entry, Stage
from phoenix.domain.beads.safety import AlertPayload, DriftPayload, ReconciliationRunPayload, ResolutionPayload
from phoenix.domain.numbers import decimal_text
from phoenix.domain.state import OpenDrift
from phoenix.domain.vocabulary import DecisionKind, DriftType, RefusalReason, Resolution, Severity

SETTLED_AFTER_S = 75
STEP = Decimal(1000)


@vector("CV_S32_RECONCILIATION_DRIFT")
def wrong_holding(stage: Stage) -> None:
    entry = stage.held()
    open_quantity = stage.position(entry).open_quantity
    change = STEP * stage.luck.random.choice((-50, -20, -5, 5, 20, 50))
    foreign_holding(stage, change)
    stage.remark(f"the broker's holding changed by {decimal_text(change)} that nobody ordered")
    settle_until_drift(stage)
    stage.bead(DriftPayload, drift_type=DriftType.POSITION_SIZE, pair="GBPUSD", count=1)
    stage.bead(AlertPayload, kind="DRIFT_FOUND", severity=Severity.CRITICAL)
    nothing_corrected(stage, entry, open_quantity)
    another = stage.luck.plan()
    stage.entry_refused(RefusalReason.RISK_LIMIT, "drift", **another.parameters())


def foreign_holding(stage: Stage, change: Decimal) -> None:
    """What the broker holds changes by something that Phoenix never ordered and is not told of."""
    world = stage.world
    world.inject(ForeignHolding(world.now, "GBPUSD", change, stage.luck.bids["GBPUSD"]))
    world.broker.advance(world.now)


def compared(stage: Stage) -> ReconciliationRunPayload:
    """A human has the books compared; what the comparison said."""
    stage.compare()
    return stage.bead(ReconciliationRunPayload)


def settle_until_drift(stage: Stage) -> OpenDrift:
    """The books are compared until a difference in the vector's instrument has settled into a drift."""
    stage.compare()
    stage.world.wait(SETTLED_AFTER_S)
    found = [drift for drift in stage.world.state.drifts.values() if drift.mismatch.pair == "GBPUSD"]
    stage.require(bool(found), "no drift is open in GBPUSD")
    return found[0]


def nothing_corrected(stage: Stage, entry: Entry, open_quantity: Decimal) -> None:
    """Phoenix's book stands as it did, nobody resolved anything, and the broker was sent nothing more."""
    found = stage.position(entry).open_quantity
    stage.require(found == open_quantity, f"{found} are open, where {open_quantity} were: somebody corrected it")
    stage.no_bead(ResolutionPayload)
    stage.require_orders(1)


def resolve(stage: Stage, drift: OpenDrift, word: Resolution) -> None:
    """A human settles a drift."""
    stage.decide(DecisionKind.RESOLVE, drift.drift_bead_id, detail={"resolution": word.value})
