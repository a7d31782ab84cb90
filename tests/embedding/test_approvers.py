"""A program's own approver is a stranger: whatever it does, it approves nothing but what it was shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import phoenix
from phoenix import (
    Anchor,
    Approver,
    BeadType,
    Core,
    DecisionKind,
    Home,
    InvalidValue,
    PositionState,
    RefusalReason,
    Regime,
    Review,
    Verdict,
    approved_by,
    figure_of,
    open_home,
    passed_by,
)
from phoenix.adapters.brokers.chaos_mock import create
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.broker import Broker
from phoenix.ports.broker_factory import BrokerContext
from phoenix.runtime.home.binding import bind_new_store
from phoenix.runtime.process import opening
from tests.embedding.programs import ADA, LIMIT_S, proposed, state_of, until
from tests.examples.copies import run, said


class Scripted(Approver):
    """Answers what it is told to, review after review, and remembers what it was asked about."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.asked: list[Review] = []

    def review(self, review: Review) -> Verdict | None:
        self.asked.append(review)
        answer: Any = self._answers.pop(0) if self._answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]


class Slow(Approver):
    """Thinks until it is told to answer."""

    def __init__(self) -> None:
        self.is_asked = Event()
        self.may_answer = Event()

    def review(self, review: Review) -> Verdict | None:
        self.is_asked.set()
        assert self.may_answer.wait(LIMIT_S)
        return approved_by("slow")


def within(home: Home, approver: Approver, program: Callable[[Core], Awaitable[None]]) -> None:
    async def main() -> None:
        async with asyncio.timeout(LIMIT_S), phoenix.run(home, approver=approver) as core:
            await program(core)

    asyncio.run(main())


def decisions(core: Core) -> list[DecisionKind]:
    payloads = [item.bead.payload for item in core.beads()]
    made = [payload for payload in payloads if isinstance(payload, DecisionPayload)]
    return [payload.kind for payload in made if payload.kind in (DecisionKind.APPROVE, DecisionKind.PASS)]


def refusals(core: Core) -> list[RefusalReason]:
    payloads = [item.bead.payload for item in core.beads()]
    return [payload.reason for payload in payloads if isinstance(payload, RefusalPayload)]


def test_a_rule_approves_what_it_likes_and_passes_on_the_rest(home: Home) -> None:
    class TwoToOne(Approver):
        def review(self, review: Review) -> Verdict:
            ratio = figure_of(review, "sizing.reward_risk")
            return approved_by("two-to-one") if ratio >= 2 else passed_by("two-to-one", f"R is only {ratio}")

    async def program(core: Core) -> None:
        good, poor = await proposed(core), await proposed(core, target="1.27450")
        await until(lambda: state_of(core, good) is PositionState.MANAGED)
        await until(lambda: state_of(core, poor) is PositionState.CANCELLED)
        reasons = [item.bead.payload.reason for item in core.beads() if isinstance(item.bead.payload, DecisionPayload)]
        assert "R is only 1.5" in reasons

    within(home, TwoToOne(), program)


def test_an_approver_that_raises_approves_nothing_and_is_not_asked_again(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    approver = Scripted(ZeroDivisionError("no equity"), approved_by("ada"))

    async def program(core: Core) -> None:
        first = await proposed(core)
        await until(lambda: len(approver.asked) == 1)
        second = await proposed(core)
        await until(lambda: state_of(core, second) is PositionState.MANAGED)
        assert [review.intent_id for review in approver.asked] == [first.intent_id, second.intent_id]
        assert [review.intent_id for review in core.pending()] == [first.intent_id]
        assert decisions(core) == [DecisionKind.APPROVE]

    within(home, approver, program)
    told = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "stays open" in told[0].getMessage()
    assert told[0].exc_info is not None
    assert isinstance(told[0].exc_info[1], ZeroDivisionError)


@pytest.mark.parametrize(
    "answer",
    [
        "yes", True, Verdict(DecisionKind.KILL_LIFT, ADA, "why not", {}),
        Verdict(DecisionKind.APPROVE, ADA, None, {"kind": "PASSKEY", "signature": "forged"}),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_verdict_is_told_and_moves_nothing(
    home: Home, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    approver = Scripted(answer)

    async def program(core: Core) -> None:
        review = await proposed(core)
        await until(lambda: "stays open" in caplog.text)
        assert decisions(core) == []
        assert [one.intent_id for one in core.pending()] == [review.intent_id]

    within(home, approver, program)


def test_none_means_not_yet_and_the_others_have_their_turn(home: Home) -> None:
    approver = Scripted(None, None, None, approved_by("ada"))

    async def program(core: Core) -> None:
        first, second = await proposed(core), await proposed(core)
        await until(lambda: len(approver.asked) >= 4)
        asked = [review.intent_id for review in approver.asked]
        assert {first.intent_id, second.intent_id} == set(asked[1:3])
        await until(lambda: decisions(core) == [DecisionKind.APPROVE])

    within(home, approver, program)


def test_a_refused_verdict_is_on_record_told_and_not_tried_again(home: Home, caplog: pytest.LogCaptureFixture) -> None:
    approver = Slow()

    async def program(core: Core) -> None:
        review = await proposed(core)
        await until(approver.is_asked.is_set)
        flag_id = await core.set_kill(None, "halt", signer=ADA)
        approver.is_asked.clear()
        approver.may_answer.set()
        await until(lambda: "KILL_FLAG" in caplog.text)
        assert refusals(core) == [RefusalReason.KILL_FLAG]
        await core.decide(DecisionKind.KILL_LIFT, flag_id, signer=ADA, reason="calm again")
        for _ in range(3):
            await core.quote("GBPUSD")
        assert not approver.is_asked.is_set()
        assert state_of(core, review) is PositionState.PROPOSED

    within(home, approver, program)


def test_while_the_approver_thinks_the_core_lives_on_and_a_late_answer_is_for_the_old_evidence(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    approver = Slow()

    async def program(core: Core) -> None:
        shown = await proposed(core)
        await until(approver.is_asked.is_set)
        anchor = Anchor(datetime.now(UTC), Regime.NEWS, "params-2", "market-2")
        await core.register_anchor("manual", "GBPUSD", anchor, signer=ADA)
        await core.decide(DecisionKind.REFRESH, shown.intent_id, signer=ADA)
        approver.is_asked.clear()
        approver.may_answer.set()
        await until(lambda: RefusalReason.STALE_EVIDENCE in refusals(core))
        await until(lambda: state_of(core, shown) is PositionState.MANAGED)
        assert decisions(core) == [DecisionKind.APPROVE, DecisionKind.APPROVE]

    within(home, approver, program)
    assert "STALE_EVIDENCE" in caplog.text


def test_an_answer_after_the_end_moves_nothing_and_holds_nobody_up(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    approver = Slow()

    async def main() -> None:
        async with phoenix.run(home, approver=approver) as core:
            review = await proposed(core)
            await until(approver.is_asked.is_set)
        approver.may_answer.set()
        await until(lambda: "came too late" in caplog.text)
        with phoenix.Desk(home) as desk:
            assert [one.intent_id for one in desk.read.pending()] == [review.intent_id]
            assert not [item for item in desk.beads() if isinstance(item.bead.payload, DecisionPayload)
                        and item.bead.payload.kind is DecisionKind.APPROVE]  # fmt: skip

    asyncio.run(main())


NEVER = """
import asyncio, sys, threading
import phoenix

class Never(phoenix.Approver):
    def review(self, review):
        threading.Event().wait()

async def main():
    async with phoenix.run(sys.argv[1], approver=Never()) as core:
        await core.ingest(await core.simulated_signal(phoenix.SimulatedSetup("manual")))
        await core.quote("GBPUSD")

asyncio.run(main())
"""


def test_an_approver_that_never_answers_does_not_keep_the_process_alive(home: Home, tmp_path: Path) -> None:
    assert said(run(tmp_path, "-c", NEVER, str(home.directory))) == ""
    with phoenix.Desk(home) as desk:
        assert len(desk.read.pending()) == 1


def test_a_figure_is_a_number_of_the_evidence_or_an_error_that_names_it(home: Home) -> None:
    async def program(core: Core) -> None:
        review = await proposed(core)
        assert figure_of(review, "sizing.reward_risk") == 2
        assert figure_of(review, "order.quantity") > 0
        for path in ("sizing", "sizing.nothing", "order.pair", "warnings", "order.pair.length"):
            with pytest.raises(InvalidValue, match=path):
                figure_of(review, path)

    within(home, Scripted(), program)


def paper(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home on a paper account; its broker and its hours are simulated all the same."""

    def simulated(context: BrokerContext) -> Broker:
        return create(replace(context, account=AccountPolicy("SIM0001", AccountMode.SIMULATOR, "USD")))

    monkeypatch.setattr(opening, "load_broker_factory", lambda _: simulated)
    monkeypatch.setattr(opening, "calendar_of", lambda _: AlwaysOpen())
    file = home.directory / "phoenix.toml"
    text = file.read_text().replace("SIM0001", "DU0001").replace('"SIMULATOR"', '"PAPER"')
    file.write_text(text.replace("ALWAYS_OPEN", "FX_WEEK"))
    home.store.unlink()
    on_paper = open_home(home.directory, {"serve.poll_s": "0.01"})
    bind_new_store(on_paper, datetime.now(UTC))
    return on_paper


def test_on_a_paper_account_no_program_approves_and_the_attempt_is_on_record(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def program(core: Core) -> None:
        review = await proposed(core)
        await until(lambda: "PROOF_MISSING" in caplog.text)
        assert decisions(core) == [DecisionKind.APPROVE]
        assert refusals(core) == [RefusalReason.PROOF_MISSING]
        assert state_of(core, review) is PositionState.PROPOSED
        by_hand = await core.answer(review, approved_by("ada"))
        assert by_hand.refusal is not None
        assert by_hand.refusal.reason is RefusalReason.PROOF_MISSING
        assert BeadType.T2_TOKEN not in {item.bead.payload.bead_type for item in core.beads()}

    within(paper(home, monkeypatch), Scripted(approved_by("robot")), program)
