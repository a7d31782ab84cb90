"""Whoever decides in a soak: signals now and then, approves most, closes some, and settles what is stuck."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from uuid import UUID

import orjson

from phoenix.domain.beads.envelope import Signer
from phoenix.domain.encoding import Json, content_hash
from phoenix.domain.instants import instant_text
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import DecisionKind, LegRole, PositionState, SignerKind
from phoenix.ports.answers import Unknown
from phoenix.runtime.desk import Desk
from phoenix.runtime.readings.outcomes import OutcomeStatus
from phoenix.runtime.readings.reviews import Review

DECIDER = Signer(SignerKind.HUMAN, "soak")
PAIR = "GBPUSD"
LIVING_MAX = 6
PIP = Decimal("0.0001")
_EVIDENCE: dict[str, Json] = {
    "quality": {"score": "0.8", "breakdown": {}}, "htf": {"aligned": True}, "ltf": {"setup": "made up"},
    "red_checks": [],
}  # fmt: skip


class Decider:
    """Decides at random, as `random` has it. `counts` says what it came to."""

    def __init__(self, desk: Desk, random: Random) -> None:
        self._desk = desk
        self._random = random
        self.counts: Counter[str] = Counter()

    def round(self) -> None:
        """One round of a busy person's work."""
        if len(self._desk.read.positions()) < LIVING_MAX and self._random.random() < 0.6:
            self._signal()
        for review in self._pending():
            self._review(review)
        for position in self._desk.read.positions():
            self._look_after(position, eagerness=0.1)
        if self._random.random() < 0.02:
            self._desk.set_kill(None, "a pause", signer=DECIDER)
        self._lift()

    def wind_down(self) -> None:
        """One round of bringing everything to its end."""
        self._lift()
        for review in self._pending():
            entry = review.position.state in (PositionState.PROPOSED, PositionState.APPROVED)
            if not entry:
                self._approve_or_drop(review)
            elif review.approved:
                self._decide(DecisionKind.WITHDRAW, review.intent_id)
            else:
                self._decide(DecisionKind.PASS, review.intent_id)
        for position in self._desk.read.positions():
            self._look_after(position, eagerness=1.0)

    def _pending(self) -> list[Review]:
        return [review for review in self._desk.read.pending() if isinstance(review, Review)]

    def _signal(self) -> None:
        quote = self._desk.quote(PAIR)
        if isinstance(quote, Unknown):
            self.counts["no quote"] += 1
            return
        is_long = self._random.random() < 0.5
        entry = quote.value.ask if is_long else quote.value.bid
        away = (1 if is_long else -1) * PIP * self._random.randint(8, 30)
        document = {
            "cse_version": "1.0", "signal_id": str(UUID(int=self._random.getrandbits(128), version=4)),
            "timestamp": instant_text(datetime.now(UTC)), "strategy_id": "manual", "source": "MANUAL", "pair": PAIR,
            "setup_type": "SOAK", "confidence": "0.5",
            "parameters": {
                "entry": str(entry), "stop": str(entry - away), "target": str(entry + 2 * away),
                "risk_percent": "0.5", "order_type": self._random.choice(["MARKET", "LIMIT"]),
            },
            "evidence": _EVIDENCE, "evidence_hash": content_hash(_EVIDENCE),
            "state_anchor": {
                "captured_at": instant_text(datetime.now(UTC)), "regime": "NORMAL",
                "components": {"strategy_params": "params", "market_snapshot": "market"},
            },
        }  # fmt: skip
        outcome = self._desk.ingest(orjson.dumps(document), signer=DECIDER)
        self.counts["signals" if outcome.refusal is None else f"signals refused: {outcome.refusal.reason}"] += 1

    def _review(self, review: Review) -> None:
        choice = self._random.random()
        if review.position.state is not PositionState.PROPOSED and review.position.state is not PositionState.APPROVED:
            self._approve_or_drop(review)
        elif choice < 0.7 and not review.approved:
            self._approve(review)
        elif choice < 0.8:
            self._decide(DecisionKind.WITHDRAW if review.approved else DecisionKind.PASS, review.intent_id)

    def _approve_or_drop(self, review: Review) -> None:
        """An exit or protection: approve it once, and drop it when its token was lost."""
        if review.approved:
            self._decide(DecisionKind.WITHDRAW, review.intent_id)
        else:
            self._approve(review)

    def _approve(self, review: Review) -> None:
        self._decide(DecisionKind.APPROVE, review.intent_id, review.bundle_hash)

    def _look_after(self, position: Position, eagerness: float) -> None:
        unanswered = any(leg.is_alive and leg.is_unanswered for leg in position.legs)
        is_settleable = position.state in (PositionState.STALLED, PositionState.FILLED, PositionState.MANAGED)
        if unanswered and is_settleable and self._is_old(position):
            self._decide(DecisionKind.ATTEST_ABSENT, position.position_id)
        elif self._random.random() >= eagerness:
            return
        elif position.unsettled_action is not None:
            self._free(position)
        elif position.in_flight_quantity > 0 and position.state is not PositionState.STALLED:
            self._decide(DecisionKind.CANCEL, position.position_id)
        elif position.open_quantity > 0:
            self._decide(DecisionKind.CLOSE, position.position_id)
        elif position.alive_legs and position.state is not PositionState.STALLED:
            self._decide(DecisionKind.CANCEL, position.position_id)

    def _free(self, position: Position) -> None:
        """An exit of which the rest does not fill is cancelled, so that the position can be closed anew."""
        if any(leg.is_alive and leg.is_acknowledged and leg.leg.role is LegRole.EXIT for leg in position.legs):
            self._decide(DecisionKind.CANCEL, position.position_id)

    def _is_old(self, position: Position) -> bool:
        """A delay holds an acknowledgement back for half a minute at most; only then is silence worth a word."""
        sent = [leg.sent_at for leg in position.legs if leg.is_alive and leg.is_unanswered]
        return all((datetime.now(UTC) - at).total_seconds() > 45 for at in sent)

    def _lift(self) -> None:
        for flag in self._desk.read.kill_flags():
            if self._random.random() < 0.3:
                self._decide(DecisionKind.KILL_LIFT, flag.flag_id)

    def _decide(self, kind: DecisionKind, subject_id: str, evidence_hash: str | None = None) -> None:
        outcome = self._desk.decide(
            kind, subject_id, signer=DECIDER, evidence_hash=evidence_hash, reason="soak", proof={"kind": "TYPED"}
        )
        name = kind.value if outcome.refusal is None else f"{kind.value} refused: {outcome.refusal.reason}"
        self.counts[name if outcome.status is not OutcomeStatus.NOT_YET_KNOWN else f"{kind.value} not yet known"] += 1
