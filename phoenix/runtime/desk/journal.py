"""The store as a surface has it: to read all of it, and to append four kinds of beads."""

from __future__ import annotations

from datetime import datetime

from phoenix.application.signals.outcome import SignalOutcome
from phoenix.application.surface import Surface
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.signal import Signal
from phoenix.domain.state import State
from phoenix.domain.vocabulary import KillSource
from phoenix.ports.clock import Clock
from phoenix.ports.store import BeadStore


class Journal:
    """What a surface appends. There is no way here to append anything else. Each method answers the bead's place."""

    def __init__(self, store: BeadStore[State], surface: Surface, clock: Clock) -> None:
        self._store = store
        self._surface = surface
        self._clock = clock

    def signal(self, signal: Signal, signer: Signer) -> SignalOutcome:
        """Raises Refused."""
        now = self._clock.now()
        return self._store.transact(lambda view: self._surface.signal(view, signal, signer, now)).result

    def decision(self, decision: DecisionPayload, signer: Signer) -> int:
        now = self._clock.now()
        return self._store.transact(lambda _: self._surface.decision(decision, signer, now)).sealed[0].seq

    def kill_flag(self, strategy_id: str | None, reason: str, expires_at: datetime | None, signer: Signer) -> str:
        """Answers the flag's id. Raises Refused."""
        proposal = self._surface.kill_flag(
            strategy_id, reason, KillSource.MANUAL, expires_at, signer, self._clock.now()
        )  # fmt: skip
        return self._store.transact(lambda _: proposal).result

    def anchor(self, strategy_id: str, pair: str, anchor: Anchor, signer: Signer) -> None:
        """Raises Refused."""
        now = self._clock.now()
        self._store.transact(lambda view: self._surface.anchor(view, strategy_id, pair, anchor, signer, now))
