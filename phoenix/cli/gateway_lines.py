"""What a running gateway simulator says: lines for people, or one JSON document to a line for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from phoenix.cli.plain import json_safe, plain

if TYPE_CHECKING:
    from phoenix.adapters.simulation.ledger import LedgerRecord
    from phoenix.runtime.process.gateway import GatewayReady

_HEAD = ("seq", "at", "kind")


class PeopleLines:
    """Where it listens; then an instant, and what happened, on one line."""

    def ready(self, ready: GatewayReady) -> None:
        time = f"told time, {ready.now}" if ready.is_time_told else "real time"
        _print(
            f"ready: {ready.account} at {ready.host}:{ready.port}, control port {ready.control_port}, {time}; simulated"
        )

    def record(self, record: LedgerRecord) -> None:
        said = record.as_json()
        details = " ".join(f"{name}={value}" for name, value in said.items() if name not in _HEAD and value is not None)
        _print(plain(f"{said['at']} {said['kind']} {details}"))


class ProgramLines:
    """Every line is a JSON document: `ready`, or a record of the ledger."""

    def ready(self, ready: GatewayReady) -> None:
        _print(json_safe(json.dumps({"ready": ready.document()})))

    def record(self, record: LedgerRecord) -> None:
        _print(json_safe(json.dumps({"record": record.as_json()}, ensure_ascii=False)))


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
