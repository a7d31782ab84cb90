"""What a decision came to, in one line and an exit code: refused, rejected, sent, filled, or not yet known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.outcomes import show_outcome
from phoenix.domain.beads.trading import OrderPayload, PositionPayload
from phoenix.domain.change import replace
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import (
    DecisionKind,
    ExitReason,
    IntentKind,
    LegRole,
    OrderEvent,
    PositionState,
    Protection,
    RefusalReason,
    Side,
    Trigger,
)
from phoenix.runtime.readings.outcomes import Outcome, OutcomeStatus

INTENT, POSITION = "intent-000000000001", "position-000000000001"
ORDER = OrderPayload(
    OrderEvent.ACKNOWLEDGED, "group", INTENT, IntentKind.ENTRY, POSITION, "PX-E", LegRole.ENTRY, permanent_id="7"
)
AT_REST = PositionPayload(
    position_id=POSITION, intent_id=INTENT, signal_id=None, token_id=None, permanent_id="7", strategy_id="manual",
    account="SIM1", pair="GBPUSD", side=Side.LONG, state=PositionState.SUBMITTED, previous_state=None,
    trigger=Trigger.ATTEMPT_RECORDED, entry_price=Decimal("1.27"), stop_price=None, target_price=None,
    average_entry_price=None, average_exit_price=None, requested_quantity=Decimal(78000), filled_quantity=Decimal(0),
    partial_fill_ratio=Decimal(0), open_quantity=Decimal(0), protection=Protection.NONE, realised_pnl=None,
    exit_reason=None,
)  # fmt: skip
HALF = replace(
    AT_REST, state=PositionState.FILLED, filled_quantity=Decimal(39000), open_quantity=Decimal(39000),
    average_entry_price=Decimal("1.27010"),
)  # fmt: skip
FILLED = replace(
    HALF, state=PositionState.MANAGED, filled_quantity=Decimal(78000), open_quantity=Decimal(78000),
    protection=Protection.EXACT,
)  # fmt: skip
CLOSED = replace(
    FILLED, state=PositionState.CLOSED, open_quantity=Decimal(0), average_exit_price=Decimal("1.2699"),
    realised_pnl=Decimal("-15.6"), exit_reason=ExitReason.MANUAL,
)  # fmt: skip
APPROVED = Outcome(
    "decision", DecisionKind.APPROVE, INTENT, OutcomeStatus.DONE, None, INTENT, POSITION, True, ORDER, AT_REST
)
REFUSED = Refused(RefusalReason.KILL_FLAG, "kill_flag", "global", "Lift it")


def changed(**changes: Any) -> Outcome:
    return replace(APPROVED, **changes)


@pytest.mark.parametrize(
    ("outcome", "line", "code"),
    [
        (APPROVED, "sent: SUBMITTED, acknowledged", ExitCode.OK),
        (changed(position=FILLED), "FILLED 78000 @ 1.2701, MANAGED, protection EXACT", ExitCode.OK),
        (changed(position=HALF), "FILLED 39000 of 78000 @ 1.2701, FILLED, protection NONE", ExitCode.OK),
        (changed(position=CLOSED), "CLOSED 78000 @ 1.2699, result -15.6, MANUAL", ExitCode.OK),
        (changed(intent_id="exit", position=HALF), "sent: acknowledged, 39000 open, FILLED", ExitCode.OK),
        (
            changed(order=replace(ORDER, event=OrderEvent.REJECTED, reason="no margin")),
            "REJECTED by the broker: no margin", ExitCode.REFUSED,
        ),
        (
            changed(order=replace(ORDER, event=OrderEvent.PREPARED), is_settled=False),
            "sent, and without a word from the broker yet", ExitCode.NOT_YET_KNOWN,
        ),
        (changed(position=replace(AT_REST, state=PositionState.STALLED)), "sent: STALLED", ExitCode.NOT_YET_KNOWN),
        (changed(order=None, is_settled=False), "nothing was sent yet", ExitCode.NOT_YET_KNOWN),
        (changed(order=None), "nothing was sent", ExitCode.OK),
        (
            changed(status=OutcomeStatus.REFUSED, refusal=REFUSED),
            "refused: KILL_FLAG kill_flag: global", ExitCode.REFUSED,
        ),
        (changed(status=OutcomeStatus.NOT_YET_KNOWN), "not yet known", ExitCode.NOT_YET_KNOWN),
    ],
)  # fmt: skip
def test_each_outcome_has_its_line_and_its_code(
    outcome: Outcome, line: str, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show_outcome(outcome, as_json=False) is code
    assert line in capsys.readouterr().out


def test_a_refusal_names_the_remedy_and_commands(capsys: pytest.CaptureFixture[str]) -> None:
    show_outcome(changed(status=OutcomeStatus.REFUSED, refusal=REFUSED), as_json=False)
    text = capsys.readouterr().out
    assert "Lift it." in text
    assert "phoenix kill list" in text


@pytest.mark.parametrize("kind", list(DecisionKind))
def test_every_kind_of_decision_can_be_told(kind: DecisionKind, capsys: pytest.CaptureFixture[str]) -> None:
    show_outcome(Outcome("decision", kind, INTENT, OutcomeStatus.DONE), as_json=False)
    assert capsys.readouterr().out.strip()


def test_what_the_broker_says_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_outcome(changed(order=replace(ORDER, event=OrderEvent.REJECTED, reason="\x1b[2Jno")), as_json=False)
    assert "\x1b" not in capsys.readouterr().out
