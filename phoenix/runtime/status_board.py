"""What the executor shows of itself in a small file beside the store, for those who only look (SPEC 11.11).

It is a view, never a source: it says as of which bead it speaks, and can be thrown away at any time.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta

import orjson

from phoenix.domain.instants import instant_text
from phoenix.domain.numbers import decimal_text
from phoenix.domain.state import State, in_order
from phoenix.domain.vocabulary import PositionState
from phoenix.ports.answers import Unknown
from phoenix.runtime.opening import Parts

EVERY = timedelta(seconds=1)


class StatusBoard:
    """Writes the status file, at most once a second."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._published_at: datetime | None = None

    async def publish(self) -> None:
        """Write the file anew where it is due."""
        now = self._parts.clock.now()
        if self._published_at is None or now - self._published_at >= EVERY:
            self._published_at = now
            self.write(await self.quotes())

    def write(self, quotes: dict[str, object]) -> None:
        """Write the file anew. It holds nothing that is not elsewhere, so it needs no durability."""
        document = {**status_document(self._parts, self._parts.clock.now()), "quotes": quotes}
        unfinished = self._parts.home.status.with_name(f".{self._parts.home.status.name}")
        unfinished.write_bytes(orjson.dumps(document))
        os.replace(unfinished, self._parts.home.status)

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
    """The state in a few numbers, as of the chain's head."""
    view = parts.store.view()
    state = view.state
    return {
        "as_of": instant_text(now), "head_seq": view.head.seq, "head_hash": view.head.bead_hash.hex(),
        "account": parts.policy.account.account, "mode": parts.policy.account.mode.value,
        "adapter": parts.broker.name, "health": health_of(state), "connected": state.session.is_connected,
        "reconciled": state.session.is_reconciled, "session": state.session.detail,
        "positions": _counts(state), "pending": sum(1 for p in state.positions.values() if _is_pending(p.state)),
        "kill_flags": [flag.text() for flag in in_order(state.flags)], "drifts": len(state.drifts),
        "strays": len(state.strays), "equity": None if state.account is None else decimal_text(state.account.equity),
        "currency": parts.policy.account.currency,
    }  # fmt: skip


def health_of(state: State) -> str:
    """ACTIVE; ENTRIES_CLOSED while the session is not reconciled; HALTED under a global kill flag."""
    if any(flag.strategy_id is None for flag in state.flags.values()):
        return "HALTED"
    return "ACTIVE" if state.session.is_connected and state.session.is_reconciled else "ENTRIES_CLOSED"


def _is_pending(state: PositionState | None) -> bool:
    return state is PositionState.PROPOSED


def _counts(state: State) -> dict[str, int]:
    counts: dict[str, int] = {}
    for position in in_order(state.positions):
        if position.state is not None:
            counts[position.state.value] = counts.get(position.state.value, 0) + 1
    return counts
