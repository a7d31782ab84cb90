"""`phoenix approve`: a person types out what is being done, at a terminal, in the simulator; nothing else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.vocabulary import AccountMode, DecisionKind, PositionState
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tests.cli.conftest import Called, Phoenix
from tests.cli.terminal import END_OF_INPUT, INTERRUPT, at_terminal
from tests.runtime.processes import serving
from tests.runtime.rebinding import rebound
from tests.runtime.trading import TRADER, approve, proposed


def proposal(home: Home) -> str:
    with Desk(home) as desk:
        intent_id = proposed(desk).intent_id
    assert intent_id is not None
    return intent_id


def approvals(home: Home) -> list[DecisionPayload]:
    with Desk(home) as desk:
        payloads = [item.bead.payload for item in desk.beads()]
    return [
        payload for payload in payloads if isinstance(payload, DecisionPayload) and payload.kind is DecisionKind.APPROVE
    ]


def states(home: Home) -> list[PositionState | None]:
    with Desk(home) as desk:
        return [position.state for position in desk.read.positions(ended=True)]


def test_typed_out_at_a_terminal_it_is_sent_and_followed(home: Home) -> None:
    intent_id = proposal(home)
    code, seen = at_terminal(home.directory, "approve", intent_id[:13], types="LONG 333000 GBPUSD\n")
    assert code == ExitCode.OK
    assert "LONG 333000 GBPUSD" in seen.split("approves nothing")[0]
    assert "FILLED 333000 @ 1.27" in seen
    assert states(home) == [PositionState.MANAGED]
    (approval,) = approvals(home)
    assert isinstance(approval.proof, dict)
    assert (approval.proof["kind"], approval.proof["typed"]) == ("TYPED", "LONG 333000 GBPUSD")
    assert str(approval.proof["terminal"]).startswith("/dev/")


@pytest.mark.parametrize("types", ["SHORT 333000 GBPUSD\n", "\n", END_OF_INPUT, INTERRUPT])
def test_anything_else_approves_nothing(home: Home, types: str) -> None:
    code, seen = at_terminal(home.directory, "approve", proposal(home), types=types)
    assert code == ExitCode.REFUSED
    assert "Nothing was approved." in seen
    assert "Traceback" not in seen
    assert approvals(home) == []
    assert states(home) == [PositionState.PROPOSED]


def test_what_was_shown_is_what_is_approved_and_moved_evidence_is_refused(home: Home) -> None:
    intent_id = proposal(home)

    def refresh() -> None:
        with Desk(home) as desk:
            desk.decide(DecisionKind.REFRESH, intent_id, signer=TRADER)

    code, seen = at_terminal(home.directory, "approve", intent_id, types="LONG 333000 GBPUSD\n", meanwhile=refresh)
    assert code == ExitCode.REFUSED
    assert "STALE_EVIDENCE" in seen
    assert f"phoenix review {intent_id[:13]}" in seen
    assert states(home) == [PositionState.PROPOSED]


def test_beside_an_executor_it_is_the_executor_that_sends(home: Home) -> None:
    intent_id = proposal(home)
    with serving(home):
        code, seen = at_terminal(home.directory, "approve", intent_id, "--json", types="LONG 333000 GBPUSD\n")
    assert code == ExitCode.OK
    document = json.loads(seen[seen.index("{") :])
    assert (document["decision"], document["outcome"], document["settled"]) == ("APPROVE", "DONE", True)
    assert document["order"]["permanent_id"]


def test_without_a_terminal_nothing_is_asked_or_recorded(phoenix: Phoenix, home: Home) -> None:
    called = phoenix("approve", proposal(home), "--json")
    assert called.code == ExitCode.REFUSED
    assert called.document["error"]["reason"] == "PROOF_MISSING"
    assert "no terminal" in called.err
    assert approvals(home) == []


def test_an_exit_is_typed_out_as_a_close(home: Home) -> None:
    intent_id = proposal(home)
    with Desk(home) as desk:
        entered = approve(desk, intent_id)
        assert entered.position_id is not None
        asked = desk.decide(DecisionKind.CLOSE, entered.position_id, signer=TRADER)
    assert asked.intent_id is not None
    code, seen = at_terminal(home.directory, "approve", asked.intent_id, types="CLOSE 333000 GBPUSD\n")
    assert code == ExitCode.OK
    assert "CLOSED 333000 @ 1.2" in seen
    assert states(home) == [PositionState.CLOSED]


@pytest.fixture
def paper(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose rules take its simulated account for a paper account."""
    made = rebound(home, AccountMode.PAPER)

    def open_it(directory: Path, overrides: object = None) -> Home:
        return made

    monkeypatch.setattr(Home, "open", open_it)
    return made


def test_on_a_paper_account_the_attempt_is_refused_and_recorded(phoenix: Phoenix, paper: Home) -> None:
    called: Called = phoenix("approve", proposal(paper), "--json")
    assert called.code == ExitCode.REFUSED
    assert called.document["refusal"]["reason"] == "PROOF_MISSING"
    assert len(approvals(paper)) == 1
    with Desk(paper) as desk:
        kinds = [item.bead.payload.bead_type for item in desk.beads()]
    assert BeadType.REFUSAL in kinds
    assert not {BeadType.T2_TOKEN, BeadType.ORDER} & set(kinds)


def test_a_stale_proposal_is_not_even_asked_about(
    phoenix: Phoenix, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent_id = proposal(home)
    monkeypatch.setattr("phoenix.cli.confirming.require_terminal", lambda **_: None)
    monkeypatch.setattr("phoenix.adapters.clock.SystemClock.now", lambda _: datetime.now(UTC) + timedelta(minutes=16))
    called = phoenix("approve", intent_id)
    assert called.code == ExitCode.REFUSED
    assert "STATE_CONFLICT" in called.err
    assert f"phoenix refresh {intent_id[:13]} --now" in called.err
    with Desk(home) as desk:
        assert desk.read.kill_flags() == []
    assert approvals(home) == []
