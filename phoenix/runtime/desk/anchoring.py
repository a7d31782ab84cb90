"""The anchor that a refresh or a new proposal is to stand on: the current one, or one that a person registers first.

On a stale anchor either would end in a conflict and, when it is badly stale, in a kill flag; so it is looked at before
anything is put on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from phoenix.adapters.clock import SystemClock
from phoenix.domain.anchor import Anchor, freshness, stale_at
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.instants import instant_text, parse_instant
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import AccountMode, IntentKind, RefusalReason, Regime
from phoenix.runtime.desk import Desk
from phoenix.runtime.readings import Waiting
from phoenix.runtime.readings.reviews import Review


@dataclass(frozen=True, slots=True)
class Captured:
    """What a person gives of a newly captured anchor. Nothing given: the current anchor is to stand.

    `is_now` captures the moment, with the component hashes of the current anchor where none are given.
    """

    captured_at: str | None = None
    regime: Regime | None = None
    strategy_params: str | None = None
    market_snapshot: str | None = None
    is_now: bool = False

    @property
    def is_new(self) -> bool:
        given = (self.captured_at, self.regime, self.strategy_params, self.market_snapshot)
        return self.is_now or any(value is not None for value in given)


def require_entry(review: Waiting) -> Review:
    """The review of an entry. Raises Refused for anything else: only entries stand on an anchor."""
    if not isinstance(review, Review) or review.kind is not IntentKind.ENTRY:
        raise Refused(
            RefusalReason.WRONG_STATE, "intent_id", f"a {review.kind.value} stands on no anchor and never goes stale",
            "Approve it, or pass on it",
        )  # fmt: skip
    return review


def stand_on_fresh_anchor(desk: Desk, strategy_id: str, pair: str, captured: Captured, signer: Signer) -> None:
    """Register what was captured, if anything was; then see that the current anchor stands. Raises Refused."""
    now = SystemClock().now()
    current = desk.read.anchor(strategy_id, pair)
    if captured.is_new:
        desk.register_anchor(strategy_id, pair, _anchor(desk, captured, current, now), signer=signer)
    elif current is None:
        raise _conflict("no anchor is registered", desk)
    elif freshness(current.captured_at, current.regime, desk.home.settings.policy().anchor, now).is_stale:
        since = stale_at(current.captured_at, current.regime, desk.home.settings.policy().anchor)
        raise _conflict(f"the current anchor has been stale since {instant_text(since)}", desk)


def _anchor(desk: Desk, captured: Captured, current: Anchor | None, now: datetime) -> Anchor:
    """The anchor that was captured. Only the simulator lets a person fill in what a source would have seen."""
    is_simulator = desk.home.settings.account.mode is AccountMode.SIMULATOR
    if captured.is_now and not is_simulator:
        raise Refused(
            RefusalReason.NOT_ALLOWED, "now", "on a real account the context is what the signal source captured",
            "Give what was captured: when, the strategy's parameters, the market snapshot",
        )  # fmt: skip
    known = current if is_simulator else None
    return Anchor(
        _captured_at(captured, now),
        captured.regime or (Regime.NORMAL if known is None else known.regime),
        _component("strategy_params", captured.strategy_params, None if known is None else known.strategy_params),
        _component("market_snapshot", captured.market_snapshot, None if known is None else known.market_snapshot),
    )


def _captured_at(captured: Captured, now: datetime) -> datetime:
    if captured.captured_at is not None:
        return parse_instant(captured.captured_at)
    if captured.is_now:
        return now
    raise Refused(
        RefusalReason.MALFORMED, "captured_at", "a new anchor says when it was captured",
        "Give the instant of its capture, or in the simulator now",
    )  # fmt: skip


def _component(name: str, given: str | None, current: str | None) -> str:
    value = given if given is not None else current
    if value is None or not (0 < len(value) <= 128 and value.isascii() and value.isprintable()):
        raise Refused(
            RefusalReason.MALFORMED, name, "it is missing, or not 1 to 128 printable ASCII characters",
            "Give the hash of what was captured",
        )  # fmt: skip
    return value


def _conflict(detail: str, desk: Desk) -> Refused:
    is_simulator = desk.home.settings.account.mode is AccountMode.SIMULATOR
    capture = "Add --now to capture the context of this moment" if is_simulator else "Let the source capture it anew"
    return Refused(
        RefusalReason.STATE_CONFLICT, "state_anchor", f"{detail}; nothing was put on record",
        f"{capture}, or give what was captured with --captured-at, --strategy-params and --market-snapshot",
    )  # fmt: skip
