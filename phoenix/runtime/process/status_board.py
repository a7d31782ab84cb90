"""What the executor shows of itself in a small file beside the store, for those who only look (SPEC 11.11).

It is a view, never a source: it says as of which bead it speaks, and can be thrown away at any time.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import datetime, timedelta

from phoenix.domain.instants import instant_text
from phoenix.domain.kill import KillFlag
from phoenix.domain.numbers import decimal_text
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import OrderStatus
from phoenix.ports.answers import Unknown
from phoenix.runtime.documents.workers import workers_document
from phoenix.runtime.process.opening import Parts
from phoenix.runtime.readings.reviews import awaiting
from phoenix.runtime.saying import Trouble

EVERY = timedelta(seconds=1)
_AT_LEAST = timedelta(seconds=0.1)
_LATE = timedelta(seconds=5)
"""How much later than the file is due a busy executor may write it before it must be taken for silent."""


class StatusBoard:
    """Writes the status file: every second, and sooner where there are new beads."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._published_at: datetime | None = None
        self._published_seq = 0
        self._quotes: dict[str, object] = {}
        self._trouble = Trouble(parts.say)

    async def publish(self) -> None:
        """Write the file anew where it is due."""
        now, seq = self._parts.clock.now(), self._parts.store.head().seq
        pause = EVERY if seq == self._published_seq else _AT_LEAST
        if self._published_at is None or now - self._published_at >= pause:
            self._published_at, self._published_seq = now, seq
            self.write(await self.quotes())

    def write(self, quotes: dict[str, object]) -> None:
        """Write the file anew. It holds nothing that is not elsewhere: it needs no durability, and where it cannot be
        written that is said, and everything else goes on."""
        self._quotes = quotes
        document = {**status_document(self._parts, self._parts.clock.now()), "quotes": quotes}
        unfinished = self._parts.home.status.with_name(f".{self._parts.home.status.name}")
        try:
            unfinished.write_text(json.dumps(document), encoding="utf-8")
            os.replace(unfinished, self._parts.home.status)
        except OSError as error:
            self._trouble.say_once(f"{self._parts.home.status}: the status cannot be shown ({error.strerror})")
        else:
            self._trouble.is_over()

    def write_again(self) -> None:
        """Write the file anew with the quotes of the last time, for the broker is not to be asked."""
        self.write(self._quotes)

    async def quotes(self) -> dict[str, object]:
        """The last quote of every configured instrument, or why there is none."""
        quotes: dict[str, object] = {}
        for pair in sorted(self._parts.policy.instruments):
            answer = await self._parts.broker.quote(pair)
            if isinstance(answer, Unknown):
                quotes[pair] = {"unknown": answer.reason}
                continue
            quote = answer.value
            quotes[pair] = {
                "bid": decimal_text(quote.bid), "ask": decimal_text(quote.ask), "as_of": instant_text(quote.as_of)
            }  # fmt: skip
        return quotes


def status_document(parts: Parts, now: datetime) -> dict[str, object]:
    """The state in a few numbers, as of the chain's head. It is current until `fresh_until`, if its writer lives."""
    view = parts.store.view()
    fresh_until = now + EVERY + timedelta(seconds=parts.home.settings.serve.poll_s) + _LATE
    return {
        "as_of": instant_text(now), "fresh_until": instant_text(fresh_until), "head_seq": view.head.seq,
        "head_hash": view.head.bead_hash.hex(), "account": parts.policy.account.account,
        "mode": parts.policy.account.mode.value, "currency": parts.policy.account.currency,
        "adapter": parts.broker.name, "books_looked_at": _instant(parts.executor.books_looked_at),
        **_state_document(view.state), **workers_document(parts.workers),
    }  # fmt: skip


def _state_document(state: State) -> dict[str, object]:
    positions = state.positions.values()
    account = state.account
    return {
        "health": health_of(state), "reason": reason_of(state), "connected": state.session.is_connected,
        "reconciled": state.session.is_reconciled, "session": state.session.detail,
        "positions": dict(sorted(Counter(p.state.value for p in positions if p.state is not None).items())),
        "pending": sum(1 for position in positions for _ in awaiting(position)) + len(state.promotions),
        "unanswered": len(state.decisions) + len(state.inbox),
        "unprotected": sum(1 for position in positions if position.unprotected_since is not None),
        "unknown_orders": sum(
            1 for position in positions for leg in position.alive_legs if leg.status is OrderStatus.UNKNOWN
        ),
        "kill_flags": [flag_document(flag) for flag in in_order(state.flags)], "drifts": len(state.drifts),
        "strays": len(state.strays), "parked": len(state.parked), "open_alerts": len(state.alerts.open),
        "waiting_alerts": len(state.alerts.waiting), "failing_channels": _failing(state),
        "settling": len(state.reconciliation.suspects), "books": _verdict_of(state),
        "books_recorded_at": _instant(state.reconciliation.looked_at),
        "equity": None if account is None else decimal_text(account.equity),
        "equity_as_of": None if account is None else instant_text(account.as_of),
    }  # fmt: skip


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant_text(instant)


def _verdict_of(state: State) -> str | None:
    verdict = state.reconciliation.verdict
    return None if verdict is None else verdict.value


def _failing(state: State) -> list[str]:
    """The channels that do not take alerts."""
    return sorted(name for name, record in state.alerts.channels.items() if record.failures)


def health_of(state: State) -> str:
    """ACTIVE; ENTRIES_CLOSED while the session is not reconciled; HALTED under a global kill flag."""
    if any(flag.strategy_id is None for flag in state.flags.values()):
        return "HALTED"
    return "ACTIVE" if state.session.is_connected and state.session.is_reconciled else "ENTRIES_CLOSED"


def reason_of(state: State) -> str:
    """Why the health is what it is."""
    halting = [flag for flag in in_order(state.flags) if flag.strategy_id is None]
    if halting:
        return halting[0].reason
    return "entries are open" if health_of(state) == "ACTIVE" else state.session.detail


def flag_document(flag: KillFlag) -> dict[str, object]:
    """An active kill flag; without a strategy it is global."""
    return {
        "flag_id": flag.flag_id, "strategy_id": flag.strategy_id, "source": flag.source.value, "reason": flag.reason,
        "set_at": instant_text(flag.set_at),
        "expires_at": None if flag.expires_at is None else instant_text(flag.expires_at),
    }  # fmt: skip
