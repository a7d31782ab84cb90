"""The life of a soak: an executor that is killed and started again, and the end that everything is brought to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from phoenix.domain.errors import PhoenixError
from phoenix.runtime.checkup.proof import ledger_in, ledger_of, prove
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from tools.soak.decider import Decider
from tools.soak.gateway import SoakGateway

KILL_EVERY_S = 20.0
ROUND_S = 1.0
CONCLUDE_WITHIN = timedelta(minutes=8)
"""Longer than a token lives: an approval whose secret died with its process has to run out first."""


class Soak:
    """One home, its executor, and whoever decides."""

    def __init__(
        self, home: Home, random: Random, say: Callable[[str], None], gateway: SoakGateway | None = None
    ) -> None:  # fmt: skip
        self._home = home
        self._gateway = gateway
        self._random = random
        self._say = say
        self._executor: subprocess.Popen[str] | None = None
        self._kills = 0
        self._failures: Counter[str] = Counter()
        self._unexpected: list[str] = []

    def live_until(self, end: datetime) -> None:
        """Decide and kill at random. What a surface runs into while an executor dies is counted, not hidden."""
        with Desk(self._home) as desk:
            decider = Decider(desk, self._random)
            kill_at = self._next_kill()
            while datetime.now(UTC) < end:
                self._let_serve()
                if self._gateway is not None:
                    self._gateway.disturb()
                if time.monotonic() >= kill_at:
                    self._kill()
                    kill_at = self._next_kill()
                self._decide(decider.round)
                time.sleep(ROUND_S * self._random.random())
            lines = {} if self._gateway is None else dict(self._gateway.counts)
            self._say(f"{self._kills} kills, lines {lines}, {decider.counts}, surfaces ran into {dict(self._failures)}")

    def conclude(self) -> bool:
        """Bring everything to its end, stop in order, and prove the history. Whether all is well."""
        with Desk(self._home) as desk:
            decider = Decider(desk, self._random)
            deadline = datetime.now(UTC) + CONCLUDE_WITHIN
            while datetime.now(UTC) < deadline and (desk.read.positions() or desk.read.unanswered()):
                self._let_serve()
                self._decide(decider.wind_down)
                time.sleep(ROUND_S)
            self._stop()
            left = [f"{position.state} {position.position_id}" for position in desk.read.positions()]
            return self._verdict(desk, left)

    def _verdict(self, desk: Desk, left: list[str]) -> bool:
        ledger = ledger_of(self._home) or [] if self._gateway is None else ledger_in(self._gateway.book)
        report = prove(self._home, desk.store, settled=not left, ledger=ledger)
        received = Counter(record["reference"] for record in ledger if record["kind"] == "ORDER_RECEIVED")
        twice = [reference for reference, count in received.items() if count > 1]
        for finding in report.findings:
            self._say(finding.text())
        self._say(
            f"{report.beads} beads, {len(received)} orders at the broker, {len(twice)} sent twice, left open: {left}, "
            f"unexpected ends: {self._unexpected}, history {'sound' if report.ok else 'BROKEN'}"
        )
        return report.ok and not twice and not left and not self._unexpected

    def _decide(self, act: Callable[[], None]) -> None:
        try:
            act()
        except PhoenixError as error:
            self._failures[type(error).__name__] += 1
            self._say(f"{type(error).__name__}: {error}")

    def end(self) -> None:
        """Let go of every process."""
        if self._executor is not None and self._executor.poll() is None:
            self._executor.kill()
            self._executor.wait()
        if self._gateway is not None:
            self._gateway.stop()

    def _let_serve(self) -> None:
        if self._gateway is not None:
            self._gateway.let_serve()
        if self._executor is not None and self._executor.poll() is not None:
            self._note_end(self._executor)
            self._executor = None
        if self._executor is None:
            command = [sys.executable, "-m", "tools.soak", "--serve", str(self._home.directory)]
            self._executor = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def _note_end(self, executor: subprocess.Popen[str]) -> None:
        """An executor that was not killed, and ends all the same, has come upon something."""
        errors = executor.stderr.read() if executor.stderr is not None else ""
        if "ExecutorRunning" in errors:
            self._failures["a command was the executor just then"] += 1
        elif executor.returncode not in (0, -signal.SIGKILL):
            self._unexpected.append(errors.strip()[-500:])
            self._say(f"the executor ended by itself ({executor.returncode}): {errors}")

    def _kill(self) -> None:
        if self._executor is not None and self._executor.poll() is None:
            self._executor.kill()
            self._executor.wait()
            self._kills += 1

    def _stop(self) -> None:
        if self._executor is not None:
            self._executor.terminate()
            self._executor.wait()
            self._note_end(self._executor)

    def _next_kill(self) -> float:
        return time.monotonic() + self._random.expovariate(1 / KILL_EVERY_S)
