"""What surfaces show of strategies on their way to LIVE, told from the store alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phoenix.application.promotion.checklist import promotion_checklist, promotion_facts
from phoenix.domain.beads.envelope import BeadType, Signer
from phoenix.domain.beads.operations import PerformancePayload, PromotionPayload
from phoenix.domain.beads.safety import DecayPayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.decay import DecayVerdict, verdict_on
from phoenix.domain.policy import Policy
from phoenix.domain.promotion.checklist import Checklist, Unread, check_promotion
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.promotion.statistics import Statistics, statistics_of
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State, Strategy, in_order
from phoenix.domain.vocabulary import PromotionEvent, RefusalReason, StrategyMode
from phoenix.ports.store import BeadStore


@dataclass(frozen=True, slots=True)
class PromotedReading:
    """How a strategy went LIVE."""

    intent_id: str
    evidence_hash: str
    approver: str
    promoted_at: datetime


@dataclass(frozen=True, slots=True)
class StrategyRecord:
    """A strategy's shadow record, with the checklist while it is in SHADOW, or its promotion once it is LIVE.

    `books_compared` is false while nobody knows whether the books agree, as in a session that is over.
    """

    strategy_id: str
    mode: StrategyMode
    description: str
    currency: str
    record: ShadowRecord
    statistics: Statistics | None
    checklist: Checklist | None
    promoted: PromotedReading | None
    as_of: datetime
    books_compared: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """A strategy among others: its record in SHADOW with the checklist, or since when it is LIVE."""

    strategy_id: str
    mode: StrategyMode
    statistics: Statistics | None
    checklist: Checklist | None
    promoted_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecayReading:
    """What was last said of the decay of a strategy, or of all, and what the rule makes of such a score."""

    told: DecayPayload
    told_at: datetime
    signer: Signer
    verdict: DecayVerdict


class PromotionReadings:
    """Reads one store. Every method answers as of the chain's head at that moment."""

    def __init__(self, store: BeadStore[State], policy: Policy) -> None:
        self._store = store
        self._policy = policy

    def standings(self) -> dict[str, Standing]:
        """How far every registered strategy has come, by its name."""
        state = self._store.view().state
        return {known.strategy_id: _standing(state, self._policy, known) for known in in_order(state.strategies)}

    def decays(self) -> list[DecayReading]:
        """The last word on the decay of every strategy, and of all of them, the newest first."""
        last: dict[str | None, DecayReading] = {}
        for item in self._store.read_of({BeadType.DECAY}):
            if isinstance(payload := item.bead.payload, DecayPayload):
                last[payload.strategy_id] = DecayReading(
                    payload, item.bead.timestamp, item.bead.signer, verdict_on(payload.score, self._policy.decay)
                )
        return sorted(last.values(), key=lambda told: told.told_at, reverse=True)

    def strategy(self, strategy_id: str, now: datetime) -> StrategyRecord:
        """Everything about one strategy's way to LIVE. Raises Refused for one that is not registered."""
        state = self._store.view().state
        strategy = state.strategies.get(strategy_id)
        if strategy is None:
            raise Refused(
                RefusalReason.STRATEGY_UNKNOWN, "strategy_id", f"{strategy_id} is not registered", "List the strategies"
            )
        is_shadow = strategy.mode is StrategyMode.SHADOW
        record = state.shadow.get(strategy_id, ShadowRecord()) if is_shadow else self._record(strategy)
        facts = promotion_facts(state, strategy_id)
        return StrategyRecord(
            strategy_id, strategy.mode, strategy.description, self._policy.account.currency, record,
            statistics_of(record.sessions),
            check_promotion(facts, self._policy.promotion) if is_shadow else None,
            None if is_shadow else self._promoted(strategy_id), now, not isinstance(facts.drifts, Unread),
        )  # fmt: skip

    def _record(self, strategy: Strategy) -> ShadowRecord:
        """The shadow record of a strategy that is LIVE: its beads from before the promotion."""
        record = ShadowRecord()
        for item in self._store.read_of({BeadType.PERFORMANCE, BeadType.AUTOPSY}):
            payload = item.bead.payload
            if strategy.promoted_at is not None and item.bead.timestamp > strategy.promoted_at:
                break
            if isinstance(payload, PerformancePayload) and payload.strategy_id == strategy.strategy_id:
                record = record.with_session(payload, item.bead.bead_id)
            elif isinstance(payload, AutopsyPayload) and payload.shadow and payload.strategy_id == strategy.strategy_id:
                record = record.with_autopsy(payload)
        return record

    def _promoted(self, strategy_id: str) -> PromotedReading | None:
        for item in self._store.read_of({BeadType.PROMOTION}):
            payload = item.bead.payload
            if (
                isinstance(payload, PromotionPayload)
                and payload.strategy_id == strategy_id
                and payload.event is PromotionEvent.PROMOTED
            ):
                return PromotedReading(payload.intent_id, payload.evidence_hash, payload.approver, item.bead.timestamp)
        return None


def _standing(state: State, policy: Policy, strategy: Strategy) -> Standing:
    name, is_shadow = strategy.strategy_id, strategy.mode is StrategyMode.SHADOW
    record = state.shadow.get(name, ShadowRecord())
    return Standing(
        name, strategy.mode, statistics_of(record.sessions) if is_shadow else None,
        promotion_checklist(state, policy, name) if is_shadow else None, strategy.promoted_at,
    )  # fmt: skip
