"""One step in progress: the state as it is after every bead recorded so far, and the effects to carry out later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from phoenix.application.alerts import RULES, AlertKind
from phoenix.application.effects import Effect
from phoenix.domain.alerting.words import within_limits
from phoenix.domain.beads.catalogue import Key, unique_keys
from phoenix.domain.beads.envelope import SYSTEM, Bead, Payload, Signer
from phoenix.domain.beads.safety import AlertPayload, KillFlagPayload
from phoenix.domain.beads.setup import IntentPayload, RefusalPayload
from phoenix.domain.evolve import evolve
from phoenix.domain.evolve_position import fold_position
from phoenix.domain.policy import Policy
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.vocabulary import AlertEvent, KillEvent, KillSource, RefusalReason
from phoenix.ports.ids import IdSource
from phoenix.ports.store import Lookup, View


@dataclass(frozen=True, slots=True)
class Subject:
    """What a refusal or an alert is about, as far as it is known."""

    kind: str
    subject_id: str
    signal_id: str | None = None
    intent_id: str | None = None
    position_id: str | None = None
    decision_id: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    state: State
    beads: int
    effects: int
    issued: int


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A minted token with its bearer secret. The secret stays in the executor's memory and goes nowhere else."""

    token_id: str
    intent_id: str
    secret: str


class Work:
    """Collects the beads and effects of one step. Lives for one step only and is never shared."""

    def __init__(self, policy: Policy, view: View[State], now: datetime, ids: IdSource) -> None:
        self.policy = policy
        self.state = view.state
        self.lookup: Lookup = view.lookup
        self.now = now
        self.ids = ids
        self.beads: list[Bead] = []
        self.effects: list[Effect] = []
        self.issued: list[IssuedToken] = []

    def record(self, payload: Payload, *, signer: Signer = SYSTEM, occurred_at: datetime | None = None) -> Bead:
        """Add a bead to the step; the state moves on with it."""
        bead = Bead(self.ids.new_id(), payload, signer, self.now, occurred_at)
        self.state = evolve(self.state, bead)
        self.beads.append(bead)
        return bead

    def mark(self) -> Mark:
        """A point to come back to when what follows turns out not to be allowed."""
        return Mark(self.state, len(self.beads), len(self.effects), len(self.issued))

    def rewind(self, mark: Mark) -> None:
        """Forget everything recorded and asked for since a mark."""
        self.state = mark.state
        del self.beads[mark.beads :]
        del self.effects[mark.effects :]
        del self.issued[mark.issued :]

    def then(self, effect: Effect) -> None:
        """Ask for an effect, to be carried out once this step is durable."""
        self.effects.append(effect)

    def alert(self, kind: AlertKind, message: str, *, key: str, position_id: str | None = None,
              intent_id: str | None = None, channels: Sequence[str] | None = None, decision_id: str | None = None,
              ) -> str:  # fmt: skip
        """Raise an alert; its bead is its place in the queue, from which it goes out. Answers its id.

        `key` tells repeats of the same matter; it goes out through all configured channels unless some are named.
        """
        rule = RULES[kind]
        alert = AlertPayload(
            alert_id=self.ids.new_id(), event=AlertEvent.RAISED, severity=rule.severity, kind=kind.value,
            dedupe_key=f"{kind.value}:{key}", message=within_limits(message), runbook=rule.runbook,
            position_id=position_id, intent_id=intent_id,
            channels=tuple(self.policy.alerts.channels if channels is None else channels),
            decision_id=decision_id,
        )  # fmt: skip
        self.record(alert)
        return alert.alert_id

    def is_told(self, kind: AlertKind, message: str, *, key: str) -> bool:
        """Whether a standing matter is as the last alert to it said; then nobody needs to hear of it again."""
        return self.state.told.get(f"{kind.value}:{key}") == message

    def refuse(self, refusal: Refused, subject: Subject) -> Refused:
        """Record that something asked for is not done, and hand the refusal back."""
        self.record(
            RefusalPayload(
                subject_kind=subject.kind, subject_id=subject.subject_id, reason=refusal.reason, field=refusal.field,
                detail=refusal.detail, remedy=refusal.remedy, signal_id=subject.signal_id,
                intent_id=subject.intent_id, position_id=subject.position_id, decision_id=subject.decision_id,
            )
        )  # fmt: skip
        return refusal

    def set_kill_flag(self, strategy_id: str | None, reason: str, *, life_s: int | None = None,
                      intent_id: str | None = None, flag_id: str | None = None) -> None:  # fmt: skip
        """Set a kill flag in the system's name; global without a strategy, for ever without a life."""
        expires_at = None if life_s is None else self.now + timedelta(seconds=life_s)
        self.record(
            KillFlagPayload(
                flag_id=flag_id or self.ids.new_id(), event=KillEvent.SET, strategy_id=strategy_id,
                source=KillSource.SYSTEM, reason=reason, expires_at=expires_at, intent_id=intent_id,
            )
        )  # fmt: skip

    def find(self, key: Key) -> Bead | None:
        """The bead that bears a key, whether it is in the chain or was recorded in this very step."""
        own = next((bead for bead in self.beads if key in unique_keys(bead.payload)), None)
        return own if own is not None else self.lookup.find(key)

    def position(self, position_id: str) -> Position | None:
        """A position by id, from the state while it matters, else from the beads of its story."""
        known = self.state.positions.get(position_id) or self.state.autopsies_due.get(position_id)
        return known or self._from_story(position_id)

    def _from_story(self, position_id: str) -> Position | None:
        story = list(self.lookup.story(position_id))
        known = {bead.bead_id for bead in story}
        recorded = (bead for bead in self.beads if getattr(bead.payload, "position_id", None) == position_id)
        return fold_position([*story, *(bead for bead in recorded if bead.bead_id not in known)])

    def position_of_intent(self, intent_id: str) -> Position | None:
        """The position an intent acts on, however long ago it ended."""
        position_id = self.state.position_of_intent.get(intent_id)
        if position_id is None:
            bead = self.find(Key("intent", intent_id))
            payload = None if bead is None else bead.payload
            position_id = payload.position_id if isinstance(payload, IntentPayload) else None
        return None if position_id is None else self.position(position_id)

    def require_position_of_intent(self, intent_id: str) -> Position:
        """As `position_of_intent`. Raises Refused when there is none."""
        position = self.position_of_intent(intent_id)
        if position is None:
            raise Refused(
                RefusalReason.NOT_FOUND, "intent_id", f"no intent {intent_id} is known", "List what is pending"
            )
        return position

    def require_position(self, position_id: str) -> Position:
        """As `position`. Raises Refused when there is none."""
        position = self.position(position_id)
        if position is None:
            raise Refused(
                RefusalReason.NOT_FOUND, "position_id", f"no position {position_id} is known", "List the positions"
            )
        return position
