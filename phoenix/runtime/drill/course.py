"""The course of a drill: its steps one after the other, each told as soon as it is known.

A drill is the executor for its time (SPEC 3.13). What it sends is an ordinary position: whatever ends the drill in its
midst, the next executor finds it as it finds any other.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from phoenix.adapters.clock import SystemClock
from phoenix.domain.errors import PhoenixError
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.errors import ExecutorRunning, StoreError
from phoenix.runtime.desk import Desk
from phoenix.runtime.drill import gate, looking, proving, trading
from phoenix.runtime.drill.floor import Approver, Floor
from phoenix.runtime.drill.plan import DrillPlan
from phoenix.runtime.drill.steps import (
    LOOKING,
    TRADING,
    Result,
    Step,
    StepName,
    Verdict,
    failed,
    not_done,
    unknown,
)
from phoenix.runtime.home import Home
from phoenix.runtime.process.one_shot import act_once
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.saying import Say

Take: TypeAlias = Callable[[Floor], Awaitable[Result]]
Tell: TypeAlias = Callable[[Step], None]

_TAKES: Mapping[StepName, Take] = {
    StepName.CONNECT: looking.connect,
    StepName.ACCOUNT: looking.account,
    StepName.CLOCK: looking.clock,
    StepName.CONTRACT: looking.contract,
    StepName.QUOTE: looking.quote,
    StepName.BOOKS: looking.books,
    StepName.GATE: gate.gate,
    StepName.ACKNOWLEDGED: trading.acknowledged,
    StepName.FILLED: trading.filled,
    StepName.MANAGED: trading.managed,
    StepName.EXIT: trading.exit_,
    StepName.CLOSED: trading.closed,
    StepName.RECONCILED: proving.reconciled,
}


@dataclass(frozen=True, slots=True)
class Drilled:
    """What a drill came to. `position` is the drill's own, where it has come to one; `mode` is the account's."""

    steps: tuple[Step, ...]
    position: Position | None
    mode: AccountMode
    is_interrupted: bool


def drill(home: Home, plan: DrillPlan, approver: Approver, tell: Tell, say: Say) -> Drilled:
    """Carry a drill out. Raises ExecutorRunning, with nothing done, beside another executor, and what stops a start."""
    return _Course(home, plan, approver, tell).carried_out(say)


class _Course:
    def __init__(self, home: Home, plan: DrillPlan, approver: Approver, tell: Tell) -> None:
        self._home = home
        self._plan = plan
        self._approver = approver
        self._tell = tell
        self._clock = SystemClock()
        self._since = self._clock.now()
        self._steps: list[Step] = []
        self._floor: Floor | None = None
        self._is_interrupted = False

    def carried_out(self, say: Say) -> Drilled:
        try:
            act_once(self._home, "drill", self._act, say)
        except ExecutorRunning as error:
            raise ExecutorRunning(
                f"{error}. A drill is the executor itself: end phoenix serve, drill, then start it again"
            ) from error
        except KeyboardInterrupt:
            self._is_interrupted = True
            self._break_off("interrupted")
        except PhoenixError as error:
            if self._floor is None:
                raise
            self._break_off(str(error))
        self._prove_record()
        return Drilled(tuple(self._steps), self._position(), self._home.settings.account.mode, self._is_interrupted)

    async def _act(self, running: RunningExecutor) -> None:
        floor = self._floor = Floor(running, self._plan, self._approver)
        for name, take in _TAKES.items():
            reason = self._kept_from(name, floor)
            self._took(name, await take(floor) if reason is None else not_done(reason))

    def _kept_from(self, name: StepName, floor: Floor) -> str | None:
        """Why a step cannot be taken after what those before it came to."""
        verdicts = {step.name: step.result.verdict for step in self._steps}
        if name is StepName.CONNECT:
            return None
        if verdicts[StepName.CONNECT] is not Verdict.OK:
            return "there is no session"
        if name in LOOKING:
            return None
        if self._is_paper and name is not StepName.GATE:
            return gate.NO_PROOF_HERE
        if name in (StepName.MANAGED, StepName.EXIT) and floor.holds_something:
            return None
        return _missing_before(name, verdicts)

    @property
    def _is_paper(self) -> bool:
        return self._home.settings.account.mode is not AccountMode.SIMULATOR

    def _took(self, name: StepName, result: Result) -> None:
        now = self._clock.now()
        step = Step(name, result, now - self._since)
        self._since = now
        self._steps.append(step)
        self._tell(step)

    def _break_off(self, why: str) -> None:
        """The step that was being taken, and all that were still to come but the proof of the record."""
        left = [name for name in _TAKES if name not in {step.name for step in self._steps}]
        for place, name in enumerate(left):
            self._took(name, not_done("the drill was broken off") if place else _broken_off(name, why))

    def _prove_record(self) -> None:
        if self._is_interrupted:
            self._took(StepName.RECORD, not_done("the drill was broken off", "phoenix beads verify --history"))
        elif self._is_paper:
            self._took(StepName.RECORD, not_done(gate.NO_PROOF_HERE, "phoenix beads verify --history"))
        else:
            self._took(StepName.RECORD, _record(self._home))

    def _position(self) -> Position | None:
        if self._floor is None or not self._floor.position_id:
            return None
        try:
            with Desk(self._home) as desk:
                return desk.read.position(self._floor.position_id)
        except StoreError:  # told by the proof of the record already
            return None


def _record(home: Home) -> Result:
    try:
        return proving.record(home)
    except StoreError as error:
        return failed(str(error), "phoenix doctor")


def _missing_before(name: StepName, verdicts: Mapping[StepName, Verdict]) -> str | None:
    """The first step that this one rests on and that did not succeed; a comparison of the books rests on none."""
    if name not in TRADING:
        return None
    resting_on = [*LOOKING, *TRADING[: TRADING.index(name)]]
    missing = next((before for before in resting_on if verdicts[before] is not Verdict.OK), None)
    if missing is None or (name is StepName.CLOSED and verdicts[StepName.EXIT] is Verdict.OK):
        return None
    return f"{missing.value} is {verdicts[missing].value.replace('_', ' ')}"


def _broken_off(name: StepName, why: str) -> Result:
    """Before the gate nothing was sent; from there on nobody can say without looking."""
    if name in LOOKING:
        return failed(why, "phoenix doctor, then drill again")
    return unknown(why, "Look before anything else: phoenix status, phoenix positions list, phoenix pending")
