"""Every kind of difference between the books has a human way out at the command line, and the history is clean behind
it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.vocabulary import Resolution
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import WHY, Hands
from tests.cli.test_drift import at_once, holding, reconciled

EVERY_WAY = [resolution.value for resolution in Resolution]


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    return Hands(at_once(home), phoenix)


def drifts(hands: Hands) -> dict[str, dict[str, Any]]:
    """What differs, by its key."""
    return {drift["key"]: drift for drift in reconciled(hands)["drifts"]}


def resolve(hands: Hands, drift: dict[str, Any], how: str, *options: str) -> None:
    hands.done("drift", "resolve", drift["drift_bead_id"], "--as", how, *options, *WHY)


def close_what_is_open(hands: Hands, position_id: str) -> None:
    if hands.position(position_id)["state"] in ("FILLED", "MANAGED"):
        hands.close(position_id)


def entering(hands: Hands) -> int:
    """How an entry fares now: the code of its approval. What was refused is passed on."""
    intent_id = str(hands.done("simulate-signal")["signals"][0]["intent_id"])
    code = hands.approve(intent_id)
    if code == ExitCode.REFUSED:
        hands.done("pass", intent_id)
    return code


# --- nets -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", EVERY_WAY)
def test_a_holding_that_the_broker_has_more_of(hands: Hands, how: str) -> None:
    position_id = hands.enter()
    holding(hands, "1000")
    (drift,) = drifts(hands).values()
    assert (drift["key"], drift["type"], drift["origin"]) == ("net:GBPUSD", "POSITION_SIZE", "EXTERNAL")
    assert entering(hands) == ExitCode.REFUSED
    if how == "BROKER_CORRECTED":
        holding(hands, "-1000")
        hands.look()
    resolve(hands, drift, how)
    assert reconciled(hands)["verdict"] == "HEALTHY"
    assert entering(hands) == ExitCode.OK
    for position in hands.done("positions", "list")["positions"]:
        close_what_is_open(hands, position["position_id"])
    assert hands.state(position_id) == "CLOSED"
    hands.proven()


def test_a_position_that_the_broker_does_not_have_at_all(hands: Hands) -> None:
    position_id = hands.enter()
    held = hands.position(position_id)["open_quantity"]
    hands.at_broker("DELETE FROM holdings")
    hands.at_broker("UPDATE orders SET status = 'CANCELLED' WHERE role IN ('STOP_LOSS', 'TAKE_PROFIT')")
    found = drifts(hands)
    assert found["net:GBPUSD"]["type"] == "POSITION_COUNT"
    assert hands.done("drift", "show", found["net:GBPUSD"]["drift_bead_id"])["resolutions"]["PHOENIX_CORRECTED"][
        "positions"
    ][0]["open_before"] == held  # fmt: skip
    resolve(hands, found["net:GBPUSD"], "PHOENIX_CORRECTED")
    for drift in drifts(hands).values():
        resolve(hands, drift, "PHOENIX_CORRECTED")
    assert hands.state(position_id) == "CLOSED"
    assert reconciled(hands)["verdict"] == "HEALTHY"
    hands.proven()


def test_a_holding_of_nobodys_is_adopted_by_its_drift_and_closed(hands: Hands) -> None:
    holding(hands, "5000")
    (drift,) = drifts(hands).values()
    assert (drift["type"], drift["origin"]) == ("POSITION_COUNT", "EXTERNAL")
    (waiting,) = hands.adoptable()
    assert (waiting["kind"], waiting["name"], waiting["quantity"]) == ("HOLDING", drift["drift_bead_id"], "5000")
    assert "--entry PRICE" in hands("positions", "adopt").out
    options = ("--strategy", "manual", "--entry", "1.27", "--stop", "1.265", "--target", "1.28")
    assert hands("positions", "adopt", waiting["name"][:13], *options[:2]).code == ExitCode.USAGE
    adopter = str(hands.done("positions", "adopt", waiting["name"][:13], *options, *WHY)["position_id"])
    assert hands.adoptable() == []
    assert hands.done("drift", "show", drift["drift_bead_id"])["resolutions"]["PHOENIX_CORRECTED"]["changes_nothing"]
    resolve(hands, drift, "PHOENIX_CORRECTED")
    assert reconciled(hands)["verdict"] == "HEALTHY"
    assert hands.close(adopter) == ExitCode.OK
    hands.proven()


def test_a_holding_of_nobodys_may_be_borne_by_nobody(hands: Hands) -> None:
    holding(hands, "5000")
    (drift,) = drifts(hands).values()
    resolve(hands, drift, "PHOENIX_CORRECTED", "--position", "NONE")
    assert reconciled(hands)["adjustments"] == {"GBPUSD": "5000"}
    hands.proven()


# --- orders ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", EVERY_WAY)
def test_a_stop_that_is_gone_from_the_brokers_book(hands: Hands, how: str) -> None:
    position_id = hands.enter()
    row = hands.at_broker("SELECT sequence, status FROM orders WHERE role = 'STOP_LOSS'")
    hands.at_broker("UPDATE orders SET status = 'CANCELLED' WHERE role = 'STOP_LOSS'")
    reconciled(hands)
    found = drifts(hands)
    for drift in found.values():
        assert drift["type"] == "ORDER_STATUS"
        assert drift["position_id"] == position_id
        if how == "BROKER_CORRECTED":
            hands.at_broker("UPDATE orders SET status = ? WHERE sequence = ?", row[0][1], row[0][0])
        resolve(hands, drift, how)
    if "UNPROTECTED" in hands.concerns(position_id):
        hands.protect(position_id, "--stop", "1.26500", "--target", "1.28000")
    close_what_is_open(hands, position_id)
    for drift in drifts(hands).values():
        resolve(hands, drift, "ACKNOWLEDGED")
    hands.tidy()
    hands.proven()


def test_an_order_that_the_broker_lost(hands: Hands) -> None:
    position_id = hands.enter()
    hands.at_broker("DELETE FROM orders WHERE role = 'TAKE_PROFIT'")
    reconciled(hands)
    for drift in drifts(hands).values():
        resolve(hands, drift, "PHOENIX_CORRECTED")
    while "ORDER?" in hands.concerns(position_id):
        hands.done("positions", "settle", position_id, "--absent", *WHY)
    assert reconciled(hands)["verdict"] == "HEALTHY"
    close_what_is_open(hands, position_id)
    hands.tidy()
    hands.proven()


@pytest.mark.parametrize("how", EVERY_WAY)
def test_a_fill_ratio_that_the_broker_states_otherwise(hands: Hands, how: str) -> None:
    position_id = hands.enter()
    ((filled,),) = hands.at_broker("SELECT filled FROM orders WHERE role = 'ENTRY'")
    less = str(Decimal(filled) - 1000)
    hands.at_broker("UPDATE orders SET filled = ? WHERE role = 'ENTRY'", less)
    found = drifts(hands)
    (drift,) = [drift for key, drift in found.items() if key.startswith("order:")]
    assert drift["type"] == "POSITION_SIZE"
    assert drift["position_id"] == position_id
    if how == "BROKER_CORRECTED":
        hands.at_broker("UPDATE orders SET filled = ? WHERE role = 'ENTRY'", str(filled))
        hands.look()
    resolve(hands, drift, how)
    for left in drifts(hands).values():
        resolve(hands, left, "ACKNOWLEDGED" if how == "ACKNOWLEDGED" else "PHOENIX_CORRECTED")
    assert reconciled(hands)["verdict"] == "HEALTHY"
    close_what_is_open(hands, position_id)
    hands.tidy()
    hands.proven()


# --- profit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", EVERY_WAY)
def test_a_profit_that_the_broker_states_otherwise(hands: Hands, how: str) -> None:
    reconciled(hands)
    hands.at_broker("UPDATE account SET realised = realised + 700")
    (drift,) = drifts(hands).values()
    assert (drift["key"], drift["type"], drift["severity"]) == ("pnl", "PNL", "WARNING")
    assert entering(hands) == ExitCode.OK
    resolve(hands, drift, how)
    assert reconciled(hands)["verdict"] == "HEALTHY"
    hands.proven()


# --- what is nobody's -----------------------------------------------------------------------------------------------


def test_an_order_of_nobodys_is_set_aside_for_good(hands: Hands) -> None:
    hands.at_broker(
        "INSERT INTO orders (pair, action, order_type, quantity, limit_price) "
        "VALUES ('GBPUSD', 'BUY', 'LIMIT', 5000, 1.2)"
    )
    (drift,) = drifts(hands).values()
    assert (drift["type"], drift["origin"]) == ("ORDER_STATUS", "EXTERNAL")
    (order,) = hands.done("drift", "list")["unclaimed"]
    resolve(hands, drift, "ACKNOWLEDGED")
    assert hands.done("drift", "list")["unclaimed"] == []
    assert hands.adoptable() == []
    assert reconciled(hands)["verdict"] == "HEALTHY"
    hands.at_broker("UPDATE orders SET status = 'CANCELLED' WHERE reference IS NULL OR reference = ''")
    hands.look()
    assert reconciled(hands)["verdict"] == "HEALTHY"
    assert order["name"] not in hands("positions", "adopt").out
    hands.proven()


def test_an_order_of_nobodys_that_has_ended_is_set_aside(hands: Hands) -> None:
    hands.at_broker(
        "INSERT INTO orders (pair, action, order_type, quantity, limit_price) "
        "VALUES ('GBPUSD', 'BUY', 'LIMIT', 5000, 1.2)"
    )
    hands.look()
    hands.at_broker("UPDATE orders SET status = 'CANCELLED'")
    hands.look()
    (order,) = hands.done("drift", "list")["unclaimed"]
    hands.done("drift", "resolve", order["name"], "--as", "ACKNOWLEDGED", *WHY)
    assert hands.adoptable() == []
    hands.look()
    assert hands.adoptable() == []
    hands.tidy()
    hands.proven()


def test_executions_of_nobodys_are_set_aside(hands: Hands) -> None:
    for action in ("BUY", "SELL"):
        hands.fault(
            "foreign_order", at="2020-01-01T00:00:00Z", pair="GBPUSD", action=action, order_type="MARKET",
            quantity="5000",
        )  # fmt: skip
    hands.look()
    assert hands("status").code == ExitCode.DRIFT
    unclaimed = hands.done("drift", "list")["unclaimed"]
    assert {found["kind"] for found in unclaimed} == {"EXECUTION", "ORDER"}
    for found in unclaimed:
        hands.done("drift", "resolve", found["name"], "--as", "ACKNOWLEDGED", *WHY)
    assert hands.done("drift", "list")["unclaimed"] == []
    assert reconciled(hands)["verdict"] == "HEALTHY"
    assert hands("status").code == ExitCode.OK
    hands.proven()


# --- what the broker itself contradicted ----------------------------------------------------------------------------


@pytest.mark.parametrize("how", EVERY_WAY)
def test_a_drift_that_came_of_the_brokers_own_contradiction(hands: Hands, how: str) -> None:
    hands.fault("bust", role="ENTRY", after_s=0.01)
    position_id = hands.enter()
    hands.look()
    found = [drift for drift in hands.done("drift", "list")["drifts"] if not drift["key"]]
    assert found
    shown = hands.done("drift", "show", found[0]["drift_bead_id"])
    assert all(way["changes_nothing"] for way in shown["resolutions"].values())
    for drift in found:
        resolve(hands, drift, how)
    for drift in drifts(hands).values():
        resolve(hands, drift, "PHOENIX_CORRECTED")
    if "PART-FILLED" in hands.concerns(position_id) or "LEFT OVER" in hands.concerns(position_id):
        hands.done("positions", "cancel", position_id)
    hands.tidy()
    assert reconciled(hands)["verdict"] == "HEALTHY"
