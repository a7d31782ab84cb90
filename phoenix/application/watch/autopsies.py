"""What an autopsy is given, from the beads of a position's story, and what it leaves. It never touches the position."""

from __future__ import annotations

from phoenix.application.alerts import AlertKind
from phoenix.application.signals.proposals import signal_of
from phoenix.application.work import Work
from phoenix.domain.autopsy import AutopsyInput
from phoenix.domain.beads.catalogue import Key
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.numbers import ZERO
from phoenix.domain.position import Position
from phoenix.domain.profit import realised_pnl
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import PositionState, RefusalReason


def closed_position(work: Work, position_id: str) -> AutopsyInput | None:
    """What there is to examine of a closed position; None once it was. Raises Refused for one that is not closed."""
    if work.find(Key("autopsy", position_id)) is not None:
        return None
    return _input(work, work.require_position(position_id))


def record_autopsy(work: Work, autopsy: AutopsyPayload) -> None:
    """Write the AUTOPSY bead of a closed position, shadow or not; the first one stands."""
    if work.find(Key("autopsy", autopsy.position_id)) is None:
        work.record(autopsy)


def record_failed_autopsy(work: Work, position_id: str, reason: str) -> None:
    """Tell that an autopsy failed. The position stays as it is, and the autopsy can be run again."""
    is_real = work.position(position_id) is not None
    work.alert(
        AlertKind.AUTOPSY_FAILED, f"the autopsy of position {position_id} failed: {reason}", key=position_id,
        position_id=position_id if is_real else None,
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
