"""The autopsy of a closed position, from the beads of its story. It never touches the position (SPEC 3.11)."""

from __future__ import annotations

from phoenix.application.alerts import AlertKind
from phoenix.application.signals.proposals import signal_of
from phoenix.application.work import Work
from phoenix.domain.autopsy import AutopsyInput, perform
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.errors import DomainError
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.profit import realised_pnl
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import PositionState, RefusalReason


def run_autopsy(work: Work, position_id: str) -> None:
    """Write the AUTOPSY bead of a closed position; the first one stands. A failure is told, and can be run again."""
    if work.find(Key("autopsy", position_id)) is not None:
        return
    position = work.require_position(position_id)
    try:
        work.record(perform(_input(work, position)))
    except DomainError as error:
        work.alert(
            AlertKind.AUTOPSY_FAILED, f"the autopsy of position {position_id} failed: {error}", key=position_id,
            position_id=position_id,
        )  # fmt: skip


def _input(work: Work, position: Position) -> AutopsyInput:
    if position.state is not PositionState.CLOSED or position.opened_at is None or position.ended_at is None:
        raise Refused(RefusalReason.WRONG_STATE, "position_id", "the position is not closed", "Wait until it is")
    last = position.fills.last_exit
    signal = signal_of(work, position.signal_id) if position.signal_id is not None else None
    terms = position.terms
    return AutopsyInput(
        position_id=position.position_id, signal_id=position.signal_id, strategy_id=position.strategy_id,
        pair=terms.pair, side=terms.side, setup_type=None if signal is None else signal.setup_type,
        entry_price=terms.entry_price, stop_price=terms.stop_price, target_price=terms.target_price,
        average_entry_price=position.fills.average_entry_price, average_exit_price=position.fills.average_exit_price,
        pnl=realised_pnl(position.fills, terms.side, position.money_rule) or ZERO,
        equity=None if work.state.account is None else work.state.account.equity, opened_at=position.opened_at,
        closed_at=position.ended_at if last is None else last.executed_at, exit_reason=position.exit_reason,
        evidence={} if signal is None else signal.evidence,
        evidence_hash=None if position.binding is None else position.binding.bundle_hash, shadow=False,
    )  # fmt: skip
