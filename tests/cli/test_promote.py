"""`phoenix promote` beside a real executor and without one: what is missing, what forbids it, and the ceremony."""

from __future__ import annotations

import json
from pathlib import Path
from signal import SIGKILL

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.operations import PromotionPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.vocabulary import DecisionKind, PromotionEvent, StrategyMode
from phoenix.runtime.checkup.proof import prove
from phoenix.runtime.desk import Desk
from phoenix.runtime.faults.points import VARIABLE
from phoenix.runtime.home import Home
from tests.cli.conftest import Phoenix
from tests.cli.forked_terminal import typing
from tests.cli.hands import Hands, impatient
from tests.cli.terminal import at_terminal
from tests.runtime.processes import serving, started
from tests.support.shadow import performance_file

NAME = "fvg-retest"
TYPED = f"PROMOTE {NAME}\n"
WHY = ("--reason", "looked at it")


@pytest.fixture
def recorded(phoenix: Phoenix, home: Home, tmp_path: Path) -> Home:
    """A home whose strategy has complete evidence."""
    file = impatient(home).directory / "phoenix.toml"
    file.write_text(f"{file.read_text()}\n[reconciliation]\nsettling_s = 0\n")
    made = Home.open(home.directory)
    assert phoenix("strategy", "register", NAME, "-d", "gaps, retested").code == ExitCode.OK
    assert phoenix("shadow", "import", NAME, str(performance_file(tmp_path))).code == ExitCode.OK
    return made


def mode(home: Home) -> StrategyMode:
    with Desk(home) as desk:
        return desk.read.state.strategies[NAME].mode


def promotions(home: Home) -> list[PromotionEvent]:
    with Desk(home) as desk:
        payloads = [item.bead.payload for item in desk.beads()]
    return [payload.event for payload in payloads if isinstance(payload, PromotionPayload)]


def asked(home: Home) -> int:
    with Desk(home) as desk:
        payloads = [item.bead.payload for item in desk.beads()]
    return sum(isinstance(payload, DecisionPayload) and payload.kind is DecisionKind.PROMOTE for payload in payloads)


# --- what is missing ------------------------------------------------------------------------------------------------


def test_looking_says_what_is_missing_and_records_nothing(phoenix: Phoenix, home: Home, tmp_path: Path) -> None:
    phoenix("strategy", "register", NAME, "-d", "gaps")
    phoenix("shadow", "import", NAME, str(performance_file(tmp_path, 10)))
    called = phoenix("promote", NAME, "--check")
    assert called.code == ExitCode.REFUSED
    for part in ("MISSING  Trading sessions", "at least 20 trading sessions", "met      Market regimes",
                 "10, 2026-01-05 to 2026-01-16", "phoenix shadow import"):  # fmt: skip
        assert part in called.out
    document = phoenix("promote", NAME, "--check", "--json").document
    assert document["promotion"]["missing"] == ["DRIFT", "SESSIONS"]
    assert document["statistics"]["sessions"] == "10"
    assert asked(home) == 0


def test_an_attempt_that_is_refused_is_on_record_with_every_item(phoenix: Phoenix, home: Home) -> None:
    phoenix("strategy", "register", NAME, "-d", "gaps")
    refused = phoenix("promote", NAME, "--json")
    assert refused.code == ExitCode.REFUSED
    told = refused.document["refusal"]
    assert (told["reason"], told["field"]) == ("EVIDENCE_INCOMPLETE", "sessions")
    for item in ("SESSIONS: 0", "REGIMES", "SHARPE: absent", "AUTOPSY_SUMMARY"):
        assert item in told["detail"]
    assert asked(home) == 1
    with Desk(home) as desk:
        last = [item.bead.payload for item in desk.beads() if isinstance(item.bead.payload, RefusalPayload)][-1]
    assert (last.reason, last.detail) == (told["reason"], told["detail"])
    lines = phoenix("promote", NAME).out.splitlines()
    assert lines[0] == "refused: EVIDENCE_INCOMPLETE sessions; this is on record"
    assert [line.split(":")[0].strip() for line in lines[1:4]] == ["SESSIONS", "REGIMES", "MAX_DRAWDOWN"]


def test_unknown_strategies_are_refused(phoenix: Phoenix) -> None:
    called = phoenix("promote", "nobody")
    assert (called.code, "phoenix strategy list" in called.err) == (ExitCode.REFUSED, True)


# --- the ceremony ---------------------------------------------------------------------------------------------------


def test_typed_out_it_is_live_for_good(phoenix: Phoenix, recorded: Home, tmp_path: Path) -> None:
    code, seen = typing(TYPED, "promote", NAME, "--reason", "a calm month", "--page", str(tmp_path / "record.html"))
    assert code == ExitCode.OK, seen
    shown = seen.split("approves nothing")[0]
    for part in (f"PROMOTE {NAME}", "SHADOW to LIVE", "SIMULATED", "one way", "Sharpe ratio", "a calm month",
                 "evidence ", "lapses", "phoenix approve "):  # fmt: skip
        assert part in shown
    assert f"promoted: {NAME} is LIVE" in seen
    assert (mode(recorded), promotions(recorded)) == (StrategyMode.LIVE, [PromotionEvent.PROMOTED])
    assert "from SHADOW to LIVE" in (tmp_path / "record.html").read_text()
    again = phoenix("promote", NAME)
    assert (again.code, "LIVE since" in again.out) == (ExitCode.OK, True)
    assert asked(recorded) == 1
    assert "LIVE since" in phoenix("shadow", "report", NAME).out
    assert f"{NAME}  LIVE    since 20" in phoenix("strategy", "list").out


@pytest.mark.parametrize("types", ["PROMOTE manual\n", "yes\n", "\n"])
def test_anything_else_promotes_nothing_and_the_question_stands(recorded: Home, types: str) -> None:
    code, seen = typing(types, "promote", NAME)
    assert (code, "Nothing was approved." in seen) == (ExitCode.REFUSED, True)
    assert mode(recorded) is StrategyMode.SHADOW
    code, seen = typing(TYPED, "promote", NAME)
    assert (code, asked(recorded)) == (ExitCode.OK, 1)
    assert mode(recorded) is StrategyMode.LIVE


def test_without_a_terminal_it_is_asked_for_once_and_waits(phoenix: Phoenix, recorded: Home) -> None:
    asked_for = phoenix("promote", NAME, "--json")
    assert (asked_for.code, asked_for.document["outcome"]) == (ExitCode.OK, "DONE")
    assert asked_for.document["said"] == "asked for: the promotion waits for approval"
    again = phoenix("promote", NAME)
    assert (again.code, f"phoenix approve {asked_for.document['intent_id'][:13]}" in again.out) == (ExitCode.OK, True)
    assert phoenix("approve").code == ExitCode.REFUSED
    assert (asked(recorded), mode(recorded)) == (1, StrategyMode.SHADOW)


def test_what_was_asked_for_waits_like_any_intent_and_another_may_approve_it(phoenix: Phoenix, recorded: Home) -> None:
    intent_id = phoenix("promote", NAME, "--json").document["intent_id"]
    (waiting,) = phoenix("pending", "--json").document["pending"]
    assert (waiting["intent_id"], waiting["kind"], waiting["what"]) == (intent_id, "PROMOTE", TYPED.strip())
    text = phoenix("pending").out
    for part in (intent_id[:13], f"PROMOTE {NAME}", "20 sessions", "Sharpe", "lapses "):
        assert part in text
    shown = phoenix("review", intent_id[:13])
    assert f"phoenix approve {intent_id[:13]}" in shown.out
    assert "Autopsies" in shown.out
    document = phoenix("review", "--json").document
    assert (document["bundle"]["strategy_id"], document["quote"]) == (NAME, None)
    code, seen = typing(TYPED, "approve", intent_id[:13])
    assert (code, f"promoted: {NAME} is LIVE" in seen) == (ExitCode.OK, True)
    over = phoenix("review", intent_id[:13])
    assert (over.code, "PROMOTED" in over.err) == (ExitCode.REFUSED, True)


def test_a_promotion_is_passed_on_and_an_approval_of_it_is_not_there_to_withdraw(
    phoenix: Phoenix, recorded: Home
) -> None:
    phoenix("promote", NAME, "--json")
    refused = phoenix("withdraw", "--json")
    assert (refused.code, refused.document["refusal"]["reason"]) == (ExitCode.REFUSED, "WRONG_STATE")
    passed = phoenix("pass", "--json", *WHY)
    assert (passed.code, passed.document["promotion"]["event"]) == (ExitCode.OK, "PASSED")
    assert passed.document["said"] == f"passed: {NAME} stays in SHADOW (looked at it)"
    assert mode(recorded) is StrategyMode.SHADOW


def test_refresh_says_that_a_promotion_stands_on_no_anchor(phoenix: Phoenix, recorded: Home) -> None:
    phoenix("promote", NAME, "--json")
    assert "stands on no anchor" in phoenix("refresh").err


def test_a_later_session_outdates_what_was_asked_for(phoenix: Phoenix, recorded: Home, tmp_path: Path) -> None:
    phoenix("promote", NAME, "--json")
    phoenix("shadow", "import", NAME, str(performance_file(tmp_path, 1, "later.json", 20)))
    assert (
        "performance was recorded after it was frozen"
        in phoenix("pending", "--json").document["pending"][0]["obstacles"]
    )
    code, seen = typing(TYPED, "approve")
    assert (code, f"phoenix promote {NAME}" in seen, "approves nothing" in seen) == (ExitCode.REFUSED, True, False)
    code, seen = typing(TYPED, "promote", NAME)
    assert (code, asked(recorded)) == (ExitCode.OK, 2), seen
    assert promotions(recorded) == [PromotionEvent.PROMOTED, PromotionEvent.LAPSED]


# --- what forbids it ------------------------------------------------------------------------------------------------


def test_beside_an_executor_a_flag_forbids_it_until_it_is_lifted(phoenix: Phoenix, recorded: Home) -> None:
    """Gate 5: incomplete is refused with what is missing, a kill refuses, complete and typed out leads to LIVE."""
    with serving(recorded):
        flag = phoenix("kill", "set", "--strategy", NAME, "-r", "news", "--json").document["flag_id"]
        called = phoenix("promote", NAME, "--check")
        assert called.code == ExitCode.REFUSED
        for part in (flag, "MISSING  Kill flags", "phoenix kill lift FLAG"):
            assert part in called.out
        refused = phoenix("promote", NAME, "--json")
        assert refused.document["refusal"]["reason"] == "KILL_FLAG"
        assert flag in refused.document["refusal"]["detail"]
        assert phoenix("kill", "lift", flag, *WHY).code == ExitCode.OK
        intent_id = phoenix("promote", NAME, "--json").document["intent_id"]
        code, seen = at_terminal(recorded.directory, "approve", intent_id, "--json", types=TYPED)
        assert code == ExitCode.OK, seen
        document = json.loads(seen[seen.index("{\r\n") :])
        assert (document["promotion"]["event"], document["settled"]) == ("PROMOTED", True)
        assert document["order"] is None
    assert mode(recorded) is StrategyMode.LIVE


def test_a_flag_set_between_asking_and_typing_refuses_the_approval(phoenix: Phoenix, recorded: Home) -> None:
    def news() -> None:
        phoenix("kill", "set", "-r", "news")

    code, seen = at_terminal(recorded.directory, "promote", NAME, types=TYPED, meanwhile=news)
    assert (code, "KILL_FLAG" in seen) == (ExitCode.REFUSED, True)
    assert "phoenix kill list" in seen
    assert mode(recorded) is StrategyMode.SHADOW


def test_drift_forbids_it_until_a_human_resolves_it(phoenix: Phoenix, recorded: Home) -> None:
    hands = Hands(recorded, phoenix)
    hands.at_broker("INSERT INTO holdings (pair, quantity, average_price) VALUES ('EURUSD', '1000', '1.1')")
    while not (drifts := hands.done("drift", "list")["drifts"]):
        hands("reconcile", "--now")
    drift_id = drifts[0]["drift_bead_id"]
    called = phoenix("promote", NAME, "--check")
    assert called.code == ExitCode.REFUSED
    for part in ("MISSING  Drift between the books", "EURUSD", "phoenix drift resolve ID"):
        assert part in called.out
    assert drift_id in phoenix("promote", NAME, "--check", "--json").document["promotion"]["checklist"][1]["found"]
    refused = phoenix("promote", NAME)
    assert (refused.code, "refused: UNSETTLED drift" in refused.out) == (ExitCode.REFUSED, True)
    assert "phoenix drift list" in refused.out
    hands.done("drift", "resolve", drift_id, "--as", "ACKNOWLEDGED", *WHY)
    assert typing(TYPED, "promote", NAME)[0] == ExitCode.OK


def test_a_stalled_position_of_another_strategy_forbids_it(phoenix: Phoenix, recorded: Home) -> None:
    hands = Hands(recorded, phoenix)
    hands.fault("lose")
    position_id = hands.enter_limit()
    hands.look()
    called = phoenix("promote", NAME, "--check")
    assert called.code == ExitCode.REFUSED
    for part in ("MISSING  Stalled positions", position_id, "phoenix positions settle ID"):
        assert part in called.out
    refused = phoenix("promote", NAME, "--json")
    assert (refused.document["refusal"]["reason"], refused.document["refusal"]["field"]) == ("UNSETTLED", "stalled")


# --- sudden death ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "point",
    [
        "commit.before.T2_TOKEN.ISSUED", "commit.after.T2_TOKEN.ISSUED", "commit.before.T2_TOKEN.USED",
        "commit.before.PROMOTION", "commit.after.PROMOTION",
    ],
)  # fmt: skip
def test_killed_in_the_middle_it_is_promoted_once_or_not_at_all(recorded: Home, point: str) -> None:
    with started(recorded, "serve", point) as executor:
        executor.wait_for("ready")
        code, seen = typing(TYPED, "promote", NAME)
        assert executor.end()[0] == -SIGKILL
    with Desk(recorded) as desk:
        desk.catch_up()
    is_live = mode(recorded) is StrategyMode.LIVE
    assert code == (ExitCode.OK if is_live else ExitCode.NOT_YET_KNOWN), seen
    assert promotions(recorded) == ([PromotionEvent.PROMOTED] if is_live else [])
    if not is_live:
        code, seen = typing(TYPED, "promote", NAME)
        assert code == ExitCode.OK, seen
        assert promotions(recorded) == [PromotionEvent.PROMOTED]
    with Desk(recorded) as desk:
        report = prove(recorded, desk.store, settled=False)
    assert report.ok, report.text()


@pytest.mark.parametrize(
    "point", ["commit.before.T2_TOKEN.ISSUED", "commit.before.PROMOTION", "commit.after.PROMOTION"]
)
def test_a_command_that_dies_as_its_own_executor_has_promoted_or_not(
    recorded: Home, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setenv(VARIABLE, point)
    code, seen = at_terminal(recorded.directory, "promote", NAME, types=TYPED)
    assert (code, "is LIVE" in seen) == (-SIGKILL, False)
    monkeypatch.delenv(VARIABLE)
    with Desk(recorded) as desk:
        desk.catch_up()
    assert promotions(recorded) in ([], [PromotionEvent.PROMOTED])
    assert (mode(recorded) is StrategyMode.LIVE) == (promotions(recorded) == [PromotionEvent.PROMOTED])
    if mode(recorded) is StrategyMode.SHADOW:
        code, seen = at_terminal(recorded.directory, "promote", NAME, types=TYPED)
        assert code == ExitCode.OK, seen
    assert promotions(recorded) == [PromotionEvent.PROMOTED]
    with Desk(recorded) as desk:
        report = prove(recorded, desk.store, settled=False)
    assert report.ok, report.text()
