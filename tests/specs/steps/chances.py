"""Steps about a broker that leaves things to chance, and one that charges for what it does."""

from __future__ import annotations

from decimal import Decimal

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.domain.errors import DomainError
from phoenix.domain.numbers import ZERO
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.world import ACCOUNT
from phoenix.testing.scene import Scene

SWINGS = ("1.26050", "1.26210", "1.26000", "1.25890", "1.26020", "1.25700", "1.26000", "1.26190")
"""Where the market goes, over and over: through targets, stops and limits."""


@given(parsers.re(r"an (?P<mood>[A-Z]+) broker with seed (?P<seed>\d+)"))
def broker_of_chance(scene: Scene, mood: str, seed: str) -> None:
    profile = PROFILES[ChaosMode(mood)]
    options = EngineOptions(
        account=ACCOUNT, instruments=INSTRUMENTS, margin_rate=Decimal("0.03"), profile=profile, seed=int(seed),
        commission_rate=Decimal("0.00002"), chaos_on_children=True,
    )  # fmt: skip
    scene.prepare(options=options, seed=int(seed))


@given("a broker that charges commissions")
def broker_charges(scene: Scene) -> None:
    margin, rate = Decimal("0.03"), Decimal("0.00002")
    options = EngineOptions(account=ACCOUNT, instruments=INSTRUMENTS, margin_rate=margin, commission_rate=rate)
    scene.prepare(options=options)


@when(parsers.re(r"(?P<count>\d+) entries are made, (?P<minutes>\d+) minutes apart, and prices move"))
def entries_made(scene: Scene, count: str, minutes: str) -> None:
    """What is refused on the way is refused: limits and stalled positions are part of the morning."""
    world = scene.world
    for number in range(int(count)):
        outcome = world.signal(order_type="LIMIT" if number % 3 == 0 else "MARKET", risk_percent="0.5")
        if outcome.intent_id is not None:
            scene.proposals.append(outcome)
            try:
                world.approve(outcome.intent_id)
            except DomainError:
                continue
        for bid in SWINGS[number % 4 : number % 4 + 4]:
            world.wait(int(minutes) * 15 - 1)
            world.price(bid)
    world.wait(600)


@then("every position holds what the broker says it executed")
def holdings_agree(scene: Scene) -> None:
    net = scene.world.broker.engine.world.account.nets.get("GBPUSD")
    assert scene.world.state.net_quantity("GBPUSD") == (ZERO if net is None else net.quantity)
    assert scene.proposals, "nothing was ever proposed"
