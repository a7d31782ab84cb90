"""Binds our feature, and adds the steps that speak of our own scanner."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, scenarios, then, when

from phoenix.domain.beads.setup import EvidencePayload
from phoenix.testing.scene import Scene

scenarios("gap_retest.feature")

MARKET = Decimal("1.26000")
PIP = Decimal("0.0001")


@given(parsers.parse("our scanner found a gap of {pips:d} pips"))
@when(parsers.parse("our scanner finds a gap of {pips:d} pips"))
def scanner_finds(scene: Scene, pips: int) -> None:
    """The stop lies one gap below the market, the target two above."""
    stop, target = MARKET - pips * PIP, MARKET + 2 * pips * PIP
    scene.signalled(scene.world.signal(entry=str(MARKET), stop=str(stop), target=str(target)))


@then(parsers.parse("the evidence promises {ratio} R"))
def evidence_promises(scene: Scene, ratio: str) -> None:
    [evidence] = scene.world.payloads(EvidencePayload)
    assert isinstance(evidence.bundle, dict)
    assert Decimal(evidence.bundle["sizing"]["reward_risk"]) == Decimal(ratio)
