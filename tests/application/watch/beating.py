"""A world whose heart beats as in a process that stays."""

from __future__ import annotations

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.ids import SeededIds
from phoenix.application.simulation import run_now
from phoenix.application.watch.heart import Heart
from phoenix.domain.beads.operations import HeartbeatPayload
from phoenix.domain.heartbeat import Sign
from phoenix.rehearsal.world import World


class Beating:
    """Lives on from beat to beat."""

    def __init__(self, world: World, seed: int = 7) -> None:
        self.world = world
        self.heart = Heart(world.executor, world.broker, AlwaysOpen(), world.policy, SeededIds(seed))

    def beat(self, late: tuple[str, ...] = ()) -> None:
        """The next beat, when it is due."""
        if self.heart.next_due is not None:
            self.world.wait((self.heart.next_due - self.world.now).total_seconds())
        self.world.broker.advance(self.world.now)
        assert run_now(self.heart.beat_if_due(self.world.now, late))

    def live(self, seconds: float) -> None:
        """Beat after beat, for at least so long."""
        until = self.world.now.timestamp() + seconds
        while self.world.now.timestamp() < until:
            self.beat()

    def signs(self) -> dict[str, Sign]:
        """What the checks of the last beat say, where it is not that all is well."""
        return {check.name: check.sign for check in self.heart.checks if check.sign is not Sign.OK}

    def recorded(self) -> list[HeartbeatPayload]:
        return self.world.payloads(HeartbeatPayload)
