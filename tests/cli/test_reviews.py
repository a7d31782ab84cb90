"""What waits, the review on one screen, and the ways on from it: pass, withdraw, refresh, repropose."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from phoenix.cli.completion import approved_intents, pending_entries, pending_intents
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import DecisionKind, Regime, SignerKind
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.runtime.processes import started
from tests.runtime.trading import TRADER, approve, proposed

ASSISTANT = Signer(SignerKind.ASSISTANT, "some model")
HOSTILE = "\x1b[2J\x9b31m[red]x[/] :warning: \u202egnp\r\n\x07"


def proposal(home: Home, **changes: Any) -> str:
    with Desk(home) as desk:
        intent_id = proposed(desk, **changes).intent_id
    assert intent_id is not None
    return intent_id


def held(home: Home) -> str:
    """A position that is open and protected."""
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        approve(desk, entry.intent_id)
    assert entry.position_id is not None
    return entry.position_id


def asked(home: Home, kind: DecisionKind, position_id: str, **detail: str) -> str:
    with Desk(home) as desk:
        outcome = desk.decide(kind, position_id, signer=TRADER, reason="end of day", detail=detail)
    assert outcome.intent_id is not None
    return outcome.intent_id


def hasty(home: Home) -> Home:
    """The home once anchors stand for a minute: nothing that a test waits for then outlasts a trading session."""
    file = home.directory / "phoenix.toml"
    file.write_text(f"{file.read_text()}\n[anchor]\nttl_normal_s = 60\n")
    return Home.open(home.directory)


def later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let the surfaces, and nothing else, live in the future."""
    module = "phoenix.adapters.clock.SystemClock.now"
    monkeypatch.setattr(module, lambda _: datetime.now(UTC) + timedelta(minutes=minutes))


# --- pending ---------------------------------------------------------------------------------------------------------


def test_an_empty_desk_says_how_to_fill_it(phoenix: Phoenix) -> None:
    called = phoenix("pending")
    assert called.code == ExitCode.OK
    assert "phoenix simulate-signal" in called.out
    assert phoenix("pending", "--json").document["pending"] == []


def test_pending_tells_at_a_glance_what_waits(phoenix: Phoenix, home: Home) -> None:
    intent_id = proposal(home)
    text = phoenix("pending").out
    for part in (intent_id[:13], "ENTRY LONG 333000 GBPUSD", "MARKET DAY 1.27000", "stop 1.26700", "target 1.27600",
                 "999.00 USD", "1.00 %", "R 2", "stale ", "lapses ", "waiting", "manual"):  # fmt: skip
        assert part in text
    assert re.search(r"\((1[34]|[1-9]) +min\)", " ".join(text.split())), text
    (entry,) = phoenix("pending", "--json").document["pending"]
    assert (entry["intent_id"], entry["what"], entry["approved"]) == (intent_id, "LONG 333000 GBPUSD", False)
    assert entry["sizing"]["money_at_risk"] == "999"


def test_exits_and_protection_wait_beside_entries(phoenix: Phoenix, home: Home) -> None:
    position_id = held(home)
    asked(home, DecisionKind.CLOSE, position_id)
    asked(home, DecisionKind.PROTECT, position_id, stop_price="1.26500")
    text = phoenix("pending").out
    assert "EXIT CLOSE 333000 GBPUSD" in text
    assert "PROTECT 333000 GBPUSD" in text
    assert "protection EXACT" in text


def test_what_no_executor_has_answered_is_listed(phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    intent_id = proposal(home)
    monkeypatch.setenv("PHOENIX_COMMANDS__WAIT_S", "0")
    with started(home, "hold") as holder:
        holder.wait_for("ready")
        called = phoenix("pass", intent_id)
        assert called.code == ExitCode.NOT_YET_KNOWN
        assert "not yet known" in called.out
        assert f"PASS of {intent_id[:13]}" in phoenix("pending").out
        (unanswered,) = phoenix("pending", "--json").document["unanswered"]
    assert (unanswered["decision"], unanswered["subject_id"]) == ("PASS", intent_id)


# --- review ----------------------------------------------------------------------------------------------------------


def test_a_review_shows_everything_that_a_decision_needs(phoenix: Phoenix, home: Home) -> None:
    intent_id = proposal(home)
    called = phoenix("review", intent_id[:13])
    assert called.code == ExitCode.OK
    for part in (
        "LONG 333000 GBPUSD", "SIM0001", "SIMULATED", "entry 1.27000", "stop 1.26700 (-30.0 pips)",
        "target 1.27600 (+60.0 pips)", "999.00 USD = 1.00 % of 100,000.00 USD", "R 2", "quote 1.27",
        "0.81 (displacement 1.9, gap 0.42)",
        "4H, BULLISH, aligned", "15M, FVG", "passed session: London", "kill flags  none", "drift       none",
        "net 0", "passed 19 of 19", "stale at", "(in 14 min", "lapses", f"phoenix approve {intent_id[:13]}",
        f"phoenix pass {intent_id[:13]}",
    ):  # fmt: skip
        assert part in called.out, part
    document = phoenix("review", intent_id, "--json").document
    assert document["bundle_hash"][:16] in called.out
    assert document["bundle"]["intent_id"] == intent_id
    assert document["obstacles"] == []


def test_both_ways_to_decide_are_offered_alike(phoenix: Phoenix, home: Home) -> None:
    lines = phoenix("review", proposal(home)).out.splitlines()
    assert sum("phoenix approve" in line for line in lines) == 1
    assert any("phoenix approve" in line and "phoenix pass" in line for line in lines)


def test_a_hostile_signal_is_shown_inert_on_one_screen(phoenix: Phoenix, home: Home) -> None:
    evidence = {
        "quality": {"score": HOSTILE, "breakdown": {"[bold]key": HOSTILE * 50}}, "htf": HOSTILE * 90,
        "ltf": [HOSTILE] * 90,
        "red_checks": [{"name": HOSTILE, "passed": index % 2 == 0, "detail": HOSTILE * 9} for index in range(60)],
        **{f"[bold]{index}": HOSTILE for index in range(90)},
    }  # fmt: skip
    intent_id = proposal(home, evidence=evidence)
    for command in (["review", intent_id], ["pending"], ["review", intent_id, "--json"]):
        text = phoenix(*command).out
        assert not {character for character in text if ord(character) < 32 or 127 <= ord(character) < 160} - {"\n"}
        assert "\u202e" not in text
    with Desk(home) as desk:
        for _ in range(6):
            desk.decide(DecisionKind.RECOMMEND, intent_id, signer=ASSISTANT, reason=HOSTILE * 40)
    screen = phoenix("review", intent_id).out
    assert "[red]x[/] :warning:" in screen
    assert "\\x1b[2J" in screen
    assert "FAILED" in screen
    assert len(screen.splitlines()) <= 45


def test_the_review_of_an_exit_shows_the_position_and_what_would_be_sold(phoenix: Phoenix, home: Home) -> None:
    position_id = held(home)
    text = phoenix("review", asked(home, DecisionKind.CLOSE, position_id)).out
    for part in ("CLOSE 333000 GBPUSD", "EXIT on account SIM0001", "SIMULATED", position_id, "333000 open",
                 "SELL at most 333000", "end of day", "entered", "stop", "target"):  # fmt: skip
        assert part in text, part


def test_the_review_of_a_protection_shows_old_and_new_prices(phoenix: Phoenix, home: Home) -> None:
    intent_id = asked(home, DecisionKind.PROTECT, held(home), stop_price="1.26500", target_price="1.28000")
    text = phoenix("review", intent_id).out
    for part in ("PROTECT 333000 GBPUSD", "new stop", "1.26500", "new target", "1.28000", "1.26700"):
        assert part in text, part


def test_an_assistants_opinion_is_marked_as_one(phoenix: Phoenix, home: Home) -> None:
    intent_id = proposal(home)
    with Desk(home) as desk:
        desk.decide(DecisionKind.RECOMMEND, intent_id, signer=ASSISTANT, reason="looks late")
    text = phoenix("review", intent_id).out
    assert "assistant some model has an opinion, which decides nothing" in text
    assert "looks late" in text


def test_a_kill_flag_stands_out_in_the_review(phoenix: Phoenix, home: Home) -> None:
    intent_id = proposal(home)
    with Desk(home) as desk:
        desk.set_kill(None, "central bank", signer=TRADER)
    text = phoenix("review", intent_id).out
    assert "An approval would be refused now" in text
    assert "central bank" in text
    assert "phoenix kill list" in text


# --- the ways on -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["review", "approve", "pass", "withdraw", "refresh"])
def test_an_unknown_intent_is_refused_with_the_list_to_look_at(phoenix: Phoenix, command: str) -> None:
    called = phoenix(command, "zzz", "--json")
    assert called.code == ExitCode.REFUSED
    assert called.document["error"]["reason"] in ("NOT_FOUND", "PROOF_MISSING")


def test_ids_may_be_cut_short_while_they_are_unique(phoenix: Phoenix, home: Home) -> None:
    first, second = proposal(home), proposal(home)
    common = first[: next(index for index in range(36) if first[index] != second[index])]
    ambiguous = phoenix("review", common)
    assert ambiguous.code == ExitCode.REFUSED
    assert "names 2 intents" in ambiguous.err
    assert "phoenix pending" in ambiguous.err
    assert phoenix("pass", first[: len(common) + 1]).code == ExitCode.OK


def test_a_passed_intent_says_what_became_of_it_and_can_be_proposed_again(phoenix: Phoenix, home: Home) -> None:
    intent_id = proposal(home)
    passed = phoenix("pass", intent_id, "--reason", "not today", "--json")
    assert (passed.code, passed.document["state"]) == (ExitCode.OK, "CANCELLED")
    again = phoenix("pass", intent_id)
    assert again.code == ExitCode.REFUSED
    assert "CANCELLED" in again.err
    assert "phoenix repropose" in again.err
    proposed_again = phoenix("repropose", intent_id[:13], "--json")
    assert proposed_again.code == ExitCode.OK
    assert proposed_again.document["intent_id"] not in (None, intent_id)


def test_withdrawing_what_was_not_approved_is_refused(phoenix: Phoenix, home: Home) -> None:
    called = phoenix("withdraw", proposal(home))
    assert called.code == ExitCode.REFUSED
    assert "WRONG_STATE" in called.out


def test_a_second_signal_calls_for_a_refresh_of_the_first(phoenix: Phoenix, home: Home) -> None:
    intent_id = proposal(home)
    proposal(home, market_snapshot="market-2")
    assert "changed since it was frozen: market_snapshot" in phoenix("review", intent_id).out
    before = phoenix("review", intent_id, "--json").document["bundle_hash"]
    called = phoenix("refresh", intent_id[:13])
    assert called.code == ExitCode.OK
    assert "refreshed" in called.out
    after = phoenix("review", intent_id, "--json").document
    assert after["bundle_hash"] != before
    assert after["obstacles"] == []


def test_a_stale_anchor_is_not_refreshed_by_itself_and_sets_no_kill_flag(
    phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent_id = proposal(hasty(home))
    later(monkeypatch, 2)
    assert "STALE since" in phoenix("review", intent_id).out
    refused = phoenix("refresh", intent_id)
    assert refused.code == ExitCode.REFUSED
    assert "--now" in refused.err
    with Desk(home) as desk:
        assert desk.read.kill_flags() == []
    assert phoenix("refresh", intent_id, "--now").code == ExitCode.OK
    assert "stale at" in phoenix("review", intent_id).out


def test_a_stale_signal_is_proposed_again_on_a_context_captured_now(
    phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent_id = proposal(hasty(home))
    phoenix("pass", intent_id)
    later(monkeypatch, 2)
    assert phoenix("repropose", intent_id).code == ExitCode.REFUSED
    assert phoenix("repropose", intent_id, "--now", "--regime", "news").code == ExitCode.OK
    (waiting,) = phoenix("pending", "--json").document["pending"]
    assert waiting["obstacles"] == []
    with Desk(home) as desk:
        anchor = desk.read.anchor("manual", "GBPUSD")
    assert anchor is not None
    assert (anchor.regime, anchor.strategy_params) == (Regime.NEWS, "params-1")


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--regime", "NEWS"], "captured_at"),
        (["--captured-at", "yesterday"], "not an ISO 8601"),
        (["--captured-at", "2020-01-01T00:00:00Z"], "a newer one"),
        (["--captured-at", "2099-01-01T00:00:00Z"], "captured_at"),
        (["--now", "--market-snapshot", "\x1b"], "market-snapshot"),
    ],
)
def test_an_anchor_that_cannot_be_is_refused_before_anything(
    phoenix: Phoenix, home: Home, options: list[str], part: str
) -> None:
    called = phoenix("refresh", proposal(home), *options)
    assert called.code == ExitCode.REFUSED
    assert part in called.err


def test_an_exit_stands_on_no_anchor(phoenix: Phoenix, home: Home) -> None:
    called = phoenix("refresh", asked(home, DecisionKind.CLOSE, held(home)))
    assert called.code == ExitCode.REFUSED
    assert "never goes stale" in called.err


def test_dropping_an_exit_leaves_the_position(phoenix: Phoenix, home: Home) -> None:
    intent_id = asked(home, DecisionKind.CLOSE, held(home))
    assert phoenix("pass", intent_id).code == ExitCode.OK
    with Desk(home) as desk:
        (position,) = desk.read.positions()
    assert position.open_quantity > 0


@pytest.mark.parametrize(("offer", "expected"), [(pending_intents, 1), (pending_entries, 1), (approved_intents, 0)])
def test_the_shell_is_offered_the_ids_that_make_sense(
    phoenix: Phoenix, home: Home, offer: Callable[[str], list[str]], expected: int, capsys: pytest.CaptureFixture[str]
) -> None:
    intent_id = proposal(home)
    assert len(offer(intent_id[:4])) == expected
    assert offer("zzz") == []
    (home.directory / "phoenix.toml").write_text("not = a [configuration")
    assert offer("") == []
    assert capsys.readouterr() == ("", "")
