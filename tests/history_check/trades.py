"""One trade after another, from its signal to its close, as a careful core and an honest broker would record it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.history_check.histories import (
    ACCOUNT,
    HUMAN,
    Draft,
    History,
    alert,
    digest,
    drift,
    instant,
    net_mismatch,
    opened_session,
    resolution,
    run,
)

ENTRY, STOP, TARGET = "1.5", "1.49", "1.52"
QUANTITY = "10000"


@dataclass
class Trade:
    """The long trade number `number` of a history, recorded step by step from `at` on."""

    history: History
    number: int = 1
    at: float = 0
    account: str = ACCOUNT
    proof: str = "SIMULATED"
    state: str | None = None
    filled: str = "0"
    open: str = "0"
    protection: str = "NONE"
    delay: float = 2

    @property
    def sent_at(self) -> float:
        return self.at + self.delay

    @property
    def position_id(self) -> str:
        return f"position-{self.number}"

    @property
    def intent_id(self) -> str:
        return f"intent-{self.number}"

    @property
    def token_id(self) -> str:
        return f"token-{self.number}"

    def reference(self, suffix: str) -> str:
        return f"PX{self.number:026d}-{suffix}"

    # --- beads ----------------------------------------------------------------------------------------------------

    def signal(self) -> Draft:
        evidence = {"quality": {"score": "0.75"}}
        document = {
            "cse_version": "1.0", "signal_id": f"signal-{self.number}", "timestamp": instant(self.at),
            "strategy_id": "fvg", "source": "CSO", "pair": "GBPUSD", "setup_type": "FVG", "confidence": "0.75",
            "parameters": {"entry": ENTRY, "stop": STOP, "target": TARGET}, "evidence": evidence,
            "evidence_hash": digest(evidence),
            "state_anchor": {"captured_at": instant(self.at), "regime": "NORMAL", "components": {}},
        }  # fmt: skip
        return self.history.add(
            "SIGNAL", self.at, signal_id=f"signal-{self.number}", strategy_id="fvg", pair="GBPUSD",
            content_hash=digest(document), document=document,
        )  # fmt: skip

    def intent(self) -> Draft:
        entry = {
            "account": self.account, "pair": "GBPUSD", "side": "LONG", "quantity": QUANTITY, "order_type": "MARKET",
            "time_in_force": "DAY", "entry_price": ENTRY, "stop_price": STOP, "target_price": TARGET,
        }  # fmt: skip
        return self.history.add(
            "INTENT", self.at, intent_id=self.intent_id, kind="ENTRY", position_id=self.position_id,
            signal_id=f"signal-{self.number}", strategy_id="fvg", pair="GBPUSD", side="LONG", maximum_quantity=None,
            lapses_at=None, origin="SIGNAL", entry=entry, money_rule={"conversion": "NONE", "rate": "1"},
        )  # fmt: skip

    def legs(self) -> list[dict[str, Any]]:
        common: dict[str, Any] = {"quantity": QUANTITY, "limit_price": None, "stop_price": None}
        number = str(3 * self.number)
        return [
            {**common, "role": "ENTRY", "action": "BUY", "order_type": "MARKET", "time_in_force": "DAY",
             "reference": self.reference("E"), "session_order_id": number},
            {**common, "role": "TAKE_PROFIT", "action": "SELL", "order_type": "LIMIT", "time_in_force": "GTC",
             "limit_price": TARGET, "reference": self.reference("T"), "session_order_id": number},
            {**common, "role": "STOP_LOSS", "action": "SELL", "order_type": "STOP", "time_in_force": "GTC",
             "stop_price": STOP, "reference": self.reference("S"), "session_order_id": number},
        ]  # fmt: skip

    def plan(self, legs: list[dict[str, Any]], group: str) -> tuple[dict[str, Any], str]:
        """A plan and its order hash."""
        terms = [{name: leg[name] for name in leg if name not in ("reference", "session_order_id")} for leg in legs]
        order_hash = digest({"account": self.account, "pair": "GBPUSD", "legs": terms})
        return {"order_group_id": group, "account": self.account, "pair": "GBPUSD", "legs": legs}, order_hash

    def bundle(self) -> dict[str, Any]:
        return {"intent_id": self.intent_id, "order": {"quantity": QUANTITY, "account": self.account}}

    def evidence(self) -> Draft:
        _, order_hash = self.plan(self.legs(), "")
        return self.history.add(
            "EVIDENCE", self.at, intent_id=self.intent_id, position_id=self.position_id, bundle=self.bundle(),
            bundle_hash=digest(self.bundle()), order_hash=order_hash, anchor_captured_at=instant(self.at),
            anchor_regime="NORMAL", anchor_components={}, state_hash="00", stale_at=instant(self.at + 900),
        )  # fmt: skip

    def position(self, state: str, trigger: str, at: float, **changes: Any) -> Draft:
        payload: dict[str, Any] = {
            "position_id": self.position_id, "intent_id": self.intent_id, "signal_id": f"signal-{self.number}",
            "token_id": None, "permanent_id": None, "strategy_id": "fvg", "account": self.account, "pair": "GBPUSD",
            "side": "LONG", "state": state, "previous_state": self.state, "trigger": trigger, "entry_price": ENTRY,
            "stop_price": STOP, "target_price": TARGET, "average_entry_price": None, "average_exit_price": None,
            "requested_quantity": QUANTITY, "filled_quantity": self.filled, "partial_fill_ratio": "0",
            "open_quantity": self.open, "protection": self.protection, "realised_pnl": None, "exit_reason": None,
            "detail": None, "adopted_from": None, **changes,
        }  # fmt: skip
        self.state = state
        return self.history.add("POSITION", at, **payload)

    def decision(self, at: float, kind: str = "APPROVE", subject_id: str | None = None, **changes: Any) -> Draft:
        payload: dict[str, Any] = {
            "decision_id": f"{kind.lower()}-{subject_id or self.intent_id}", "kind": kind,
            "subject_id": subject_id or self.intent_id, "evidence_hash": digest(self.bundle()), "reason": None,
            "detail": None, "proof": {"kind": self.proof}, **changes,
        }  # fmt: skip
        return self.history.add("DECISION", at, signer=HUMAN, **payload)

    def token(self, event: str, at: float, **changes: Any) -> Draft:
        issued = event == "ISSUED"
        payload: dict[str, Any] = {
            "token_id": self.token_id, "intent_id": self.intent_id, "position_id": self.position_id, "event": event,
            "reason": None, "evidence_hash": digest(self.bundle()), "issued_at": instant(self.at + 1),
            "expires_at": instant(self.at + 301), "final": event == "REJECTED",
            "secret_hash": f"secret-{self.number}" if issued else None, "approver": "ada" if issued else None,
            "decision_id": f"approve-{self.intent_id}" if issued else None, **changes,
        }  # fmt: skip
        return self.history.add("T2_TOKEN", at, **payload)

    def order(self, event: str, at: float, suffix: str | None = None, **changes: Any) -> Draft:
        roles = {"E": "ENTRY", "S": "STOP_LOSS", "T": "TAKE_PROFIT", "X": "EXIT"}
        payload: dict[str, Any] = {
            "event": event, "order_group_id": f"group-{self.number}", "intent_id": None, "intent_kind": None,
            "position_id": self.position_id, "client_order_id": None if suffix is None else self.reference(suffix),
            "role": None if suffix is None else roles[suffix], "plan": None, "order_hash": None, "token_id": None,
            "session_order_id": None, "permanent_id": None if suffix is None else f"{self.number}{suffix}",
            "status": None, "filled_quantity": None, "remaining_quantity": None, "code": None, "reason": None,
            **changes,
        }  # fmt: skip
        return self.history.add("ORDER", at, **payload)

    def prepared(self, at: float) -> Draft:
        plan, order_hash = self.plan(self.legs(), f"group-{self.number}")
        return self.order(
            "PREPARED", at, intent_id=self.intent_id, intent_kind="ENTRY", plan=plan, order_hash=order_hash,
            token_id=self.token_id,
        )  # fmt: skip

    def execution(
        self, suffix: str, at: float, quantity: str = QUANTITY, price: str = ENTRY, event: str = "BOOKED", nth: int = 1,
        revision: int = 1, **changes: Any,
    ) -> Draft:  # fmt: skip
        stem = f"{self.number}.{suffix}{nth}"
        payload: dict[str, Any] = {
            "event": event, "execution_id": f"{stem}.{revision:02d}", "stem": stem, "revision": str(revision),
            "client_order_id": self.reference(suffix), "permanent_id": f"{self.number}{suffix}",
            "position_id": self.position_id,
            "role": {"E": "ENTRY", "S": "STOP_LOSS", "T": "TAKE_PROFIT", "X": "EXIT"}[suffix], "account": self.account,
            "pair": "GBPUSD", "action": "BUY" if suffix == "E" else "SELL", "quantity": quantity, "price": price,
            "executed_at": instant(at), "commission": None, "commission_currency": None, **changes,
        }  # fmt: skip
        return self.history.add("EXECUTION", at, **payload)

    # --- the broker's side ----------------------------------------------------------------------------------------

    def received(self, at: float, legs: list[dict[str, Any]] | None = None) -> None:
        for leg in self.legs() if legs is None else legs:
            terms = {name: value for name, value in leg.items() if name != "role"}
            permanent_id = f"{self.number}{leg['reference'][-1]}"
            self.history.book(
                "ORDER_RECEIVED", at, **terms, permanent_id=permanent_id, account=self.account, pair="GBPUSD",
                parent_reference=None, oca_group=None,
            )  # fmt: skip

    def made(
        self, suffix: str, at: float, quantity: str = QUANTITY, price: str = ENTRY, nth: int = 1, revision: int = 1,
        kind: str = "EXECUTION",
    ) -> dict[str, Any]:  # fmt: skip
        return self.history.book(
            kind, at, execution_id=f"{self.number}.{suffix}{nth}.{revision:02d}", reference=self.reference(suffix),
            permanent_id=f"{self.number}{suffix}", action="BUY" if suffix == "E" else "SELL", quantity=quantity,
            price=price,
        )  # fmt: skip

    # --- steps ----------------------------------------------------------------------------------------------------

    def proposed(self) -> Trade:
        self.signal()
        self.intent()
        self.evidence()
        self.position("PROPOSED", "INTENT_ACCEPTED", self.at)
        return self

    def approved(self) -> Trade:
        self.proposed()
        self.decision(self.at + 1)
        self.token("ISSUED", self.at + 1)
        self.position("APPROVED", "TOKEN_ISSUED", self.at + 1)
        return self

    def submitted(self) -> Trade:
        self.approved()
        self.token("USED", self.sent_at)
        self.prepared(self.sent_at)
        self.position("SUBMITTED", "ATTEMPT_RECORDED", self.sent_at)
        self.received(self.sent_at)
        return self

    def acknowledged(self) -> Trade:
        self.submitted()
        for suffix in "ETS":
            self.order("ACKNOWLEDGED", self.sent_at + 1, suffix, status="WORKING" if suffix == "E" else "HELD")
        return self

    def managed(self) -> Trade:
        self.acknowledged()
        self.made("E", self.sent_at + 2)
        self.filled = self.open = QUANTITY
        self.execution("E", self.sent_at + 2)
        self.position("FILLED", "EXECUTION", self.sent_at + 2)
        self.order("STATUS", self.sent_at + 3, "T", status="WORKING", filled_quantity="0", remaining_quantity=QUANTITY)
        self.order("STATUS", self.sent_at + 3, "S", status="WORKING", filled_quantity="0", remaining_quantity=QUANTITY)
        self.protection = "EXACT"
        self.position("MANAGED", "PROTECTION_EXACT", self.sent_at + 3)
        return self

    def closed(self, delay: float = 2) -> Trade:
        """The target fills and its sibling is cancelled. The order is sent `delay` seconds behind the signal."""
        self.delay = delay
        self.managed()
        end = self.at + 400
        self.made("T", end, price=TARGET)
        self.history.book("CANCELLED", end, reference=self.reference("S"), permanent_id=f"{self.number}S")
        self.open, self.protection = "0", "NONE"
        self.execution("T", end, price=TARGET)
        self.position("MANAGED", "EXECUTION", end)
        self.order("CANCELLED", end, "S", status="CANCELLED")
        self.position("CLOSED", "EXIT_COMPLETED", end, exit_reason="TAKE_PROFIT")
        return self

    def corrected(self, at: float, quantity: str = "9000", **changes: Any) -> Trade:
        """The broker holds less than Phoenix, and a human takes its word; one bead after the other."""
        nets = {"phoenix_state": {"net": self.open}, "broker_state": {"net": quantity}, "key": "net:GBPUSD"}
        run(self.history, at, "DRIFT", net_mismatch(at - 40, self.open, quantity))
        found = drift(self.history, at, self.position_id, **nets)
        alert(self.history, at, "DRIFT_FOUND", self.position_id)
        self.decision(at + 40, "RESOLVE", found.bead_id, decision_id="resolve")
        change = str(int(quantity) - int(self.open))
        corrects: dict[str, Any] = {
            "decision_id": "resolve", "pair": "GBPUSD", "quantity": change, "unattributed": "0", **changes,
        }  # fmt: skip
        resolution(self.history, at + 40, found.bead_id, "PHOENIX_CORRECTED", **corrects)
        self.open, self.protection = quantity, "OVER"
        self.position("MANAGED", "ADJUSTED", at + 40, adjusted=change, decision_id="resolve").signer = HUMAN
        return self

    def exit_asked(self, at: float, maximum: str = QUANTITY) -> None:
        """A human's wish to close, its evidence, the approval and its token."""
        intent_id, bundle = f"exit-{self.number}", {"exit": self.position_id}
        self.history.add(
            "INTENT", at, intent_id=intent_id, kind="EXIT", position_id=self.position_id, signal_id=None,
            strategy_id="fvg", pair="GBPUSD", side="LONG", maximum_quantity=maximum, lapses_at=None, origin="CLOSE",
        )  # fmt: skip
        self.history.add(
            "EVIDENCE", at, intent_id=intent_id, position_id=self.position_id, bundle=bundle,
            bundle_hash=digest(bundle), order_hash=None, anchor_captured_at=None, anchor_regime=None,
            anchor_components={}, state_hash=None, stale_at=None,
        )  # fmt: skip
        self.decision(at, subject_id=intent_id, evidence_hash=digest(bundle))
        self.exit_token("ISSUED", at, at)

    def exit_token(self, event: str, at: float, issued_at: float, **changes: Any) -> Draft:
        issued, fields = event == "ISSUED", {"decision_id": f"approve-exit-{self.number}"}
        return self.token(
            event, at, token_id=f"exit-token-{self.number}", intent_id=f"exit-{self.number}",
            evidence_hash=digest({"exit": self.position_id}), issued_at=instant(issued_at),
            expires_at=instant(issued_at + 300), **(fields if issued else {}), **changes,
        )  # fmt: skip

    def exit_sent(self, at: float, issued_at: float, quantity: str = QUANTITY) -> Draft:
        """The protective orders were cancelled; what is open goes to the market."""
        leg = {
            "role": "EXIT", "action": "SELL", "order_type": "MARKET", "quantity": quantity, "time_in_force": "DAY",
            "reference": self.reference("X"), "session_order_id": "99", "limit_price": None, "stop_price": None,
        }  # fmt: skip
        plan, order_hash = self.plan([leg], f"exit-group-{self.number}")
        self.exit_token("USED", at, issued_at)
        self.received(at, [leg])
        return self.order(
            "PREPARED", at, order_group_id=f"exit-group-{self.number}", intent_id=f"exit-{self.number}",
            intent_kind="EXIT", plan=plan, order_hash=order_hash, token_id=f"exit-token-{self.number}",
        )  # fmt: skip

    def cancels(self, at: float) -> None:
        """Both protective orders are cancelled on request and confirm it."""
        for suffix in "TS":
            self.order("CANCEL_REQUESTED", at, suffix)
            self.history.book("CANCEL_RECEIVED", at, reference=self.reference(suffix))
        for suffix in "TS":
            self.history.book("CANCELLED", at + 1, reference=self.reference(suffix))
            self.order("CANCELLED", at + 1, suffix, status="CANCELLED")

    def exited(self) -> Trade:
        """Closed by hand."""
        self.managed()
        at = self.at + 100
        self.exit_asked(at)
        self.cancels(at + 1)
        self.exit_sent(at + 2, at)
        self.order("ACKNOWLEDGED", at + 3, "X", order_group_id=f"exit-group-{self.number}", status="WORKING")
        self.made("X", at + 3)
        self.open, self.protection = "0", "NONE"
        self.execution("X", at + 3)
        self.position("MANAGED", "EXECUTION", at + 3)
        self.position("CLOSED", "EXIT_COMPLETED", at + 3, exit_reason="MANUAL")
        return self

    def stalled(self) -> Trade:
        """60 s of silence, an alert, and a late acknowledgement."""
        self.submitted()
        self.position("STALLED", "SILENCE", self.at + 62)
        alert(self.history, self.at + 62, "POSITION_STALLED", self.position_id)
        self.order("ACKNOWLEDGED", self.at + 80, "E", status="WORKING")
        self.position("SUBMITTED", "BROKER_ACKNOWLEDGED", self.at + 80)
        return self

    def rejected(self) -> Trade:
        self.submitted()
        self.history.book("REJECTED", self.at + 3, reference=self.reference("E"))
        self.order("REJECTED", self.at + 3, "E", status="REJECTED")
        self.position("REJECTED", "BROKER_REJECTED", self.at + 3)
        return self


def one_trade() -> tuple[History, Trade]:
    """The happy path: a session, and one trade from its signal to its target."""
    history = opened()
    return history, Trade(history, at=10).closed()


def opened() -> History:
    history = History()
    opened_session(history, 0)
    return history


def beats(history: History, at: float) -> Draft:
    """A sign of life of the executor."""
    return history.add("HEARTBEAT", at, verdict="HEALTHY", checks={})


def adopted_order(action: str = "BUY") -> History:
    """An order of nobody's that the books show, and that a human adopted as one to buy."""
    history = opened()
    made = Trade(history, at=10)
    stated = {"pair": "GBPUSD", "action": action, "quantity": QUANTITY, "price": ENTRY}
    made.order("UNMATCHED", 11, order_group_id="", position_id=None, permanent_id="777", stated=stated)
    made.decision(12, "ADOPT", subject_id="777")
    plan, _ = made.plan([{**made.legs()[0], "reference": "ADOPTED-777"}], "group-1")
    made.order("BOUND", 12, intent_id=made.intent_id, intent_kind="ENTRY", permanent_id="777", plan=plan)
    made.position("SUBMITTED", "ORDER_ADOPTED", 12, adopted_from="777", signal_id=None)
    return history


def adopted_execution(filled: str = QUANTITY) -> History:
    """An execution of nobody's, adopted by a human."""
    history = opened()
    made = Trade(history, at=10, filled=filled, open=filled)
    made.execution(
        "E", 11, event="PARKED", position_id=None, client_order_id=None, role=None, permanent_id="777",
        execution_id="F1.01", stem="F1",
    )  # fmt: skip
    made.decision(12, "ADOPT", subject_id="F1.01")
    made.position(
        "FILLED", "HOLDING_ADOPTED", 12, adopted_from="F1.01", adopted_execution_id="F1.01", signal_id=None
    )  # fmt: skip
    alert(history, 13, "POSITION_UNPROTECTED", made.position_id)
    return history
