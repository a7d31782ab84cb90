"""`phoenix drift` and `phoenix reconcile`: both sides next to each other, and what a resolution changes before it is
done."""

from __future__ import annotations

from typing import Any

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import RefusalReason, Resolution, SignerKind
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.hands import WHY, Hands, impatient


@pytest.fixture
def hands(home: Home, phoenix: Phoenix) -> Hands:
    return Hands(at_once(home), phoenix)


def at_once(home: Home) -> Home:
    """Nothing is given time to settle."""
    file = impatient(home).directory / "phoenix.toml"
    file.write_text(f"{file.read_text()}\n[reconciliation]\nsettling_s = 0\n")
    return Home.open(home.directory)


def reconciled(hands: Hands) -> dict[str, Any]:
    """What a comparison comes to, once the second look has decided."""
    hands("reconcile", "--now", "--json")
    document: dict[str, Any] = hands("reconcile", "--now", "--json").document
    return document


def the_drift(hands: Hands) -> dict[str, Any]:
    (drift,) = reconciled(hands)["drifts"]
    shown: dict[str, Any] = drift
    return shown


def holding(hands: Hands, quantity: str) -> None:
    """Something of which Phoenix does not know comes to be held at the broker."""
    hands.fault("foreign_holding", at="2020-01-01T00:00:00Z", pair="GBPUSD", quantity=quantity, price="1.26")


def test_books_that_agree_are_healthy_with_their_age(hands: Hands) -> None:
    called = hands("reconcile", "--now")
    assert called.code == ExitCode.OK
    assert called.out.startswith("HEALTHY: the books agree\ncompared  ")
    assert "ago)" in called.out
    document = hands("reconcile", "--json").document
    assert (document["verdict"], document["exit_code"]) == ("HEALTHY", 0)
    assert document["looked_at"] is not None
    assert "asked" not in document


def test_without_now_nothing_is_asked_of_the_broker(hands: Hands) -> None:
    before = hands.done("reconcile")["looked_at"]
    holding(hands, "5000")
    assert hands.done("reconcile")["looked_at"] == before


def test_a_drift_is_shown_with_both_sides_next_to_each_other(hands: Hands) -> None:
    position_id = hands.enter()
    held = hands.position(position_id)["open_quantity"]
    holding(hands, "-1000")
    reconciled(hands)
    called = hands("reconcile")
    assert called.code == ExitCode.DRIFT
    ours, theirs = f"net {held}", f"net {int(held) - 1000}"
    (line,) = [line for line in called.out.splitlines() if "POSITION_SIZE" in line]
    assert line.index(ours) < line.index(theirs)
    listed = hands("drift", "list").out
    (line,) = [line for line in listed.splitlines() if "POSITION_SIZE" in line]
    assert line.index(ours) < line.index(theirs)
    assert "phoenix drift resolve" in listed


def test_what_is_stalled_comes_first(hands: Hands) -> None:
    hands.fault("lose", role="ENTRY")
    position_id = hands.enter()
    holding(hands, "5000")
    hands.look()
    document = reconciled(hands)
    assert [stalled["position_id"] for stalled in document["stalled"]] == [position_id]
    out = hands("reconcile").out
    assert "STALLED" in out
    assert out.index("Nobody knows") < out.index("POSITION_")


def test_books_that_the_broker_does_not_tell_are_unknown(hands: Hands) -> None:
    hands.fault("query_unanswered", query="HOLDINGS")
    called = hands("reconcile", "--now")
    assert called.code == ExitCode.BROKER_UNREACHABLE
    assert called.out.startswith("UNKNOWN: ")
    assert "agree" not in called.out


def test_a_drift_shows_what_each_resolution_would_change(hands: Hands) -> None:
    position_id = hands.enter()
    held = int(hands.position(position_id)["open_quantity"])
    holding(hands, "-1000")
    drift = the_drift(hands)
    shown = hands.done("drift", "show", drift["drift_bead_id"][:13])
    assert shown["position"]["position_id"] == position_id
    assert (shown["phoenix"]["net"], shown["broker"]["net"]) == (str(held), str(held - 1000))
    corrected = shown["resolutions"]["PHOENIX_CORRECTED"]
    assert (corrected["net_before"], corrected["net_after"]) == (str(held), str(held - 1000))
    (change,) = corrected["positions"]
    assert (change["position_id"], change["open_after"]) == (position_id, str(held - 1000))
    assert shown["resolutions"]["BROKER_CORRECTED"]["changes_nothing"]
    assert shown["resolutions"]["ACKNOWLEDGED"]["changes_nothing"]
    text = hands("drift", "show", drift["drift_bead_id"]).out
    assert f"open {held:,} -> {held - 1000:,}" in text
    assert "changes nothing in Phoenix's book" in text


def test_a_resolution_says_what_it_changes_and_then_does_just_that(hands: Hands) -> None:
    position_id = hands.enter()
    held = int(hands.position(position_id)["open_quantity"])
    holding(hands, "-1000")
    drift_id = the_drift(hands)["drift_bead_id"]
    command = ("drift", "resolve", drift_id, "--as", "PHOENIX_CORRECTED", *WHY)
    tried = hands(*command, "--dry-run")
    assert tried.code == ExitCode.OK
    assert f"open {held:,} -> {held - 1000:,}" in tried.out
    assert hands.position(position_id)["open_quantity"] == str(held)
    assert hands.done("drift", "list")["drifts"]
    done = hands.done(*command)
    assert done["correction"]["positions"][0]["open_after"] == str(held - 1000)
    assert hands.position(position_id)["open_quantity"] == str(held - 1000)
    assert reconciled(hands)["verdict"] == "HEALTHY"


@pytest.mark.parametrize("how", ["BROKER_CORRECTED", "ACKNOWLEDGED"])
def test_the_other_resolutions_change_nothing(hands: Hands, how: str) -> None:
    position_id = hands.enter()
    held = hands.position(position_id)["open_quantity"]
    holding(hands, "-1000")
    drift_id = the_drift(hands)["drift_bead_id"]
    called = hands("drift", "resolve", drift_id, "--as", how, *WHY)
    assert called.out.startswith("changes nothing in Phoenix's book\nresolved")
    assert hands.position(position_id)["open_quantity"] == held
    expected = {"BROKER_CORRECTED": "DRIFT", "ACKNOWLEDGED": "HEALTHY"}
    assert reconciled(hands)["verdict"] == expected[how]


# --- wrong input ----------------------------------------------------------------------------------------------------


def test_an_unknown_drift_is_refused_with_where_to_look(hands: Hands) -> None:
    for command in (("drift", "show", "nothing"), ("drift", "resolve", "nothing", "--as", "ACKNOWLEDGED", *WHY)):
        called = hands(*command, "--json")
        assert called.code == ExitCode.REFUSED
        error = called.document["error"]
        assert (error["reason"], error["field"]) == ("NOT_FOUND", "drift_bead_id")
        assert "phoenix drift list" in called.err


def test_a_resolution_without_notes_is_refused(hands: Hands) -> None:
    holding(hands, "5000")
    drift_id = the_drift(hands)["drift_bead_id"]
    refused = hands("drift", "resolve", drift_id, "--as", "ACKNOWLEDGED", "--reason", "  ", "--json")
    assert refused.code == ExitCode.REFUSED
    assert "--reason" in refused.err
    assert hands("drift", "resolve", drift_id, "--as", "ACKNOWLEDGED").code == ExitCode.USAGE
    assert hands("drift", "resolve", drift_id, "--as", "SHRUG", *WHY).code == ExitCode.USAGE
    assert hands.done("drift", "list")["drifts"]


def test_which_of_two_positions_bears_more_has_to_be_named(hands: Hands) -> None:
    first, second = hands.enter(), hands.enter()
    held = int(hands.position(second)["open_quantity"])
    holding(hands, "1000")
    drift_id = the_drift(hands)["drift_bead_id"]
    command = ("drift", "resolve", drift_id, "--as", "PHOENIX_CORRECTED", *WHY)
    refused = hands(*command, "--json")
    assert refused.code == ExitCode.REFUSED
    assert refused.document["refusal"]["field"] == "position_id"
    assert hands(*command, "--position", "nobody").code == ExitCode.REFUSED
    hands.done(*command, "--position", second[:13])
    assert hands.position(second)["open_quantity"] == str(held + 1000)
    assert hands.position(first)["open_quantity"] == str(held)
    assert reconciled(hands)["verdict"] == "HEALTHY"


def test_nobody_may_bear_it_too(hands: Hands) -> None:
    holding(hands, "1000")
    drift_id = the_drift(hands)["drift_bead_id"]
    hands.done("drift", "resolve", drift_id, "--as", "PHOENIX_CORRECTED", "--position", "none", *WHY)
    document = reconciled(hands)
    assert (document["verdict"], document["adjustments"]) == ("HEALTHY", {"GBPUSD": "1000"})
    assert "1,000 GBPUSD are in Phoenix's book by a human's word" in hands("reconcile").out


def test_what_is_nobodys_can_only_be_acknowledged(hands: Hands) -> None:
    hands.at_broker(
        "INSERT INTO orders (pair, action, order_type, quantity, limit_price) "
        "VALUES ('GBPUSD', 'BUY', 'LIMIT', 5000, 1.2)"
    )
    hands.look()
    (order,) = hands.done("drift", "list")["unclaimed"]
    assert order["kind"] == "ORDER"
    refused = hands("drift", "resolve", order["name"], "--as", "PHOENIX_CORRECTED", *WHY, "--json")
    assert refused.code == ExitCode.REFUSED
    assert refused.document["refusal"]["reason"] == "NOT_ALLOWED"


def test_absence_is_not_attested_against_books_that_were_not_read_in_full(hands: Hands) -> None:
    hands.fault("lose", role="ENTRY")
    position_id = hands.enter()
    hands.fault("query_unanswered", query="COMPLETED_ORDERS")
    hands.look()
    refused = hands("positions", "settle", position_id, "--absent", *WHY, "--json")
    assert refused.code == ExitCode.REFUSED
    refusal = refused.document["refusal"]
    assert (refusal["reason"], refusal["field"]) == ("UNKNOWN_OUTCOME", "position_id")
    assert refusal["remedy"]
    assert hands.state(position_id) == "STALLED"


@pytest.mark.parametrize("nobody", [Signer(SignerKind.HUMAN, " "), Signer(SignerKind.ASSISTANT, "assistant")])
def test_a_resolution_without_a_named_human_is_refused(hands: Hands, nobody: Signer) -> None:
    holding(hands, "5000")
    drift_id = the_drift(hands)["drift_bead_id"]
    with Desk(hands.home) as desk:
        outcome = desk.books.resolve(drift_id, Resolution.ACKNOWLEDGED, None, signer=nobody, notes="looked")
    assert outcome.refusal is not None
    assert (outcome.refusal.reason, outcome.refusal.field) == (RefusalReason.NOT_ALLOWED, "signer")
    assert outcome.refusal.remedy
    assert hands.done("drift", "list")["drifts"]
