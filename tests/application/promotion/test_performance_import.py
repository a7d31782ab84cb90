"""An import is taken whole or refused with its row: the executor trusts no surface to have checked it."""

from __future__ import annotations

from typing import Any

import pytest

from phoenix.domain.beads.envelope import SYSTEM
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind
from phoenix.rehearsal.performance import autopsy, month, performance, session
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, World
from tests.application.acts import registered


@pytest.fixture
def world() -> World:
    return registered()


def bring(world: World, detail: Any, strategy_id: str = "fvg-retest", **changes: Any) -> object:
    changes.setdefault("signer", OPERATOR)
    return world.decide(DecisionKind.IMPORT_PERFORMANCE, strategy_id, detail=detail, **changes)


def refusal(world: World, detail: Any, **changes: Any) -> Refused:
    refused = world.refused(lambda: bring(world, detail, **changes))
    assert isinstance(refused, Refused)
    assert not world.payloads(PerformancePayload)
    assert not world.payloads(AutopsyPayload)
    assert not world.state.decisions
    return refused


def test_an_import_answers_how_much_was_new(world: World) -> None:
    assert bring(world, month(sessions=3)) == 6
    assert bring(world, month(sessions=5)) == 4
    assert [one.origin for one in world.payloads(PerformancePayload)] == ["made up"] * 5
    assert not world.state.decisions


def test_only_a_named_human_imports(world: World) -> None:
    for signer in (SYSTEM, ASSISTANT):
        assert refusal(world, month(), signer=signer).reason == "NOT_ALLOWED"


def test_what_is_imported_again_under_another_name_is_the_same(world: World) -> None:
    bring(world, month(sessions=2))
    again = {**month(sessions=3), "origin": "another file"}
    assert bring(world, again) == 2
    assert len(world.payloads(PerformancePayload)) == 3


def _changed(name: str, **changes: Any) -> dict[str, Any]:
    detail = month(sessions=2)
    detail[name][1] = {**detail[name][1], **changes}
    return detail


@pytest.mark.parametrize(
    ("detail", "field"),
    [
        ({}, "origin"),
        ({"origin": " "}, "origin"),
        ({"origin": "x", "sessions": "many"}, "sessions"),
        ({"origin": "x", "sessions": ["many"]}, "sessions[0]"),
        ({"origin": "x", "sessions": [{}]}, "sessions[0]"),
        ({"origin": "x", "sessions": [{}] * 2001}, "sessions"),
        (_changed("sessions", trades="-1"), "sessions[1].trades"),
        (_changed("sessions", trades="three"), "sessions[1]"),
        (_changed("sessions", equity="0"), "sessions[1].equity"),
        (_changed("sessions", session_date="2030-01-01"), "sessions[1].session_date"),
        (_changed("sessions", session_date="2026-03-02"), "sessions[1].session_date"),
        (_changed("sessions", pnl="0.0000000000000000001"), "sessions[1].pnl"),
        (_changed("sessions", pnl="1e-30"), "sessions[1].pnl"),
        (_changed("sessions", equity="1e-1000000000"), "sessions[1]"),
        (_changed("autopsies", r_multiple="1e30"), "autopsies[1].r_multiple"),
        (_changed("sessions", market_regime="SIDEWAYS"), "sessions[1]"),
        (_changed("sessions", strategy_id="breakout"), "sessions[1].strategy_id"),
        (_changed("sessions", session_date="2026-01-05"), "sessions[1]"),
        (_changed("sessions", odd="1"), "sessions[1]"),
        (_changed("autopsies", shadow=False), "autopsies[1].position_id"),
        (_changed("autopsies", position_id="01a2043e-aa87-75d9-a041-b76a46db6345"), "autopsies[1].position_id"),
        (_changed("autopsies", outcome="WIN"), "autopsies[1].outcome"),
        (_changed("autopsies", duration_s="-1"), "autopsies[1].duration_s"),
    ],
)
def test_nothing_of_a_wrong_import_is_recorded(detail: dict[str, Any], field: str, world: World) -> None:
    refused = refusal(world, detail)
    assert (refused.reason, refused.field) == ("MALFORMED", field)
    assert refused.remedy


def test_a_row_on_record_with_other_content_refuses_the_whole(world: World) -> None:
    bring(world, performance([session(0)], [autopsy(0)]))
    for other in (
        performance([session(1), session(0, overrides=9)]),
        performance([session(1)], [autopsy(0, thesis="another")]),
    ):
        refused = world.refused(lambda other=other: bring(world, other))
        assert isinstance(refused, Refused)
        assert refused.reason == "CONFLICT"
    assert len(world.payloads(PerformancePayload)) == 1


def test_a_strategy_that_is_unknown_or_live_takes_no_performance(world: World) -> None:
    assert refusal(world, month(), strategy_id="nobody").reason == "STRATEGY_UNKNOWN"
    bring(world, month())
    world.approve(str(world.decide(DecisionKind.PROMOTE, "fvg-retest")))
    refused = world.refused(lambda: bring(world, month(sessions=21)))
    assert isinstance(refused, Refused)
    assert refused.reason == "STRATEGY_MODE"
    assert "fvg-retest" not in world.state.shadow
