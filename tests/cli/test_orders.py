"""`phoenix orders`, `fills`, `account` and `quote`: what the broker told, how long ago, and what it did not tell."""

from __future__ import annotations

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import Hands, impatient


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    return Hands(impatient(home), phoenix)


def test_before_the_first_word_of_the_broker_the_account_is_unknown(phoenix: Phoenix) -> None:
    told = phoenix("account")
    assert "unknown" in told.out
    assert "0.00" not in told.out
    document = phoenix("account", "--json").document
    assert document["known"] is False
    assert "equity" not in document


def test_the_account_is_shown_with_its_age(hands: Hands) -> None:
    hands.done("simulate-signal")
    document = hands.done("account")
    assert (document["equity"], document["currency"], document["account"]) == ("100000", "USD", "SIM0001")
    assert int(document["age_s"]) >= 0
    screen = hands("account").out
    assert "100,000.00" in screen
    assert "s ago" in screen


def test_orders_that_can_still_act_are_listed_and_ended_ones_when_asked_for(hands: Hands) -> None:
    position_id = hands.enter()
    live = hands.done("orders")["orders"]
    assert {(order["role"], order["status"]) for order in live} == {
        ("STOP_LOSS", "WORKING"),
        ("TAKE_PROFIT", "WORKING"),
    }
    assert {order["position_id"] for order in live} == {position_id}
    assert {order["role"] for order in hands.done("orders", "--all")["orders"]} == {"ENTRY", "STOP_LOSS", "TAKE_PROFIT"}
    screen = hands("orders").out
    for order in live:
        assert order["client_order_id"] in screen
        assert order["permanent_id"] in screen
    assert all(len(line) <= 100 for line in screen.splitlines())


def test_executions_are_listed_with_their_price_and_order(hands: Hands) -> None:
    assert "No execution" in hands("fills").out
    position_id = hands.enter()
    (fill,) = hands.done("fills")["executions"]
    assert (fill["event"], fill["position_id"], fill["role"]) == ("BOOKED", position_id, "ENTRY")
    assert (fill["quantity"], fill["price"], fill["commission"]) == ("333000", "1.2701", None)
    screen = hands("fills").out
    assert fill["execution_id"] in screen
    assert "1.27010" in screen


def test_every_configured_pair_is_quoted_without_naming_any(hands: Hands) -> None:
    assert list(hands.done("quote")["quotes"]) == ["GBPUSD"]
    quote = hands.done("quote", "gbpusd")["quotes"]["GBPUSD"]
    assert (quote["bid"], quote["ask"]) == ("1.27", "1.2701")
    assert "1.27000  1.27010  0.00010" in hands("quote").out


def test_a_pair_that_is_not_configured_is_refused(phoenix: Phoenix) -> None:
    called = phoenix("quote", "XXXYYY")
    assert called.code == ExitCode.REFUSED
    assert "Configured: GBPUSD" in called.err


def test_a_quote_that_is_not_known_says_why_and_leaves_with_a_code(hands: Hands) -> None:
    hands.fault("query_unanswered", query="QUOTE")
    called = hands("quote", "--json")
    assert called.code == ExitCode.BROKER_UNREACHABLE
    assert called.document["quotes"]["GBPUSD"]["unknown"]
