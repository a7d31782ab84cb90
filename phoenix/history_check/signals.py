"""Rules of the one signal format: every entry comes from a signal in it (SPEC 3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from phoenix.history_check.records import Bead, decimal, digest, instant
from phoenix.history_check.rules import Context, Rule, Said

SOURCES = frozenset({"CSO", "HUNT_SURVIVOR", "MANUAL"})
REGIMES = frozenset({"NORMAL", "HIGH_VOL", "NEWS"})


def _canonical_signal(_: Context, bead: Bead) -> Said:
    payload = bead.payload
    document = payload.get("document")
    if not isinstance(document, dict):
        yield f"signal {payload['signal_id']} holds no document"
        return
    try:
        yield from _document(payload, document)
    except (KeyError, TypeError, ValueError) as error:
        yield f"signal {payload['signal_id']} is not in the canonical envelope: {error!r}"


def _document(payload: Mapping[str, Any], document: Mapping[str, Any]) -> Said:
    signal_id = payload["signal_id"]
    if digest(document) != payload["content_hash"]:
        yield f"signal {signal_id}: the document does not hash to its content hash"
    if digest(document["evidence"]) != document["evidence_hash"]:
        yield f"signal {signal_id}: the evidence does not hash to its evidence hash"
    for name in ("signal_id", "strategy_id", "pair"):
        if document[name] != payload[name]:
            yield f"signal {signal_id}: the bead's {name} is not the document's"
    if document["cse_version"] != "1.0" or document["source"] not in SOURCES:
        yield f"signal {signal_id}: version {document['cse_version']} from {document['source']} is not canonical"
    if document["state_anchor"]["regime"] not in REGIMES:
        yield f"signal {signal_id}: regime {document['state_anchor']['regime']} is not canonical"
    instant(document["timestamp"])
    entry, stop, target = (decimal(document["parameters"][name]) for name in ("entry", "stop", "target"))
    if not (stop < entry < target or target < entry < stop):
        yield f"signal {signal_id}: stop {stop}, entry {entry}, target {target} lie on no side"


def _from_signal(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    if payload["kind"] != "ENTRY" or payload["origin"] == "ADOPT":
        return
    signal = context.facts.signals.get(payload["signal_id"] or "")
    if signal is None:
        yield f"entry {payload['intent_id']} comes from no recorded signal"
    elif (payload["strategy_id"], payload["pair"]) != (signal.strategy_id, signal.pair):
        yield f"entry {payload['intent_id']} is for another strategy or instrument than its signal"
    elif payload["side"] != signal.side:
        yield f"entry {payload['intent_id']} is {payload['side']}, its signal {signal.side}"


def _planned_as_signalled(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    signal = context.facts.signals.get(payload["signal_id"] or "")
    if payload["trigger"] != "INTENT_ACCEPTED" or signal is None:
        return
    stated = (payload["entry_price"], payload["stop_price"], payload["target_price"])
    if stated != signal.levels:
        planned, signalled = _levels(stated), _levels(signal.levels)
        yield f"position {payload['position_id']} is planned at {planned}, its signal at {signalled}"


def _levels(levels: tuple[Decimal | None, ...]) -> str:
    return "/".join("-" if level is None else str(level) for level in levels)


CSE = Rule("INV-CSE-1", before={"SIGNAL": _canonical_signal, "INTENT": _from_signal, "POSITION": _planned_as_signalled})
