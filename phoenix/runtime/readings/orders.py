"""What belongs to orders and executions, told from the beads: the last word on each order, what each execution cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.trading import ExecutionPayload
from phoenix.domain.state import State
from phoenix.domain.vocabulary import ExecutionEvent
from phoenix.ports.store import BeadStore
from phoenix.runtime.readings.positions import LastWord, last_words


@dataclass(frozen=True, slots=True)
class Commission:
    amount: Decimal
    currency: str


def last_words_of(store: BeadStore[State], position_ids: Iterable[str]) -> dict[str, LastWord]:
    """The last word on every order of some positions, by reference."""
    lookup = store.view().lookup
    found: dict[str, LastWord] = {}
    for position_id in dict.fromkeys(position_ids):
        found.update(last_words(lookup.story(position_id)))
    return found


def commissions(store: BeadStore[State]) -> dict[str, Commission]:
    """What the broker charged for each execution that it has told the cost of."""
    found: dict[str, Commission] = {}
    for item in store.read_of({BeadType.EXECUTION}):
        payload = item.bead.payload
        if not isinstance(payload, ExecutionPayload) or payload.event is not ExecutionEvent.COMMISSION:
            continue
        if payload.commission is not None:
            found[payload.execution_id] = Commission(payload.commission, payload.commission_currency or "")
    return found
