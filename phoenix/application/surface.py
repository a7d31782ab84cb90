"""What a process that is not the executor may append: signals, anchors, decisions and kill flags set, nothing else
(SPEC 11.3).

Each function is a unit of work. It refuses what could not be right whoever acts on it, and decides nothing.
"""

from __future__ import annotations

from datetime import datetime

from phoenix.application.signals.outcome import SignalOutcome, outcome_of
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.envelope import Bead, Signer
from phoenix.domain.beads.safety import KillFlagPayload
from phoenix.domain.beads.setup import AnchorPayload, SignalPayload
from phoenix.domain.instants import instant_text
from phoenix.domain.kill import check_kill_flag
from phoenix.domain.policy import Policy
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal, check_not_future, check_signal
from phoenix.domain.state import State
from phoenix.domain.vocabulary import KillEvent, KillSource, RefusalReason
from phoenix.ports.ids import IdSource
from phoenix.ports.store import Proposal, View


class Surface:
    """Units of work for one surface under one configuration."""

    def __init__(self, policy: Policy, ids: IdSource) -> None:
        self._policy = policy
        self._ids = ids

    def signal(
        self, view: View[State], signal: Signal, signer: Signer, now: datetime
    ) -> Proposal[SignalOutcome]:  # fmt: skip
        """Hand a signal in; a known one answers its first outcome. Raises Refused."""
        known = view.lookup.find(Key("signal", signal.signal_id))
        if known is not None and isinstance(known.payload, SignalPayload):
            if known.payload.content_hash != signal.content_hash:
                raise Refused(
                    RefusalReason.SIGNAL_CONFLICT, "signal_id", f"{signal.signal_id} is known with other content",
                    "Give every signal an id of its own",
                )  # fmt: skip
            return Proposal((), outcome_of(view.lookup.find, signal.signal_id))
        check_signal(signal, self._policy.instruments, now, self._policy.clock_skew_s)
        payload = SignalPayload(
            signal.signal_id, signal.strategy_id, signal.pair, signal.content_hash, signal.document
        )  # fmt: skip
        bead = Bead(self._ids.new_id(), payload, signer, now, signal.timestamp)
        return Proposal((bead,), SignalOutcome(signal.signal_id))

    def decision(self, decision: DecisionPayload, signer: Signer, now: datetime) -> Proposal[None]:
        """Put a decision on record; the executor answers it."""
        return Proposal((Bead(self._ids.new_id(), decision, signer, now),), None)

    def kill_flag(
        self, strategy_id: str | None, reason: str, source: KillSource, expires_at: datetime | None, signer: Signer,
        now: datetime,
    ) -> Proposal[str]:  # fmt: skip
        """Set a kill flag; answers its id. Raises Refused."""
        check_kill_flag(strategy_id, reason, expires_at, now)
        flag_id = self._ids.new_id()
        payload = KillFlagPayload(flag_id, KillEvent.SET, strategy_id, source, reason, expires_at)
        return Proposal((Bead(self._ids.new_id(), payload, signer, now),), flag_id)

    def anchor(
        self, view: View[State], strategy_id: str, pair: str, anchor: Anchor, signer: Signer, now: datetime
    ) -> Proposal[None]:  # fmt: skip
        """Register a newly captured context. Raises Refused for one from the future, or older than the current one."""
        check_not_future("state_anchor.captured_at", anchor.captured_at, now, self._policy.clock_skew_s)
        current = view.state.anchors.get((strategy_id, pair))
        if current == anchor:
            return Proposal((), None)
        if current is not None and anchor.captured_at < current.captured_at:
            raise Refused(
                RefusalReason.STATE_CONFLICT, "state_anchor.captured_at",
                f"captured at {instant_text(anchor.captured_at)}, registered is a newer one of "
                f"{instant_text(current.captured_at)}",
                "Capture the context anew",
            )  # fmt: skip
        payload = AnchorPayload(
            strategy_id, pair, anchor.captured_at, anchor.regime, anchor.strategy_params, anchor.market_snapshot,
            "REFRESH", None,
        )  # fmt: skip
        return Proposal((Bead(self._ids.new_id(), payload, signer, now, anchor.captured_at),), None)
