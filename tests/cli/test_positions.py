"""`phoenix positions`: what people and programs are shown, what is asked for, and what is refused."""

from __future__ import annotations

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.instants import parse_instant
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import WHY, Hands, impatient
from tests.runtime.processes import serving

NOBODY = "00000000"


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    return Hands(impatient(home), phoenix)


def test_nothing_is_told_as_nothing(phoenix: Phoenix) -> None:
    assert phoenix("positions").out.startswith("No position.")
    assert phoenix("positions", "list", "--json").document["positions"] == []
    assert phoenix("positions", "adopt").out == "Nothing waits for adoption.\n"


def test_a_position_is_listed_with_what_it_holds_and_what_that_is_worth(hands: Hands) -> None:
    position_id = hands.enter()
    (told,) = hands.done("positions")["positions"]
    assert (told["position_id"], told["state"], told["side"]) == (position_id, "MANAGED", "LONG")
    assert (told["filled_quantity"], told["requested_quantity"], told["partial_fill_ratio"]) == (
        "333000",
        "333000",
        "1",
    )
    assert (told["protection"], told["average_entry_price"]) == ("EXACT", "1.2701")
    assert (told["unrealised_pnl"], told["marked_to"]["bid"], told["realised_pnl"]) == ("-33.3", "1.27", None)
    screen = hands("positions").out
    for shown in (position_id[:13], "MANAGED", "333,000", "100 %", "1.27010", "-33.30", "EXACT", "s ago"):
        assert shown in screen, shown
    assert all(len(line) <= 100 for line in screen.splitlines())


def test_ended_positions_are_listed_when_asked_for(hands: Hands) -> None:
    position_id = hands.enter()
    hands.close(position_id)
    assert hands.done("positions")["positions"] == []
    (told,) = hands.done("positions", "--all")["positions"]
    assert (told["state"], told["realised_pnl"], told["exit_reason"]) == ("CLOSED", "-33.3", "MANUAL")
    assert "CLOSED" in hands("positions", "list", "--all").out


def test_without_a_quote_the_open_profit_is_unknown_and_never_zero(hands: Hands) -> None:
    hands.enter()
    hands.home.status.unlink()
    (told,) = hands.done("positions")["positions"]
    assert (told["unrealised_pnl"], told["marked_to"]) == (None, None)
    assert "unknown" in hands("positions").out


def test_one_screen_has_every_order_with_the_brokers_ids_and_its_last_word(hands: Hands) -> None:
    position_id = hands.enter()
    told = hands.position(position_id[:13])
    assert [order["role"] for order in told["orders"]] == ["ENTRY", "TAKE_PROFIT", "STOP_LOSS"]
    assert {order["last_word"]["event"] for order in told["orders"]} == {"STATUS"}
    (execution,) = told["executions"]
    screen = hands("positions", "show", position_id).out
    shown = [
        execution["execution_id"],
        *(order[name] for order in told["orders"] for name in ("client_order_id", "permanent_id")),
    ]
    for name in shown:
        assert name in screen
    assert f"phoenix positions close {position_id[:13]}" in screen
    assert all(len(line) <= 100 for line in screen.splitlines())


def test_an_exit_that_waits_is_on_the_screen_with_the_commands_that_decide_it(hands: Hands) -> None:
    position_id = hands.enter()
    intent_id = hands.done("positions", "close", position_id, "--quantity", "1000")["intent_id"]
    screen = hands("positions", "show", position_id).out
    assert f"phoenix approve {intent_id[:13]}" in screen
    assert f"phoenix pass {intent_id[:13]}" in screen
    assert hands.ways(position_id) == {"APPROVE", "PASS", "CLOSE", "PROTECT"}


def test_the_story_is_told_bead_by_bead_with_what_was_decided(hands: Hands) -> None:
    position_id = hands.enter()
    hands.done("positions", "close", position_id, *WHY)
    beads = hands.done("positions", "history", position_id)["beads"]
    told = [bead["told"] for bead in beads]
    assert [bead["seq"] for bead in beads] == sorted(bead["seq"] for bead in beads)
    assert all(parse_instant(bead["recorded_at"]) for bead in beads)
    assert told[0].startswith("proposed: LONG 333000 GBPUSD MARKET")
    assert any(line.startswith("decided: APPROVE [") for line in told)
    assert any(line.startswith("executed of the ENTRY: BUY 333000 GBPUSD @ 1.2701") for line in told)
    assert any("FILLED -> MANAGED (its stop works)" in line for line in told)
    assert any("decided: CLOSE: looked at the broker's terminal" in line for line in told)
    assert "FILLED -> MANAGED" in hands("positions", "history", position_id).out


def test_part_of_a_position_is_closed(hands: Hands) -> None:
    position_id = hands.enter()
    assert hands.close(position_id, "--quantity", "33000") == ExitCode.OK
    assert (hands.state(position_id), hands.position(position_id)["open_quantity"]) == ("MANAGED", "300000")
    assert hands.concerns(position_id) == {"UNPROTECTED"}


@pytest.mark.parametrize(
    ("options", "field"),
    [
        (("close", "--quantity", "1e9"), "quantity"),
        (("close", "--quantity", "-1"), "quantity"),
        (("close", "--quantity", "999999999"), "quantity"),
        (("protect", "--stop", "much"), "stop_price"),
        (("protect", "--stop", "1.123456"), "stop_price"),
        (("protect", "--stop", "1.28", "--target", "1.26"), "stop_price"),
    ],
)
def test_numbers_that_cannot_be_are_refused(hands: Hands, options: tuple[str, ...], field: str) -> None:
    position_id = hands.enter()
    called = hands("positions", options[0], position_id, *options[1:], "--json")
    assert (called.code, called.document["refusal"]["field"]) == (ExitCode.REFUSED, field)
    assert hands.done("pending")["pending"] == []


def test_wrong_input_is_refused_before_anything_is_recorded(phoenix: Phoenix) -> None:
    for arguments in (
        ("show", NOBODY), ("history", NOBODY), ("cancel", NOBODY), ("close", NOBODY),
        ("protect", NOBODY, "--stop", "1"), ("settle", NOBODY, "--absent", *WHY), ("adopt", NOBODY),
    ):  # fmt: skip
        called = phoenix("positions", *arguments)
        assert called.code == ExitCode.REFUSED, arguments
        assert "NOT_FOUND" in called.err
    for wrong in (
        ("settle", NOBODY, *WHY), ("settle", NOBODY, "--absent", "--permanent-id", "1", *WHY),
        ("settle", NOBODY, "--absent"), ("protect", NOBODY), ("close", NOBODY, "--nonsense"),
    ):  # fmt: skip
        assert phoenix("positions", *wrong).code == ExitCode.USAGE, wrong
    assert phoenix("positions", "show", "--json", NOBODY).document["error"]["reason"] == "NOT_FOUND"


def test_settling_shows_what_is_known_of_the_order_before_it_is_decided(hands: Hands) -> None:
    hands.fault("lose", role="ENTRY")
    position_id = hands.enter()
    hands.look()
    settled = hands("positions", "settle", position_id, "--absent", *WHY)
    question, word, books, said = settled.out.splitlines()[:4]
    assert question.startswith("In question: ENTRY BUY 333000 GBPUSD as PX")
    assert word == "Last word: none, ever"
    assert "last read in full" in books
    assert said.startswith("attested")


def test_settling_what_is_not_in_question_is_refused(hands: Hands) -> None:
    position_id = hands.enter()
    settled = hands("positions", "settle", position_id, "--absent", *WHY)
    assert settled.code == ExitCode.REFUSED
    assert "No order of position" in settled.out


def test_beside_an_executor_the_same_commands_ask_it(hands: Hands) -> None:
    with serving(hands.home):
        position_id = hands.enter_limit()
        assert hands.state(position_id) == "SUBMITTED"
        assert hands.done("positions", "cancel", position_id)["settled"]
        assert hands.state(position_id) == "CANCELLED"
        second = hands.enter()
        assert hands.close(second) == ExitCode.OK
        assert hands.state(second) == "CLOSED"
