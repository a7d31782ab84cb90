"""Processes that die at a chosen point: forked, so that hundreds of them cost seconds.

A child acts as the executor of a home through a whole trade by hand. It is killed as by kill -9 where a fault point
says so; what it had acknowledged by then is known from a pipe.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from phoenix.adapters.store.chain_store import ChainStore
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.errors import DomainError
from phoenix.domain.position import Position
from phoenix.domain.vocabulary import DecisionKind
from phoenix.ports.store import Committed
from phoenix.runtime.faults.points import VARIABLE
from phoenix.runtime.home import Home
from phoenix.runtime.process.one_shot import act_once
from phoenix.runtime.process.running import RunningExecutor
from phoenix.runtime.readings import Readings
from tests.runtime.trading import TRADER

Script: TypeAlias = Callable[[RunningExecutor], Awaitable[None]]
Acknowledged: TypeAlias = list[tuple[int, str]]

FAILED = 99


class Died:
    """How a child ended: `code` is 0 when it came to the end of its script, and negative when it was killed."""

    def __init__(self, code: int, acknowledged: Acknowledged) -> None:
        self.code = code
        self.acknowledged = acknowledged

    @property
    def was_killed(self) -> bool:
        return self.code == -signal.SIGKILL


def run(home: Home, script: Script, fault_point: str | None = None) -> Died:
    """Run a script in a child, killed at a fault point, or not at all."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os._exit(_play(home, script, fault_point, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    lines = [line.split() for line in told.splitlines(keepends=True) if line.endswith("\n")]
    return Died(os.waitstatus_to_exitcode(status), [(int(seq), bead_hash) for seq, bead_hash in lines])


def _play(home: Home, script: Script, fault_point: str | None, writing: int) -> int:
    if fault_point is not None:
        os.environ[VARIABLE] = fault_point
    _tell_commits(writing)
    try:
        act_once(home, "script", script, lambda _: None)
    except BaseException as error:  # noqa: BLE001 - nothing of the child may reach the test runner
        os.write(2, f"{error!r}\n".encode())
        return FAILED
    return 0


def _tell_commits(writing: int) -> None:
    """Write the place and the hash of the last bead of every unit of work once it is acknowledged."""
    transact = ChainStore.transact

    def told(store: ChainStore[Any], work: Any) -> Committed[Any]:
        committed = transact(store, work)
        if committed.sealed:
            last = committed.sealed[-1]
            os.write(writing, f"{last.seq} {last.bead_hash.hex()}\n".encode())
        return committed

    ChainStore.transact = told  # type: ignore[method-assign, assignment]


async def decide(
    running: RunningExecutor, kind: DecisionKind, subject_id: str, evidence_hash: str | None = None
) -> None:
    """Decide as a trader does; a refusal is as good as an answer here."""
    decision = DecisionPayload(
        running.parts.ids.new_id(), kind, subject_id, evidence_hash, None, {}, {"kind": "TYPED"}
    )  # fmt: skip
    try:
        await running.executor.decide(decision, TRADER)
    except DomainError:
        return


def trade_by_hand(document: bytes) -> Script:
    """Propose, approve, close; and what a person does after a death at any point, until nothing is open any more."""

    async def script(running: RunningExecutor) -> None:
        await running.executor.ingest(document, TRADER)
        await _approve_all(running)
        for position in _positions(running):
            await _settle(running, position)
        for position in _positions(running):
            if position.open_quantity > 0:
                await decide(running, DecisionKind.CLOSE, position.position_id)
        await _approve_all(running)
        running.checkpoint()

    return script


async def _settle(running: RunningExecutor, position: Position) -> None:
    """What a person does about an order that the broker never spoke of, and an exit that was not carried on."""
    if any(leg.is_alive and leg.is_unanswered for leg in position.legs):
        await decide(running, DecisionKind.ATTEST_ABSENT, position.position_id)
    elif position.unsettled_action is not None:
        await decide(running, DecisionKind.WITHDRAW, position.unsettled_action.intent_id)


def _positions(running: RunningExecutor) -> list[Position]:
    return Readings(running.parts.store, running.parts.clock).positions()


async def _approve_all(running: RunningExecutor) -> None:
    for review in Readings(running.parts.store, running.parts.clock).pending():
        await decide(running, DecisionKind.APPROVE, review.intent_id, review.bundle_hash)
    await running.stay()
