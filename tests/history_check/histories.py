"""Hand-made histories: drafts of beads and ledger records that a test changes before they are sealed into a chain."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from phoenix.history_check import HistoryBead, HistoryReport, Status, check_history

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SYSTEM = ("SYSTEM", "phoenix")
HUMAN = ("HUMAN", "ada")
ASSISTANT = ("ASSISTANT", "helper")
ACCOUNT = "SIM0001"


def instant(at: float) -> str:
    return (START + timedelta(seconds=at)).isoformat(timespec="microseconds")[:-6] + "Z"


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: Any) -> str:
    return sha256(canonical(value)).hexdigest()


@dataclass
class Draft:
    """A bead before it has its place."""

    kind: str
    at: float
    payload: dict[str, Any]
    signer: tuple[str, str] = SYSTEM
    bead_id: str = ""


@dataclass
class History:
    """Drafts in order. `sealed` makes the chain, `check` runs the history check on it."""

    drafts: list[Draft] = field(default_factory=list)
    ledger: list[dict[str, Any]] = field(default_factory=list)
    ids: int = 0

    def new_id(self) -> str:
        self.ids += 1
        return f"00000000-0000-4000-8000-{self.ids:012d}"

    def add(self, kind: str, at: float, /, signer: tuple[str, str] = SYSTEM, **payload: Any) -> Draft:
        draft = Draft(kind, at, payload, signer, self.new_id())
        self.drafts.append(draft)
        return draft

    def book(self, kind: str, at: float, **details: Any) -> dict[str, Any]:
        record = {"seq": "", "at": instant(at), "kind": kind, **details}
        self.ledger.append(record)
        return record

    def find(self, kind: str, /, **match: Any) -> Draft:
        """The only draft of a kind with these payload fields."""
        found = self.all(kind, **match)
        assert len(found) == 1, f"{len(found)} drafts of {kind} with {match}"
        return found[0]

    def all(self, kind: str, /, **match: Any) -> list[Draft]:
        return [
            draft for draft in self.drafts
            if draft.kind == kind and all(draft.payload.get(name) == value for name, value in match.items())
        ]  # fmt: skip

    def drop(self, kind: str, /, **match: Any) -> None:
        self.drafts.remove(self.find(kind, **match))

    def move_before(self, draft: Draft, other: Draft) -> None:
        self.drafts.remove(draft)
        self.drafts.insert(self.drafts.index(other), draft)

    def last_to(self, index: int) -> Draft:
        """Move the draft that was added last to an index."""
        draft = self.drafts.pop()
        self.drafts.insert(index, draft)
        return draft

    def booked(self, kind: str, /, **match: Any) -> dict[str, Any]:
        found = [
            record for record in self.ledger
            if record["kind"] == kind and all(record.get(name) == value for name, value in match.items())
        ]  # fmt: skip
        assert len(found) == 1, f"{len(found)} records of {kind} with {match}"
        return found[0]

    def sealed(self) -> list[HistoryBead]:
        return seal(self.drafts)

    def check(self, *, without_ledger: bool = False, **options: Any) -> HistoryReport:
        for place, record in enumerate(self.ledger, start=1):
            record["seq"] = str(place)
        return check_history(self.sealed(), None if without_ledger else self.ledger, **options)


def body_of(draft: Draft, seq: int) -> bytes:
    kind, identity = draft.signer
    return canonical(
        {
            "bead_id": draft.bead_id, "bead_type": draft.kind, "occurred_at": None, "payload": draft.payload,
            "seq": str(seq), "signer": {"identity": identity, "kind": kind}, "timestamp": instant(draft.at),
            "version": "1",
        }
    )  # fmt: skip


def seal(drafts: list[Draft]) -> list[HistoryBead]:
    """The chain of the drafts, genesis first."""
    head, chain = bytes(32), []
    for seq, draft in enumerate(drafts, start=1):
        body = body_of(draft, seq)
        bead_hash = sha256(head + body).digest()
        chain.append(HistoryBead(seq, head, bead_hash, body))
        head = bead_hash
    return chain


def status_of(report: HistoryReport, invariant: str) -> Status:
    return report.verdicts[invariant].status


def opened_session(history: History, at: float, mode: str = "SIMULATOR", account: str = ACCOUNT) -> None:
    """A connect, the books read, and a registered strategy."""
    history.add("CONFIG_CHANGE", at, config_hash="c0", settings={"broker": {"allow_live": False}})
    session(history, at, "CONNECTED", mode, account)
    session(history, at, "RECONCILED", mode, account)
    history.add(
        "STRATEGY", at, signer=HUMAN, strategy_id="fvg", mode="SHADOW", description="gaps", promotion_intent_id=None
    )


def session(history: History, at: float, event: str, mode: str = "SIMULATOR", account: str = ACCOUNT) -> Draft:
    return history.add(
        "BROKER_SESSION", at, event=event, adapter="chaos_mock", account=account, mode=mode,
        next_session_order_id=None, detail="",
    )  # fmt: skip


def alert(
    history: History, at: float, kind: str, position_id: str | None = None, *, severity: str = "CRITICAL",
    runbook: str | None = "RB-001",
) -> Draft:  # fmt: skip
    return history.add(
        "ALERT", at, alert_id=history.new_id(), event="RAISED", severity=severity, kind=kind, dedupe_key=kind,
        message=kind, runbook=runbook, position_id=position_id, intent_id=None,
    )  # fmt: skip


def kill_flag(
    history: History, at: float, flag_id: str, event: str = "SET", *, strategy_id: str | None = None,
    expires_at: str | None = None, signer: tuple[str, str] = SYSTEM, source: str = "SYSTEM",
) -> Draft:  # fmt: skip
    return history.add(
        "KILL_FLAG", at, signer=signer, flag_id=flag_id, event=event, strategy_id=strategy_id, source=source,
        reason="asked to", expires_at=expires_at, intent_id=None, decision_id=None,
    )  # fmt: skip


def refusal(history: History, at: float, reason: str, **about: Any) -> Draft:
    names: dict[str, Any] = {"signal_id": None, "intent_id": None, "position_id": None, "decision_id": None, **about}
    return history.add(
        "REFUSAL", at, subject_kind="INTENT", subject_id="s", reason=reason, field="f", detail="d", remedy="r", **names
    )


def drift(history: History, at: float, position_id: str | None = None, **changes: Any) -> Draft:
    payload: dict[str, Any] = {
        "drift_type": "POSITION_SIZE", "pair": "GBPUSD", "phoenix_state": {}, "broker_state": {}, "origin": "PHOENIX",
        "severity": "CRITICAL", "position_id": position_id, **changes,
    }  # fmt: skip
    return history.add("RECONCILIATION_DRIFT", at, **payload)


def run(history: History, at: float, verdict: str, *mismatches: dict[str, Any]) -> Draft:
    """A comparison of the books, with what stood then."""
    return history.add(
        "RECONCILIATION_RUN", at, trigger="SCHEDULE", verdict=verdict, compared="1", detail="",
        mismatches=list(mismatches),
    )  # fmt: skip


def net_mismatch(since: float, ours: str, theirs: str) -> dict[str, Any]:
    return {
        "key": "net:GBPUSD", "drift_type": "POSITION_SIZE", "pair": "GBPUSD", "phoenix_state": {"net": ours},
        "broker_state": {"net": theirs}, "origin": "PHOENIX", "severity": "CRITICAL", "since": instant(since),
        "position_id": None,
    }  # fmt: skip


def resolution(history: History, at: float, drift_bead_id: str, how: str = "ACKNOWLEDGED", **changes: Any) -> Draft:
    payload: dict[str, Any] = {
        "drift_bead_id": drift_bead_id, "resolution": how, "resolved_by": "ada", "notes": "seen", "decision_id": None,
        **changes,
    }  # fmt: skip
    return history.add("RECONCILIATION_RESOLUTION", at, signer=HUMAN, **payload)


def conflict(history: History, at: float, age_s: str, **about: Any) -> Draft:
    fields: dict[str, Any] = {
        "phase": "SUBMISSION", "intent_id": None, "position_id": None, "signal_id": None, "strategy_id": "fvg",
        "pair": "GBPUSD", "changed": [], "age_s": age_s, "limit_s": "900", "stale": True, "kill_flag_id": None, **about,
    }  # fmt: skip
    return history.add("STATE_CONFLICT", at, **fields)
