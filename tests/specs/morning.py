"""A busy morning that is lived through from a seed: chance at the broker, silence, broken lines, kills, exits.

Run as a program it prints the last hash of the journal, so that two processes can be compared.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from decimal import Decimal

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.chaos import PROFILES, ChaosMode
from phoenix.adapters.simulation.faults import ExecutionsWithheld, SocketDrop, Which
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.application.simulation import run_now
from phoenix.domain.errors import DomainError
from phoenix.domain.vocabulary import DecisionKind, KillSource, LegRole
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.world import ACCOUNT, OPERATOR, World

STRATEGIES = ("asia-range", "fvg-retest", "london-open", "ny-reversal")
SWINGS = ("1.26050", "1.26210", "1.25890", "1.26000")


def live_through(seed: int, *, stretch_s: int = 600, last_word: str = "enough") -> World:
    """The world after the morning. Time is lived through in stretches of at most so many seconds."""
    options = EngineOptions(
        account=ACCOUNT, instruments=INSTRUMENTS, margin_rate=Decimal("0.03"), seed=seed,
        profile=PROFILES[ChaosMode.ADVERSARIAL], commission_rate=Decimal("0.00002"),
    )  # fmt: skip
    world = World(options=options, seed=seed)
    for strategy_id in STRATEGIES:
        world.register(strategy_id)
    _trade(world, stretch_s)
    _fall_silent(world, stretch_s)
    _kill_what_is_approved(world, last_word)
    return world


def _trade(world: World, stretch_s: int) -> None:
    for number, bid in enumerate(SWINGS):
        for strategy_id in STRATEGIES:
            _enter(world, strategy_id, order_type="LIMIT" if number % 2 else "MARKET")
        _wait(world, 60, stretch_s)
        world.price(bid)
        _wait(world, 240, stretch_s)
    for position in sorted(world.state.positions.values(), key=lambda position: position.position_id):
        _try(lambda position=position: world.approve(str(world.decide(DecisionKind.CLOSE, position.position_id))))
    _wait(world, 120, stretch_s)


def _fall_silent(world: World, stretch_s: int) -> None:
    """Several entries at once that nobody answers for, through a broken line."""
    now = world.now
    world.inject(faults.unheard(Which(role=LegRole.ENTRY)))
    world.inject(ExecutionsWithheld(begins_at=now, until=now + timedelta(seconds=90)))
    for strategy_id in STRATEGIES:
        _enter(world, strategy_id)
    world.inject(SocketDrop(world.now + timedelta(seconds=2), 10))
    _wait(world, 180, stretch_s)
    run_now(world.executor.read_books())
    _wait(world, 60, stretch_s)


def _kill_what_is_approved(world: World, last_word: str) -> None:
    for strategy_id in STRATEGIES:
        _enter(world, strategy_id, submit=False, pair="USDJPY", entry="150.000", stop="149.500", target="151.000")
    run_now(world.executor.set_kill_flag(None, last_word, KillSource.MANUAL, OPERATOR))


def _enter(world: World, strategy_id: str, *, submit: bool = True, **changes: str) -> None:
    outcome = world.signal(strategy_id=strategy_id, risk_percent="0.5", **changes)
    if outcome.intent_id is not None:
        intent_id = outcome.intent_id
        _try(lambda: world.approve(intent_id, submit=submit))


def _try(act: object) -> None:
    """What is refused is refused, each time the same."""
    assert callable(act)
    try:
        act()
    except DomainError:
        return


def _wait(world: World, seconds: int, stretch_s: int) -> None:
    while seconds > 0:
        world.wait(min(seconds, stretch_s))
        seconds -= stretch_s


if __name__ == "__main__":
    head = live_through(int(sys.argv[1])).container.store().head()
    print(head.seq, head.bead_hash.hex())  # noqa: T201
