"""A command that is the executor for a moment, and a store that fails meanwhile."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from phoenix.domain.vocabulary import KillSource
from phoenix.ports.errors import NotYetKnown, StoreUnavailable
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.process.one_shot import act_once
from phoenix.runtime.process.running import RunningExecutor
from tests.runtime.trading import TRADER

FULL = StoreUnavailable("committing: the disk is full. Nothing was stored")


def _silence(line: str) -> None:
    """Tells nobody."""


async def _store_then_fail(running: RunningExecutor) -> None:
    await running.executor.set_kill_flag(None, "stop", KillSource.MANUAL, TRADER)
    raise FULL


async def _store(running: RunningExecutor) -> None:
    await running.executor.set_kill_flag(None, "stop", KillSource.MANUAL, TRADER)


async def _fail(running: RunningExecutor) -> None:
    raise FULL


def test_a_failure_with_part_of_it_on_record_is_no_claim_that_nothing_happened(home: Home) -> None:
    with pytest.raises(NotYetKnown, match="what was put on record before it stands"):
        act_once(home, "approve", _store_then_fail, _silence)
    with Desk(home) as desk:
        assert len(desk.read.state.flags) == 1


def test_a_failure_to_leave_hides_nothing_that_was_done(home: Home) -> None:
    with patch.object(RunningExecutor, "checkpoint", side_effect=FULL), pytest.raises(NotYetKnown):
        act_once(home, "approve", _store, _silence)


def test_a_failure_with_nothing_on_record_says_so(home: Home) -> None:
    with pytest.raises(StoreUnavailable, match="Nothing was stored"):
        act_once(home, "approve", _fail, _silence)
