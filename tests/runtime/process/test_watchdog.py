"""An executor whose worker hangs or dies: it is told, shown, and never as if all was well."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from phoenix.application.watch.workers import WorkerDied, WorkerHangs
from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.show_status import exit_code_of
from phoenix.cli.views.status import status_lines
from phoenix.runtime.checkup.finding import Verdict
from phoenix.runtime.checkup.workers import workers_and_heartbeat
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.process.neighbours import Neighbours
from phoenix.runtime.process.serve import serve
from phoenix.runtime.status.glance import Health, glance
from phoenix.runtime.status.workers import shown_heartbeat, shown_workers

Behave = Callable[[], Awaitable[None]]


@pytest.fixture
def hasty(home: Home) -> Home:
    """Late means late by a second."""
    file = home.directory / "phoenix.toml"
    file.write_text(file.read_text() + "\n[heartbeat]\nlate_after_s = 1\n")
    return Home.open(home.directory)


class Served:
    """An executor in this very process, and somebody who looks at it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.said: list[str] = []

    async def until(self, happened: Callable[[], bool]) -> None:
        for _ in range(100):
            if happened():
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), 0.1)
        raise AssertionError(f"it did not happen: {self.said}")

    def run(self, look: Callable[[Served], Awaitable[None]]) -> None:
        async def both() -> None:
            serving = asyncio.ensure_future(serve(self.home, self.said.append))
            await self.until(lambda: any(line.startswith("ready") for line in self.said) or serving.done())
            try:
                await look(self)
            finally:
                if not serving.done():
                    os.kill(os.getpid(), signal.SIGTERM)
                await serving

        asyncio.run(both())

    def alerts(self, kind: str) -> list[dict[str, Any]]:
        file = self.home.directory / "alerts.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [alert for alert in map(json.loads, lines) if kind in json.dumps(alert)]

    def findings(self) -> dict[str, Verdict]:
        now = datetime.now(UTC)
        return {found.check: found.verdict for found in workers_and_heartbeat(self.home.directory, now)}


def behaving(monkeypatch: pytest.MonkeyPatch, behave: Behave) -> None:
    """What the neighbours do in their turns."""

    async def turn(_: Neighbours, __: datetime) -> None:
        await behave()

    monkeypatch.setattr(Neighbours, "turn", turn)


def test_workers_and_heartbeat_of_an_executor_are_shown_with_their_last_runs(home: Home) -> None:
    async def look(served: Served) -> None:
        await served.until(lambda: shown_heartbeat(glance(home.directory).status) is not None)
        seen, now = glance(home.directory), datetime.now(UTC)
        workers = {worker.name: worker for worker in shown_workers(seen.status)}
        assert len(workers) == 13
        assert all(worker.last_run is not None for worker in workers.values())
        assert workers["reconciliation"].last_act is not None
        assert workers["reconciliation"].next_due is not None
        beat = shown_heartbeat(seen.status)
        assert beat is not None
        assert (beat.verdict, beat.troubles) == ("HEALTHY", ())
        text = "\n".join(status_lines(seen, now))
        assert "reconciliation, last run" in text
        assert "heartbeat  HEALTHY" in text
        assert set(served.findings().values()) == {Verdict.OK}

    Served(home).run(look)


def test_a_worker_that_hangs_is_told_shown_and_closes_entries(monkeypatch: pytest.MonkeyPatch, hasty: Home) -> None:
    let_go, hangs = asyncio.Event(), [False]

    async def behave() -> None:
        if hangs[0]:
            await let_go.wait()

    behaving(monkeypatch, behave)

    async def look(served: Served) -> None:
        assert glance(hasty.directory).health(datetime.now(UTC))[0] is Health.ACTIVE
        hangs[0] = True
        await served.until(lambda: bool(served.alerts("WORKER_LATE")))
        (told,) = served.alerts("WORKER_LATE")
        assert told["message"].startswith("shadow and decay is late: its turn does not end, and these wait: ")
        assert told["severity"] == "CRITICAL"
        assert told["runbook"] == "RB-009"
        seen, now = glance(hasty.directory), datetime.now(UTC)
        health, reason = seen.health(now)
        assert health is Health.ENTRIES_CLOSED
        assert "stall watch" in reason
        assert exit_code_of(seen, now) is ExitCode.BROKER_UNREACHABLE
        assert "LATE stall watch" in "\n".join(status_lines(seen, now))
        assert served.findings()["workers"] is Verdict.WARNING
        hangs[0] = False
        let_go.set()
        await served.until(lambda: glance(hasty.directory).health(datetime.now(UTC))[0] is Health.ACTIVE)
        assert len(served.alerts("WORKER_LATE")) == 1

    Served(hasty).run(look)
    with Desk(hasty) as desk:
        assert [alert.alert.kind for alert in desk.read.open_alerts()] == ["WORKER_LATE"]


def test_an_executor_that_hangs_can_be_told_to_stop(monkeypatch: pytest.MonkeyPatch, hasty: Home) -> None:
    turns = [0]

    async def behave() -> None:
        turns[0] += 1
        if turns[0] > 3:
            await asyncio.Event().wait()

    behaving(monkeypatch, behave)

    async def look(served: Served) -> None:
        await served.until(lambda: turns[0] > 3)

    with pytest.raises(WorkerHangs, match="told to stop"):
        Served(hasty).run(look)
    assert glance(hasty.directory).executor is None


def test_a_worker_that_dies_ends_the_executor_and_is_told_before(monkeypatch: pytest.MonkeyPatch, home: Home) -> None:
    turns = [0]

    async def behave() -> None:
        turns[0] += 1
        if turns[0] > 3:
            raise KeyError("nobody thought of this")

    behaving(monkeypatch, behave)
    served = Served(home)

    async def look(_: Served) -> None:
        await served.until(lambda: bool(served.alerts("WORKER_DIED")))

    with pytest.raises(WorkerDied, match="shadow and decay died of KeyError"):
        served.run(look)
    (told,) = served.alerts("WORKER_DIED")
    assert (told["severity"], told["runbook"]) == ("CRITICAL", "RB-009")
    seen = glance(home.directory)
    assert seen.executor is None
    assert seen.health(datetime.now(UTC)) == (Health.ENTRIES_CLOSED, "no executor is at work")
