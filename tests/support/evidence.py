"""Made-up material for evidence bundles."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from phoenix.application.signals.cse import read_signal
from phoenix.domain.anchor import Components
from phoenix.domain.evidence import EntryFacts, Exposure, HoldingFacts
from phoenix.domain.limits import LastQuote, LimitResult
from phoenix.domain.order_plan import EntryTerms
from phoenix.domain.sizing import Sizing, SizingInput, SizingPolicy, size
from phoenix.domain.vocabulary import AccountMode, Protection, Side, StrategyMode
from phoenix.rehearsal.instruments import GBPUSD
from phoenix.rehearsal.signals import MONDAY, signal_document

SIGNAL = read_signal(signal_document())
TERMS = EntryTerms(
    "SIM1", "GBPUSD", SIGNAL.side, Decimal(1_000_000), SIGNAL.order_type, SIGNAL.time_in_force,
    SIGNAL.entry, SIGNAL.stop, SIGNAL.target,
)  # fmt: skip


def sizing_of_signal() -> Sizing:
    inputs = SizingInput(
        Decimal(100_000), "USD", MONDAY, "balance", SIGNAL.risk_percent, SIGNAL.entry, SIGNAL.stop, SIGNAL.target,
        GBPUSD, (),
    )  # fmt: skip
    return size(inputs, SizingPolicy(), MONDAY)


ENTRY_FACTS = EntryFacts(
    intent_id="intent-1",
    signal=SIGNAL,
    terms=TERMS,
    account_mode=AccountMode.SIMULATOR,
    strategy_mode=StrategyMode.SHADOW,
    sizing=sizing_of_signal(),
    anchor=SIGNAL.anchor,
    components=Components("params-1", "market-1", "flag-1", "decay-1"),
    stale_at=MONDAY + timedelta(minutes=15),
    kill_flags=("global kill flag f by MANUAL: test",),
    drift=("POSITION_SIZE in EURUSD",),
    exposure=Exposure(Decimal(0), Decimal(0), 0),
    limits=(LimitResult("quantity", True, "1000000", "no limit"),),
    warnings=("reward/risk is 0.9",),
    frozen_at=MONDAY,
)
HOLDING_FACTS = HoldingFacts(
    intent_id="intent-2",
    position_id="position-1",
    account="SIM1",
    account_mode=AccountMode.SIMULATOR,
    pair="GBPUSD",
    side=Side.LONG,
    open_quantity=Decimal(1000),
    maximum_quantity=Decimal(1000),
    protection=Protection.EXACT,
    quote=LastQuote(Decimal("1.26"), Decimal("1.2601"), MONDAY),
    reason="end of day",
    frozen_at=MONDAY,
)
