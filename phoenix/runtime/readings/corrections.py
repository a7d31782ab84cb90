"""What resolving a drift would change in Phoenix's book: the decision is carried out on a state that is thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from phoenix.application.settling.resolution import resolve_drift
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.safety import ResolutionPayload
from phoenix.domain.beads.trading import OrderPayload, PositionPayload
from phoenix.domain.numbers import ZERO
from phoenix.domain.policy import Policy
from phoenix.domain.position import Position
from phoenix.domain.refusals import Refused
from phoenix.domain.state import State
from phoenix.domain.vocabulary import DecisionKind, PositionState, Resolution
from phoenix.ports.ids import IdSource
from phoenix.ports.store import View


@dataclass(frozen=True, slots=True)
class PositionChange:
    """A position before and after; its states are the same where it goes on."""

    position_id: str
    open_before: Decimal
    open_after: Decimal
    state_before: PositionState | None
    state_after: PositionState | None


@dataclass(frozen=True, slots=True)
class OrderChange:
    """An order whose status would be taken over from the broker."""

    name: str
    status_before: str
    status_after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What one resolution would come to. `net_before` and `net_after` are Phoenix's signed nets of `pair`, and
    `unattributed` is what no position would bear; with a `refusal` nothing would happen at all."""

    resolution: Resolution
    refusal: Refused | None = None
    pair: str = ""
    net_before: Decimal = ZERO
    net_after: Decimal = ZERO
    unattributed: Decimal = ZERO
    positions: tuple[PositionChange, ...] = ()
    orders: tuple[OrderChange, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether Phoenix's book would stay as it is."""
        return self.net_before == self.net_after and not (self.positions or self.orders or self.unattributed)


def correction_of(
    view: View[State], policy: Policy, ids: IdSource, now: datetime, decision: DecisionPayload, signer: Signer
) -> Correction:
    """What the decision to resolve would change, were it carried out now."""
    resolution = Resolution(str(decision.detail["resolution"])) if isinstance(decision.detail, dict) else None
    if resolution is None:
        raise ValueError("a decision to resolve says how")
    work = Work(policy, view, now, ids)
    try:
        resolve_drift(work, decision, signer)
    except Refused as refusal:
        return Correction(resolution, refusal)
    resolved = next(bead.payload for bead in work.beads if isinstance(bead.payload, ResolutionPayload))
    pair = resolved.pair or ""
    return Correction(
        resolution, None, pair, view.state.net_quantity(pair), work.state.net_quantity(pair),
        resolved.unattributed or ZERO, _positions(view.state, work), _orders(view.state, work),
    )  # fmt: skip


def decision_to_resolve(
    decision_id: str, subject_id: str, resolution: Resolution, notes: str | None, position_id: str | None
) -> DecisionPayload:
    """The decision as it is put on record, or only tried out."""
    detail = {"resolution": resolution.value} | ({} if position_id is None else {"position_id": position_id})
    return DecisionPayload(decision_id, DecisionKind.RESOLVE, subject_id, None, notes, detail, {})


def _positions(before: State, work: Work) -> tuple[PositionChange, ...]:
    """Each position that gets a bead, from how it stands to how it would stand in the end."""
    ids = dict.fromkeys(bead.payload.position_id for bead in work.beads if isinstance(bead.payload, PositionPayload))
    changes = (_change(before.positions.get(position_id), work, position_id) for position_id in ids)
    return tuple(change for change in changes if change is not None)


def _change(former: Position | None, work: Work, position_id: str) -> PositionChange | None:
    after = work.position(position_id)
    if former is None or after is None:
        return None
    return PositionChange(position_id, former.open_quantity, after.open_quantity, former.state, after.state)


def _orders(before: State, work: Work) -> tuple[OrderChange, ...]:
    names = dict.fromkeys(
        bead.payload.client_order_id for bead in work.beads
        if isinstance(bead.payload, OrderPayload) and bead.payload.client_order_id is not None
    )  # fmt: skip
    changes = []
    for name in names:
        position_id = before.position_of_reference.get(name, "")
        then, now = before.positions.get(position_id), work.position(position_id)
        leg = None if then is None else then.leg_by_reference(name)
        after = None if now is None else now.leg_by_reference(name)
        if leg is not None and after is not None:
            status = "ABSENT" if after.is_void else after.status.value
            changes.append(OrderChange(name, leg.status.value, status))
    return tuple(changes)
