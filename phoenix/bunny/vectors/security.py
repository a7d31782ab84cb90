"""Wave 10, as far as it needs no web and no assistant's server: what is altered, malformed, leaked or rewritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any

import orjson

from phoenix.bunny.registry import vector
from phoenix.bunny.stage import Stage
from phoenix.domain.beads.setup import EvidencePayload, RefusalPayload
from phoenix.domain.vocabulary import PositionState, RefusalReason
from phoenix.rehearsal.other_process import append_as_another_process
from phoenix.rehearsal.signals import signal_document
from phoenix.rehearsal.stores import created_file

TEN_MEGABYTES = 10 * 2**20


@vector("CV_ORDER_ALTERED")
def order_altered(stage: Stage) -> None:
    entry = stage.approved()
    frozen = stage.bead(EvidencePayload, intent_id=entry.intent_id)
    is_order = stage.luck.chance()
    stage.remark(f"another {'order' if is_order else 'bundle'} hash was frozen behind the approval")
    forged = replace(frozen, order_hash="0" * 64) if is_order else replace(frozen, bundle_hash="0" * 64)
    append_as_another_process(stage.world, forged)
    stage.refused(RefusalReason.TOKEN, lambda: stage.show(entry.shown, entry.intent_id))
    stage.bead(RefusalPayload, reason=RefusalReason.TOKEN, intent_id=entry.intent_id)
    stage.require_orders(0)


@vector("CV_BAD_JSON")
def bad_json(stage: Stage) -> None:
    document = signal_document(at=stage.world.now)
    for name, spoil in _SPOILERS.items():
        before = len(stage.world.beads)
        outcome = stage.world.ingest(spoil(document))
        stage.require(outcome.refusal is not None, f"{name} was let through")
        stage.require(bool(outcome.refusal and outcome.refusal.field), f"{name} was refused without naming a field")
        written = [bead.payload.bead_type.value for bead in stage.world.beads[before:]]
        stage.require(written == ["REFUSAL"], f"{name} left {written}")
        stage.bead(RefusalPayload, reason=RefusalReason.MALFORMED)
    stage.remark(", ".join(_SPOILERS))


@vector("CV_SECRET_IN_LOGS")
def secret_in_beads(stage: Stage) -> None:
    entry = stage.approved()
    secret = entry.shown.secret
    stage.show(entry.shown, entry.intent_id)
    stage.let_settle()
    bodies = b"".join(sealed.body for sealed in stage.world.container.store().read())
    texts = [bodies.decode(), stage.world.broker.engine.ledger.to_json_lines(), str(stage.world.alerts.__dict__),
             repr(stage.world.state)]  # fmt: skip
    stage.require(not any(secret in text for text in texts), "the token's secret is in beads, ledger, alerts or state")
    stage.remark("looked for the token's secret in beads, folded state, ledger and alerts")
    stage.require_state(entry, PositionState.MANAGED)


@vector("CV_SQL_UPDATE")
def beads_rewritten(stage: Stage) -> None:
    path = stage.folder() / "phoenix.db"
    stage.open(store_factory=created_file(path))
    stage.held()
    seq = stage.luck.seconds(1, len(stage.world.beads))
    for statement in ("UPDATE beads SET body = x'7b7d' WHERE seq = ?", "DELETE FROM beads WHERE seq = ?"):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            stage.stopped(sqlite3.IntegrityError, lambda: connection.execute(statement, (seq,)))  # noqa: B023
    stage.remark(f"bead {seq} could neither be changed nor removed")
    found = stage.world.container.store().verify()
    stage.require(found.ok, f"the chain is broken at bead {found.first_bad_seq}")


def _text(document: Mapping[str, Any]) -> str:
    return orjson.dumps(document).decode()


_SPOILERS: Mapping[str, Callable[[dict[str, Any]], bytes]] = {
    "NaN": lambda document: _text(document).replace('"0.81"', "NaN", 1).encode(),
    "duplicate keys": lambda document: _text(document).replace("{", '{"cse_version":"1.0",', 1).encode(),
    "2^53+1": lambda document: _text(document).replace('"0.81"', str(2**53 + 1), 1).encode(),
    "10 MB": lambda document: orjson.dumps({**document, "setup_type": "x" * TEN_MEGABYTES}),
    "deep nesting": lambda document: _text(document).replace('"0.81"', "[" * 5000 + "]" * 5000, 1).encode(),
}
