"""GATE_S32_4 beside a running executor: the broker's book is changed by hand, which is found, told, shown, and settled
by a human; nothing is corrected by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import WHY, Hands, impatient
from tests.runtime.processes import serving, until

DETECTED_WITHIN_S = 60


class ByHand(NamedTuple):
    """What a hand does to the book, what that is called, and how it is settled and undone."""

    key: str
    drift_type: str
    statement: str
    resolution: str


CHANGES = {
    "holding": ByHand(
        "net:GBPUSD", "POSITION_SIZE", "UPDATE holdings SET quantity = quantity - 30000", "PHOENIX_CORRECTED"
    ),
    "order": ByHand(
        "order:", "ORDER_STATUS", "UPDATE orders SET status = 'CANCELLED' WHERE role = 'TAKE_PROFIT'",
        "PHOENIX_CORRECTED",
    ),
    "fill": ByHand(
        "order:", "POSITION_SIZE", "UPDATE orders SET filled = filled - 1000 WHERE role = 'ENTRY'", "ACKNOWLEDGED"
    ),
    "foreign order": ByHand(
        "order:", "ORDER_STATUS",
        "INSERT INTO orders (pair, action, order_type, quantity, limit_price) "
        "VALUES ('GBPUSD', 'BUY', 'LIMIT', 5000, 1.2)", "ACKNOWLEDGED",
    ),
}  # fmt: skip


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    """Books are compared every two seconds, and nothing is given time to settle."""
    file = impatient(home).directory / "phoenix.toml"
    file.write_text(f"{file.read_text()}\n[reconciliation]\nsettling_s = 0\ninterval_s = 2\n")
    return Hands(Home.open(home.directory), phoenix)


def told(hands: Hands, kind: str) -> list[dict[str, Any]]:
    """The alerts of a kind in the alert file."""
    file = hands.home.directory / "alerts.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return [alert for alert in map(json.loads, lines) if alert["kind"] == kind]


def received(hands: Hands) -> int:
    """How many orders and cancels Phoenix has sent, as the broker's ledger has it."""
    ((count,),) = hands.at_broker("SELECT count(*) FROM ledger WHERE kind IN ('ORDER_RECEIVED', 'CANCEL_RECEIVED')")
    return int(count)


def entering(hands: Hands) -> Callable[[], bool]:
    """Whether an entry passes; one that does not is passed on."""

    def passes() -> bool:
        intent_id = str(hands.done("simulate-signal")["signals"][0]["intent_id"])
        if hands.approve(intent_id) != ExitCode.REFUSED:
            return True
        hands.done("pass", intent_id)
        return False

    return passes


@pytest.mark.parametrize("change", CHANGES)
def test_a_book_changed_by_hand_is_found_told_and_settled_by_a_human(hands: Hands, change: str) -> None:
    by_hand = CHANGES[change]
    with serving(hands.home):
        position_id = hands.enter()
        passes, before = entering(hands), received(hands)
        began = datetime.now(UTC)
        hands.at_broker(by_hand.statement)
        until(lambda: bool(told(hands, "DRIFT_FOUND")))
        (alert,) = told(hands, "DRIFT_FOUND")
        assert (alert["severity"], alert["runbook"]) == ("CRITICAL", "RB-002")
        assert (datetime.now(UTC) - began).total_seconds() <= DETECTED_WITHIN_S
        (drift,) = hands.done("drift", "list")["drifts"]
        assert drift["key"].startswith(by_hand.key)
        assert drift["type"] == by_hand.drift_type
        assert hands("reconcile").code == ExitCode.DRIFT
        until(lambda: hands("status").code == ExitCode.DRIFT)
        assert received(hands) == before
        assert not passes()
        hands.done("drift", "resolve", drift["drift_bead_id"], "--as", by_hand.resolution, *WHY)
        until(lambda: hands("reconcile").code == ExitCode.OK)
        assert received(hands) == before
        assert passes()
        for open_one in hands.done("positions", "list")["positions"]:
            assert hands.close(open_one["position_id"]) == ExitCode.OK
        assert hands.state(position_id) == "CLOSED"
    hands.tidy()
    assert hands("beads", "verify", "--history").code == ExitCode.OK
    hands.proven()


def test_a_profit_changed_by_hand_is_a_warning_and_closes_nothing(hands: Hands) -> None:
    with serving(hands.home):
        hands("reconcile", "--now")
        hands.at_broker("UPDATE account SET realised = realised + 700")
        until(lambda: bool(told(hands, "PNL_DRIFT")))
        (drift,) = hands.done("drift", "list")["drifts"]
        assert (drift["type"], drift["severity"]) == ("PNL", "WARNING")
        assert entering(hands)()
        hands.done("drift", "resolve", drift["drift_bead_id"], "--as", "ACKNOWLEDGED", *WHY)
        until(lambda: hands("reconcile").code == ExitCode.OK)
