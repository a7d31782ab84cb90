"""Every dead end of the lifecycle has a human way out at the command line, and the history is clean behind it."""

from __future__ import annotations

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import WHY, Hands, impatient


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    return Hands(impatient(home), phoenix)


# --- nobody knows whether the broker has the order --------------------------------------------------------------------


def test_an_entry_that_the_broker_never_had_is_attested_absent(hands: Hands) -> None:
    hands.fault("lose", role="ENTRY")
    position_id = hands.enter()
    hands.look()
    assert hands.state(position_id) == "STALLED"
    assert "STALLED" in hands.concerns(position_id)
    assert hands.ways(position_id) >= {"ATTEST_ABSENT", "BIND"}
    assert hands.done("positions", "settle", position_id, "--absent", *WHY)["state"] == "CANCELLED"
    hands.proven()


def test_an_entry_that_the_broker_has_without_our_name_is_bound_to_its_permanent_id(hands: Hands) -> None:
    hands.fault("unheard")
    position_id = hands.enter_limit()
    hands.at_broker("UPDATE orders SET reference = NULL, client_id = 0")
    hands.healed()
    hands.look()
    assert hands.state(position_id) == "STALLED"
    for role in ("ENTRY", "TAKE_PROFIT", "STOP_LOSS"):
        ((permanent_id,),) = hands.at_broker("SELECT permanent_id FROM orders WHERE role = ?", role)
        told = hands.done("positions", "settle", position_id, "--permanent-id", str(permanent_id), *WHY)
        assert told["question"]["order"]["role"] == role
    assert hands.state(position_id) == "SUBMITTED"
    assert hands("positions", "cancel", position_id).code == ExitCode.NOT_YET_KNOWN
    hands.at_broker("UPDATE orders SET status = 'CANCELLED'")
    hands.look()
    assert hands.state(position_id) == "CANCELLED"
    hands.proven()


def test_children_that_the_broker_never_had_are_attested_absent_behind_a_cancelled_entry(hands: Hands) -> None:
    hands.fault("lose", role="STOP_LOSS")
    hands.fault("lose", role="TAKE_PROFIT")
    position_id = hands.enter_limit()
    hands.done("positions", "cancel", position_id)
    hands.look()
    assert hands.state(position_id) == "CANCELLED"
    assert "ORDER?" in hands.concerns(position_id)
    hands.done("positions", "settle", position_id, "--absent", *WHY)
    assert hands.concerns(position_id) == set()
    hands.proven()


def test_an_order_that_turns_up_after_it_was_attested_absent_is_cancelled(hands: Hands) -> None:
    hands.fault("lose")
    position_id = hands.enter_limit()
    hands.look()
    hands.done("positions", "settle", position_id, "--absent", *WHY)
    hands.healed()
    reference = hands.order(position_id, "ENTRY")["client_order_id"]
    hands.at_broker(
        "INSERT INTO orders (reference, pair, action, order_type, quantity, limit_price) "
        "VALUES (?, 'GBPUSD', 'BUY', 'LIMIT', 333000, 1.2)", reference,
    )  # fmt: skip
    hands.look()
    (halted,) = hands.done("halt")["resting_entries"]
    assert (halted["position_id"], halted["status"]) == (position_id, "WORKING")
    assert "LEFT OVER" in hands.concerns(position_id)
    hands.done("positions", "cancel", position_id)
    while "ORDER?" in hands.concerns(position_id):
        hands.done("positions", "settle", position_id, "--absent", *WHY)
    hands.tidy()
    hands.proven()


def test_a_fill_that_no_execution_bears_out_is_attested_absent(hands: Hands) -> None:
    position_id = hands.enter_limit()
    hands.at_broker("UPDATE orders SET filled = quantity, status = 'FILLED' WHERE role = 'ENTRY'")
    hands.look()
    assert hands.state(position_id) == "STALLED"
    assert "FILL?" in hands.concerns(position_id)
    hands.done("positions", "settle", position_id, "--absent", *WHY)
    assert hands.state(position_id) == "CANCELLED"
    if "LEFT OVER" in hands.concerns(position_id):
        hands.done("positions", "cancel", position_id)
    hands.tidy()
    hands.proven()


# --- part-filled, unprotected, an exit that hangs ---------------------------------------------------------------------


def test_the_rest_of_a_part_filled_entry_is_cancelled_and_what_filled_is_closed(hands: Hands) -> None:
    hands.fault("partial", role="ENTRY", ratio="0.4")
    position_id = hands.enter()
    assert hands.concerns(position_id) == {"UNPROTECTED", "PART-FILLED"}
    assert hands.ways(position_id) == {"CANCEL", "CLOSE", "PROTECT"}
    hands.done("positions", "cancel", position_id)
    assert hands.state(position_id) == "MANAGED"
    assert hands.concerns(position_id) == set()
    assert hands.close(position_id) == ExitCode.OK
    assert hands.state(position_id) == "CLOSED"
    hands.proven()


def test_an_unprotected_position_gets_a_new_stop(hands: Hands) -> None:
    hands.fault("reject", role="STOP_LOSS", nth=1)
    position_id = hands.enter()
    assert hands.concerns(position_id) == {"UNPROTECTED"}
    assert "UNPROTECTED" in hands("positions").out
    assert hands.protect(position_id, "--stop", "1.26500", "--target", "1.28000") == ExitCode.OK
    assert (hands.state(position_id), hands.position(position_id)["protection"]) == ("MANAGED", "EXACT")
    hands.close(position_id)
    hands.proven()


def test_an_exit_that_the_broker_never_had_is_attested_absent_and_asked_for_anew(hands: Hands) -> None:
    hands.fault("lose", role="EXIT", nth=1)
    position_id = hands.enter()
    assert hands.close(position_id) == ExitCode.NOT_YET_KNOWN
    assert "CLOSE" not in hands.ways(position_id)
    assert "ORDER?" in hands.concerns(position_id)
    hands.done("positions", "settle", position_id, "--absent", *WHY)
    assert hands.close(position_id) == ExitCode.OK
    assert hands.state(position_id) == "CLOSED"
    hands.proven()


def test_an_exit_that_rests_is_cancelled_and_asked_for_anew(hands: Hands) -> None:
    hands.fault("never_fill", role="EXIT", nth=1)
    position_id = hands.enter()
    hands.close(position_id)
    assert "EXIT RESTS" in hands.concerns(position_id)
    hands.done("positions", "cancel", position_id)
    assert hands.close(position_id) == ExitCode.OK
    hands.proven()


def test_an_exit_whose_cancels_are_ignored_is_withdrawn_and_follows_the_brokers_own_terminal(hands: Hands) -> None:
    hands.fault("ignore_cancel", role="STOP_LOSS")
    position_id = hands.enter()
    assert hands.close(position_id) == ExitCode.NOT_YET_KNOWN
    (action,) = hands.position(position_id)["actions"]
    assert action["stage"] == "CANCELLING"
    hands.done("withdraw", action["intent_id"])
    hands.at_broker("UPDATE orders SET status = 'CANCELLED' WHERE role = 'STOP_LOSS'")
    hands.look()
    assert hands.close(position_id) == ExitCode.OK
    assert hands.state(position_id) == "CLOSED"
    hands.proven()


# --- what waits for adoption ------------------------------------------------------------------------------------------


def stray(hands: Hands) -> str:
    """A position whose entry was cancelled, and executed in part all the same."""
    hands.fault("fill_after_cancel", role="ENTRY", after_s=0.01, quantity="1000")
    position_id = hands.enter_limit()
    hands.done("positions", "cancel", position_id)
    hands.healed()
    hands.look()
    assert hands.state(position_id) == "CANCELLED"
    return position_id


def adopted(hands: Hands, name: str, *options: str) -> str:
    return str(hands.done("positions", "adopt", name, *options, *WHY)["position_id"])


def test_what_came_after_the_end_is_adopted_protected_and_closed(hands: Hands) -> None:
    former = stray(hands)
    assert hands.concerns(former) == {"STRAY", "UNPROTECTED"}
    (waiting,) = hands.adoptable()
    assert (waiting["kind"], waiting["name"], waiting["quantity"], waiting["side"]) == ("STRAY", former, "1000", "LONG")
    adopter = adopted(hands, former[:13], "--stop", "1.26500", "--target", "1.28000")
    assert hands.adoptable() == []
    assert hands.state(adopter) == "FILLED"
    assert f"phoenix positions show {former[:13]}" not in hands("halt").out
    assert hands.protect(adopter, "--stop", "1.26500", "--target", "1.28000") == ExitCode.OK
    assert hands.state(adopter) == "MANAGED"
    assert hands.close(adopter) == ExitCode.OK
    hands.tidy()
    hands.proven()


def test_the_working_orders_of_an_ended_position_are_cancelled_before_it_is_adopted(hands: Hands) -> None:
    former = stray(hands)
    hands.at_broker("UPDATE orders SET status = 'WORKING', released = quantity WHERE role = 'STOP_LOSS'")
    hands.look()
    refused = hands("positions", "adopt", former, "--stop", "1.265", "--target", "1.28")
    assert refused.code == ExitCode.REFUSED
    assert hands.adoptable()[0]["blocked_by"] == "1 of its orders works at the broker"
    assert "phoenix drift resolve DRIFT --as" in hands("drift", "list").out
    halted = hands("halt").out
    assert f"phoenix positions show {former[:13]}" in halted
    assert f"phoenix positions close {former[:13]}" not in halted
    assert former in {position["position_id"] for position in hands.done("positions", "list")["positions"]}
    assert "CANCEL" in hands.ways(former)
    hands.done("positions", "cancel", former)
    adopter = adopted(hands, former, "--stop", "1.26500", "--target", "1.28000")
    assert hands.close(adopter) == ExitCode.OK
    hands.tidy()
    hands.proven()


def test_what_an_exit_sold_too_much_is_adopted_and_bought_back(hands: Hands) -> None:
    hands.fault("overfill", role="EXIT", extra="1000", nth=1)
    former = hands.enter()
    hands.close(former)
    assert hands.concerns(former) >= {"PAST FLAT"}
    adopter = adopted(hands, former, "--stop", "1.28000", "--target", "1.26000")
    assert hands.position(adopter)["side"] == "SHORT"
    assert hands.close(adopter) == ExitCode.OK
    assert hands.concerns(former) == set()
    hands.tidy()
    hands.proven()


def test_an_execution_of_nobodys_is_adopted_and_closed(hands: Hands) -> None:
    hands.fault(
        "foreign_order", at="2020-01-01T00:00:00Z", pair="GBPUSD", action="BUY", order_type="MARKET", quantity="5000"
    )
    hands.look()
    waiting = {found["kind"]: found for found in hands.adoptable()}
    assert waiting["EXECUTION"]["quantity"] == "5000"
    assert "adopted along with it" in waiting["ORDER"]["text"]
    name = str(waiting["EXECUTION"]["name"])
    lacking = hands("positions", "adopt", name, "--stop", "1.265", "--target", "1.28")
    assert (lacking.code, "--strategy" in lacking.err) == (ExitCode.USAGE, True)
    adopter = adopted(hands, name, "--strategy", "manual", "--stop", "1.26500", "--target", "1.28000")
    assert hands.close(adopter) == ExitCode.OK
    (left,) = hands.adoptable()
    assert left["kind"] == "ORDER"
    assert "was adopted already" in left["text"]
    hands.tidy()
    hands.proven()


ORDER_PLAN = ("--strategy", "manual", "--stop", "1.1", "--target", "1.3")
AS_IT_IS = ("--pair", "GBPUSD", "--side", "long", "--quantity", "5000", "--entry", "1.2")


def order_of_nobodys(hands: Hands) -> str:
    """The permanent id of an order that somebody else placed, and that rests."""
    hands.at_broker(
        "INSERT INTO orders (pair, action, order_type, quantity, limit_price) "
        "VALUES ('GBPUSD', 'BUY', 'LIMIT', 5000, 1.2)"
    )
    hands.look()
    (waiting,) = hands.adoptable()
    assert (waiting["kind"], waiting["side"], waiting["quantity"], waiting["price"]) == ("ORDER", "LONG", "5000", "1.2")
    return str(waiting["name"])


def test_an_order_of_nobodys_is_adopted_and_cancelled(hands: Hands) -> None:
    adopter = adopted(hands, order_of_nobodys(hands), *AS_IT_IS, *ORDER_PLAN)
    assert hands.state(adopter) == "SUBMITTED"
    assert hands.adoptable() == []
    hands.done("positions", "cancel", adopter)
    assert hands.state(adopter) == "CANCELLED"
    hands.proven()


def test_an_order_that_is_called_what_it_is_not_is_refused_and_adopted_as_it_is(hands: Hands) -> None:
    name = order_of_nobodys(hands)
    wrong = {"pair": "USDJPY", "side": "short", "quantity": "4000", "entry": "1.21"}
    for option, value in wrong.items():
        refused = hands("positions", "adopt", name, f"--{option}", value, *ORDER_PLAN)
        assert refused.code == ExitCode.REFUSED
        assert "is what the broker reported" in refused.out
    assert hands.done("positions", "list")["positions"] == []
    adopter = adopted(hands, name, *ORDER_PLAN)
    seen = hands.position(adopter)
    assert (seen["side"], seen["requested_quantity"], seen["entry_price"]) == ("LONG", "5000", "1.2")
    hands.done("positions", "cancel", adopter)
    hands.proven()


def test_nothing_is_adopted_while_the_broker_does_not_answer_for_its_books(hands: Hands) -> None:
    name = order_of_nobodys(hands)
    hands.fault("query_unanswered", query="COMPLETED_ORDERS")
    refused = hands("positions", "adopt", name, *ORDER_PLAN)
    assert refused.code == ExitCode.REFUSED
    assert "books were not read" in refused.out
    hands.healed()
    hands.done("positions", "cancel", adopted(hands, name, *ORDER_PLAN))
    hands.proven()


def told_of_contradiction(hands: Hands) -> tuple[int, int]:
    """How many kill flags stand, and how many alerts to a contradiction were ever raised."""
    beads = hands.done("beads", "list", "--type", "ALERT", "--limit", "1000")["beads"]
    told = [bead["payload"] for bead in beads if bead["payload"]["kind"] == "PERMANENT_ID_CONFLICT"]
    raised = [alert for alert in told if alert["event"] == "RAISED"]
    return len(hands.done("kill", "list")["kill_flags"]), len(raised)


@pytest.mark.parametrize("change", ["quantity = 7000", "action = 'SELL'", "pair = 'USDJPY'"])
def test_an_order_that_the_books_show_otherwise_than_it_was_adopted_is_told_once_and_cancelled(
    hands: Hands, change: str
) -> None:
    adopter = adopted(hands, order_of_nobodys(hands), *ORDER_PLAN)
    hands.at_broker(f"UPDATE orders SET {change}")
    for _ in range(3):
        hands.look()
    assert told_of_contradiction(hands) == (1, 1)
    hands.tidy()
    hands.look()
    assert told_of_contradiction(hands) == (0, 1)
    hands.done("positions", "cancel", adopter)
    assert hands.state(adopter) == "CANCELLED"
    hands.proven()


def test_an_order_that_ended_as_another_than_was_adopted_is_attested_absent(hands: Hands) -> None:
    adopter = adopted(hands, order_of_nobodys(hands), *ORDER_PLAN)
    hands.at_broker("UPDATE orders SET quantity = 7000, status = 'CANCELLED'")
    for _ in range(3):
        hands.look()
    assert hands.state(adopter) == "STALLED"
    assert told_of_contradiction(hands) == (1, 1)
    hands.done("positions", "settle", adopter, "--absent", *WHY)
    assert hands.state(adopter) == "CANCELLED"
    hands.look()
    assert told_of_contradiction(hands) == (1, 1)
    hands.tidy()
    hands.proven()


def test_two_permanent_ids_of_one_order_stop_entries_until_a_human_has_looked(hands: Hands) -> None:
    hands.fault("second_permanent_id", role="ENTRY", nth=1)
    position_id = hands.enter()
    hands.look()
    assert hands.done("kill", "list")["kill_flags"]
    assert hands("simulate-signal").code == ExitCode.REFUSED
    assert hands.close(position_id) == ExitCode.OK
    hands.tidy()
    assert hands("simulate-signal").code == ExitCode.OK
    hands.proven()
