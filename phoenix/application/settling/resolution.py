"""How a human settles a drift (SPEC 3.9). Only PHOENIX_CORRECTED changes Phoenix's book, as far as the human saw.

Whoever corrects a book corrects the one that the drift describes. Where that has changed meanwhile, because a late word
of the broker arrived, nothing is corrected, and the refusal is on record.
"""

from __future__ import annotations

from decimal import Decimal

from phoenix.application.effects import CompareBooks
from phoenix.application.gate.approval import require_human
from phoenix.application.settling.correction import adjust, share_out, take_over_status
from phoenix.application.settling.settlement import give_up, text_of
from phoenix.application.trading.matching import Match, find_leg
from phoenix.application.work import Work
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.beads.safety import ResolutionPayload
from phoenix.domain.encoding import Json
from phoenix.domain.numbers import ZERO, decimal_text
from phoenix.domain.position import Position
from phoenix.domain.reconciliation.books import ABSENT, ENDED, Standing
from phoenix.domain.reconciliation.compare import name_of_order_key, pair_of_net_key
from phoenix.domain.reconciliation.mismatch import number_stated, stated
from phoenix.domain.reconciliation.own_book import own_nets, own_order
from phoenix.domain.refusals import Refused
from phoenix.domain.state import OpenDrift, State
from phoenix.domain.vocabulary import (
    Action,
    OrderStatus,
    PositionState,
    ReconciliationTrigger,
    RefusalReason,
    Resolution,
    Side,
)

_WAITING = frozenset({PositionState.SUBMITTED, PositionState.STALLED})


def resolve_drift(work: Work, decision: DecisionPayload, signer: Signer) -> None:
    """Record how a human settled a drift, and correct Phoenix's book where that is the word. Raises Refused."""
    require_human(signer)
    drift, name = work.state.drifts.get(decision.subject_id), decision.subject_id
    if drift is None and not is_nobodys(work.state, name):
        raise Refused(RefusalReason.NOT_FOUND, "drift_bead_id", f"no open drift {name}", "List the open drifts")
    if decision.reason is None or not decision.reason.strip():
        raise Refused(RefusalReason.MALFORMED, "notes", "a resolution has notes", "Say what was found and done")
    resolution = _resolution(decision)
    if drift is None:
        _set_aside(work, name, resolution, decision, signer)
    else:
        _Resolving(work, drift, decision, signer, decision.reason).carry_out(resolution)


def is_nobodys(state: State, name: str) -> bool:
    """Whether this is an execution or an order at the broker that is none of Phoenix's, and still in question."""
    is_order = name in state.external_orders and state.external_orders[name] is None
    return name in state.parked or (is_order and name not in state.set_aside)


def _set_aside(work: Work, name: str, resolution: Resolution, decision: DecisionPayload, signer: Signer) -> None:
    """Take a human's word that what the broker has there is none of Phoenix's, and needs nothing done about it."""
    if resolution is not Resolution.ACKNOWLEDGED:
        raise Refused(
            RefusalReason.NOT_ALLOWED, "resolution", f"{name} is nobody's, {resolution.value} says nothing of it",
            "Adopt it, or acknowledge that it is none of Phoenix's",
        )  # fmt: skip
    work.record(
        ResolutionPayload(
            drift_bead_id="", resolution=resolution, resolved_by=signer.identity, notes=decision.reason or "",
            decision_id=decision.decision_id, set_aside=name,
        ),
        signer=signer,
    )  # fmt: skip


def _resolution(decision: DecisionPayload) -> Resolution:
    text = text_of(decision, "resolution")
    try:
        return Resolution(text)
    except ValueError as error:
        words = ", ".join(resolution.value for resolution in Resolution)
        raise Refused(RefusalReason.MALFORMED, "resolution", f"{text!r} is none", f"Use one of: {words}") from error


class _Resolving:
    """One resolution in progress."""

    def __init__(self, work: Work, drift: OpenDrift, decision: DecisionPayload, signer: Signer, notes: str) -> None:
        self._work = work
        self._drift = drift
        self._decision = decision
        self._signer = signer
        self._notes = notes

    def carry_out(self, resolution: Resolution) -> None:
        pair, name = pair_of_net_key(self._drift.key), name_of_order_key(self._drift.key)
        is_correction = resolution is Resolution.PHOENIX_CORRECTED
        if is_correction and pair is not None:
            self._correct_net(pair)
        elif is_correction and name is not None:
            self._correct_order(name)
        else:
            self._record(resolution)

    def _correct_net(self, pair: str) -> None:
        """Make Phoenix's net the broker's: by what the positions bear, and by what nobody does."""
        ours = own_nets(self._work.state).get(pair, ZERO)
        quantity = self._drift.mismatch.surplus
        if self._is_adopted() and self._drift.mismatch.describes(ours - quantity):
            quantity = ZERO
        elif not self._drift.mismatch.describes(ours):
            raise self._conflict(f"Phoenix holds {decimal_text(ours)} {pair}")
        else:
            self._require_still_theirs()
        shares, unattributed = share_out(self._work.state, pair, quantity, self._decision)
        bearer = shares[0][0].position_id if len(shares) == 1 else None
        self._record(
            Resolution.PHOENIX_CORRECTED, pair=pair, quantity=quantity, unattributed=unattributed,
            position_id=bearer,
        )  # fmt: skip
        for position, quantity in shares:
            adjust(self._work, position, quantity, self._signer, self._decision)

    def _correct_order(self, name: str) -> None:
        """Make an order stand as the broker has it: what was filled on it, then its status."""
        match = find_leg(self._work, name, None)
        if match is None:
            raise Refused(
                RefusalReason.NOT_ALLOWED, "resolution", f"{name} is no order of Phoenix, there is nothing to correct",
                "Adopt it, cancel it in the broker's own terminal, or acknowledge it",
            )  # fmt: skip
        theirs = self._standing(self._drift.mismatch.broker_state)
        ours = own_order(match.position, match.leg).standing
        self._require_unchanged(ours)
        self._require_still_theirs()
        filled = theirs.filled - ours.filled
        opened = _opened_by(match, filled)
        self._require_bearable(match.position, opened)
        signed = opened if match.position.terms.side is Side.LONG else -opened
        self._record(
            Resolution.PHOENIX_CORRECTED, pair=match.position.terms.pair, quantity=signed, unattributed=ZERO,
            position_id=match.position.position_id, client_order_id=name,
        )  # fmt: skip
        if filled:
            adjust(self._work, match.position, opened, self._signer, self._decision, order=name)
        if theirs.status != ours.status:
            self._take_over(name, theirs.status)

    def _take_over(self, name: str, status: str) -> None:
        match = find_leg(self._work, name, None)
        if match is None:
            return
        if status == ABSENT:
            give_up(self._work, match.position, match.leg, self._decision, self._signer)
        else:
            take_over_status(self._work, match, OrderStatus(status), self._signer, self._decision)

    def _is_adopted(self) -> bool:
        """Whether a human has taken what the drift shows into the book already: then nothing is left to correct."""
        positions = self._work.state.positions.values()
        return any(position.adopted_from == self._drift.drift_bead_id for position in positions)

    def _require_unchanged(self, ours: Standing) -> None:
        """What stands now is what the human saw; of a forgotten order nothing was seen."""
        then = self._standing(self._drift.mismatch.phoenix_state)
        if then.status != ENDED and (ours.status, ours.filled) != (then.status, then.filled):
            raise self._conflict(f"Phoenix has it {ours.status} with {decimal_text(ours.filled)} filled")

    def _require_still_theirs(self) -> None:
        """The last comparison that was complete did not find that the broker's side is another by now."""
        if self._drift.agrees_since is not None:
            raise self._conflict("the broker agrees with Phoenix")
        suspect = self._work.state.reconciliation.suspects.get(self._drift.key)
        if suspect is not None and suspect.broker_state != self._drift.mismatch.broker_state:
            raise self._conflict("the broker's side is another")

    def _require_bearable(self, position: Position, opened: Decimal) -> None:
        if opened and position.state in _WAITING:
            raise Refused(
                RefusalReason.WRONG_STATE, "resolution",
                f"position {position.position_id} waits for its first execution, which no correction can stand for",
                "Read the books, so that its executions come in; or acknowledge the drift",
            )  # fmt: skip
        if position.open_quantity + opened < ZERO:
            raise Refused(
                RefusalReason.NOT_ALLOWED, "resolution",
                f"{decimal_text(position.open_quantity)} is open in position {position.position_id}; a correction by "
                f"{decimal_text(opened)} would turn it over",
                "Let the broker correct its side, or acknowledge the drift",
            )  # fmt: skip

    def _conflict(self, what: str) -> Refused:
        """The books are compared anew, so that the human can decide on what there is now."""
        self._work.then(CompareBooks(ReconciliationTrigger.RESOLUTION))
        return Refused(
            RefusalReason.CONFLICT, "drift_bead_id",
            f"{what} by now, which is not what this drift shows; nothing was corrected",
            "Compare the books, and resolve what then differs",
        )  # fmt: skip

    def _record(
        self, resolution: Resolution, *, pair: str | None = None, quantity: Decimal | None = None,
        unattributed: Decimal | None = None, position_id: str | None = None, client_order_id: str | None = None,
    ) -> None:  # fmt: skip
        payload = ResolutionPayload(
            drift_bead_id=self._drift.drift_bead_id, resolution=resolution, resolved_by=self._signer.identity,
            notes=self._notes, decision_id=self._decision.decision_id, pair=pair, quantity=quantity,
            unattributed=unattributed, position_id=position_id, client_order_id=client_order_id,
        )  # fmt: skip
        self._work.record(payload, signer=self._signer)

    def _standing(self, state: Json) -> Standing:
        return Standing(self._drift.pair, stated(state, "status"), number_stated(state, "filled"))


def _opened_by(match: Match, filled: Decimal) -> Decimal:
    """What more of a fill adds to what is open, in the direction of the position's side."""
    opens = (match.leg.leg.action is Action.BUY) == (match.position.terms.side is Side.LONG)
    return filled if opens else -filled
