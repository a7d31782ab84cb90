"""A kill flag binds something, for a reason that can be read, or it is refused, whoever sets it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from phoenix.application.simulation import run_now
from phoenix.application.surface import Surface
from phoenix.domain.kill import REASON_MAX, check_kill_flag
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import KillSource
from phoenix.rehearsal.world import OPERATOR, World

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
WRONG = [
    ("", "why", None, "strategy_id"), (" \t", "why", None, "strategy_id"), ("a\x1bb", "why", None, "strategy_id"),
    ("x" * 101, "why", None, "strategy_id"), (None, "", None, "reason"), (None, " \n", None, "reason"),
    ("manual", "x" * (REASON_MAX + 1), None, "reason"), (None, "why", NOW, "expires_at"),
]  # fmt: skip


@pytest.mark.parametrize(("strategy_id", "reason", "expires_at", "field"), WRONG)
def test_a_flag_that_binds_nothing_or_says_nothing_is_refused(
    strategy_id: str | None, reason: str, expires_at: datetime | None, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_kill_flag(strategy_id, reason, expires_at, NOW)
    assert refused.value.field == field


@pytest.mark.parametrize("strategy_id", [None, "manual", "not registered"])
def test_a_flag_may_be_there_before_its_strategy(strategy_id: str | None) -> None:
    check_kill_flag(strategy_id, "why", NOW + timedelta(seconds=1), NOW)


@pytest.mark.parametrize(("strategy_id", "reason"), [("", "why"), ("manual", " ")])
def test_the_executor_and_every_surface_refuse_it(strategy_id: str, reason: str) -> None:
    world = World()
    with pytest.raises(Refused):
        run_now(world.executor.set_kill_flag(strategy_id, reason, KillSource.MANUAL, OPERATOR))
    with pytest.raises(Refused):
        Surface(world.policy, world.ids).kill_flag(
            strategy_id, reason, KillSource.MANUAL, None, OPERATOR, world.clock.now()
        )
    assert not world.executor.state.flags
