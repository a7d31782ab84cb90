"""The whole: a signal comes in, a human approves it, and a proven, closed position comes out, on a real file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from phoenix.adapters.store.sqlite import SqliteStore
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.trading import AutopsyPayload, PositionPayload
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.evolve_position import fold_position
from phoenix.domain.vocabulary import ExitReason, PositionState, Protection, Severity, TokenEvent
from phoenix.history_check import HistoryBead, check_history
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.store import BeadStore, Fold
from phoenix.rehearsal.signals import signal_document
from phoenix.rehearsal.world import World

STAGES = ["PROPOSED", "APPROVED", "SUBMITTED", "FILLED", "MANAGED", "CLOSED"]


def test_a_signal_becomes_an_approved_proven_and_closed_position(tmp_path: Path) -> None:
    path = tmp_path / "phoenix.db"
    world = World(store_factory=lambda fold, office: SqliteStore.create(path, fold, office))
    world.register()

    document = signal_document(at=world.now)
    outcome = world.ingest(document)
    assert outcome.intent_id is not None
    assert outcome.position_id is not None
    assert world.ingest(document).intent_id == outcome.intent_id, "the same signal again answers its first outcome"
    assert world.ledger("ORDER_RECEIVED") == [], "nothing is sent before a human has approved it"

    world.wait(30)
    world.approve(outcome.intent_id)
    world.wait(1)
    managed = world.position(outcome.position_id)
    assert managed.state is PositionState.MANAGED
    assert managed.protection is Protection.EXACT
    assert managed.open_quantity == managed.terms.quantity > 0

    world.price("1.26210")
    world.wait(60)
    require_proven_end(world, outcome.intent_id, outcome.position_id)

    state, beads = world.state, world.beads
    world.container.store().close()
    reopened = SqliteStore.open(path, Fold(EMPTY, evolve), ClaimOffice())
    try:
        assert reopened.view().state == state
        assert [sealed.bead for sealed in reopened.read()] == beads
        assert fold_position(reopened.view().lookup.story(outcome.position_id)) == position_told_by(
            beads, outcome.position_id
        )
        require_verified(reopened, world.ledger())
    finally:
        reopened.close()


def require_proven_end(world: World, intent_id: str, position_id: str) -> None:
    """The position is closed at its target, every step of it is in the chain, and the chain and history hold."""
    moves = [payload for payload in world.payloads(PositionPayload) if payload.position_id == position_id]
    states = [payload.state.value for payload in moves if payload.state is not payload.previous_state]
    assert states == STAGES
    assert moves[-1].open_quantity == 0
    assert moves[-1].exit_reason is ExitReason.TAKE_PROFIT
    assert [token.event for token in world.tokens(intent_id)] == [TokenEvent.ISSUED, TokenEvent.USED]
    [autopsy] = world.payloads(AutopsyPayload)
    assert autopsy.outcome == "WIN"
    assert autopsy.pnl == moves[-1].realised_pnl
    assert [alert for alert in world.raised() if alert.severity is Severity.CRITICAL] == []
    entries = [record for record in world.ledger("ORDER_RECEIVED") if record["parent_reference"] is None]
    assert len(entries) == 1
    assert world.broker.engine.ledger.holdings() == {}
    assert not world.state.positions
    require_verified(world.container.store(), world.ledger())
    report = world.history()
    assert report.ok, report.text()


def require_verified(store: BeadStore[Any], ledger: list[dict[str, Any]]) -> None:
    """The chain is whole, byte for byte, and the history that it tells keeps every promise."""
    verification = store.verify()
    assert verification.ok, verification.problem
    sealed = list(store.read())
    assert verification.checked == len(sealed) == verification.head.seq
    beads = [HistoryBead(bead.seq, bead.prev_hash, bead.bead_hash, bead.body) for bead in sealed]
    report = check_history(beads, ledger, settled=True)
    assert report.ok, report.text()
    kinds = {bead.bead.payload.bead_type for bead in sealed}
    assert kinds >= {
        BeadType.SIGNAL, BeadType.STATE_ANCHOR, BeadType.INTENT, BeadType.EVIDENCE, BeadType.DECISION,
        BeadType.T2_TOKEN, BeadType.ORDER, BeadType.EXECUTION, BeadType.POSITION, BeadType.AUTOPSY,
    }  # fmt: skip


def position_told_by(beads: list[Any], position_id: str) -> object:
    """The position as its beads in memory tell it."""
    return fold_position(bead for bead in beads if getattr(bead.payload, "position_id", None) == position_id)
