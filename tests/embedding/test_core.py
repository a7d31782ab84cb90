"""A program that is the executor itself: what it can do, and what it cannot do wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest

import phoenix
from phoenix import (
    Anchor,
    BeadType,
    Complete,
    Core,
    DecisionKind,
    Desk,
    ExecutorRunning,
    Home,
    InvalidValue,
    OutcomeStatus,
    PositionState,
    RefusalReason,
    Refused,
    Regime,
    SealedBead,
    Verdict,
    approved_by,
    passed_by,
)
from phoenix.application.watch.workers import WorkerDied
from phoenix.domain.beads.operations import HeartbeatPayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.embedding import core as core_module
from phoenix.ports.errors import StoreCorrupt, StoreUnavailable
from phoenix.runtime.process.neighbours import Neighbours
from phoenix.runtime.process.running import RunningExecutor
from tests.embedding.programs import ADA, LIMIT_S, proposed, state_of, until
from tests.runtime.tampering import changed_byte
from tests.runtime.trading import signal

Program = Callable[[Core], Coroutine[Any, Any, None]]


def within(home: Home, program: Callable[[Core], Awaitable[None]], **options: Any) -> None:
    """Run a program over a core, for a while at most."""

    async def main() -> None:
        async with asyncio.timeout(LIMIT_S), phoenix.run(home, **options) as core:
            await program(core)

    asyncio.run(main())


def refusals(core: Core) -> list[RefusalReason]:
    payloads = [item.bead.payload for item in core.beads()]
    return [payload.reason for payload in payloads if isinstance(payload, RefusalPayload)]


def test_a_signal_is_proposed_approved_and_closed_by_a_program(home: Home) -> None:
    async def program(core: Core) -> None:
        review = await proposed(core)
        entered = await core.answer(review, approved_by("ada", "looks right"))
        assert (entered.status, entered.state) == (OutcomeStatus.DONE, PositionState.MANAGED)
        assert review.position_id is not None
        asked = await core.decide(DecisionKind.CLOSE, review.position_id, signer=ADA, reason="enough")
        [leaving] = core.pending()
        assert (leaving.intent_id, leaving.kind) == (asked.intent_id, "EXIT")
        assert (await core.answer(leaving, approved_by("ada"))).state is PositionState.CLOSED
        assert core.pending() == []
        assert len(core.read.fills()) == 2
        assert core.read.orders() == []
        account = core.read.account()
        assert account is not None
        assert account.snapshot.equity > 0

    within(home, program)


def test_a_signal_may_be_a_mapping_and_is_answered_once(home: Home) -> None:
    async def program(core: Core) -> None:
        document = orjson.loads(signal())
        document["confidence"] = Decimal("0.81")
        first, second = await core.ingest(document), await core.ingest(document)
        assert first.refusal is None
        assert (second.intent_id, second.is_repeat) == (first.intent_id, True)
        malformed = await core.ingest({**document, "confidence": 2})
        assert malformed.refusal is not None
        with pytest.raises(TypeError, match="set"):
            await core.ingest({"pairs": {"GBPUSD"}})

    within(home, program)


def test_a_verdict_holds_for_the_evidence_that_was_shown_and_no_other(home: Home) -> None:
    async def program(core: Core) -> None:
        shown = await proposed(core)
        anchor = Anchor(datetime.now(UTC), Regime.NEWS, "params-2", "market-2")
        await core.register_anchor("manual", "GBPUSD", anchor, signer=ADA)
        await core.decide(DecisionKind.REFRESH, shown.intent_id, signer=ADA)
        outcome = await core.answer(shown, approved_by("ada"))
        assert outcome.refusal is not None
        assert outcome.refusal.reason is RefusalReason.STALE_EVIDENCE
        assert refusals(core) == [RefusalReason.STALE_EVIDENCE]
        assert state_of(core, shown) is PositionState.PROPOSED
        [current] = core.pending()
        assert current.bundle_hash != shown.bundle_hash
        assert (await core.answer(current, approved_by("ada"))).state is PositionState.MANAGED

    within(home, program)


def test_what_is_no_verdict_is_refused_before_it_is_on_record(home: Home) -> None:
    wrong = [
        Verdict(DecisionKind.CLOSE, ADA, None, {}),
        Verdict(DecisionKind.APPROVE, ADA, None, {"kind": "PASSKEY"}),
        Verdict(DecisionKind.APPROVE, ADA, None, {}),
        Verdict(DecisionKind.APPROVE, ADA, None, None),
    ]

    async def program(core: Core) -> None:
        review = await proposed(core)
        seq = core.head_seq
        for verdict in wrong:
            with pytest.raises(InvalidValue, match="verdict"):
                await core.answer(review, verdict)
        with pytest.raises(InvalidValue, match="answer"):
            await core.decide(DecisionKind.APPROVE, review.intent_id, signer=ADA)
        assert core.head_seq == seq
        assert (await core.answer(review, passed_by("ada", "not today"))).state is PositionState.CANCELLED

    within(home, program)


def test_followers_see_every_bead_once_and_in_order_whoever_appends_it(home: Home) -> None:
    async def program(core: Core) -> None:
        seen: list[SealedBead] = []

        async def follow() -> None:
            async for item in core.follow():
                seen.append(item)  # noqa: PERF401 - it never ends

        follower = asyncio.create_task(follow())
        await proposed(core)
        with Desk(home) as desk:
            desk.set_kill(None, "a pause", signer=ADA)
        await until(lambda: any(item.bead.payload.bead_type is BeadType.KILL_FLAG for item in seen))
        assert [item.seq for item in seen] == list(range(1, len(seen) + 1))
        follower.cancel()

    within(home, program)


def test_a_follower_begins_where_it_likes_and_takes_what_it_wants(home: Home) -> None:
    async def program(core: Core) -> None:
        await proposed(core)
        begin = core.head_seq
        review = await proposed(core)
        await core.answer(review, approved_by("ada"))
        states = []
        async for item in core.follow(after_seq=begin, kinds=[BeadType.POSITION]):
            assert item.seq > begin
            states.append(getattr(item.bead.payload, "state", None))
            if states[-1] is PositionState.MANAGED:
                break
        assert states[-4:] == [
            PositionState.APPROVED, PositionState.SUBMITTED, PositionState.FILLED, PositionState.MANAGED
        ]  # fmt: skip

    within(home, program)


def test_following_ends_with_the_cores_last_bead_however_slow_one_is(home: Home) -> None:
    async def main() -> None:
        async with phoenix.run(home) as core:
            eager = asyncio.create_task(follow_all(core))
            slow = core.follow()
            first = await anext(slow)
            await proposed(core)
        rest = [item async for item in slow]
        assert [first, *rest] == await asyncio.wait_for(eager, LIMIT_S)
        with Desk(home) as desk:
            assert [first, *rest] == desk.beads()
        with pytest.raises(RuntimeError, match="let go"):
            core.follow()

    asyncio.run(main())


async def follow_all(core: Core) -> list[SealedBead]:
    return [item async for item in core.follow()]


def test_a_second_executor_is_refused_and_the_first_lets_go_in_order(home: Home) -> None:
    async def program(_: Core) -> None:
        with pytest.raises(ExecutorRunning, match="robot"):
            async with phoenix.run(home):
                raise AssertionError("there are two executors")
        with Desk(home) as desk:
            holder = desk.executor()
            assert holder is not None
            assert holder.command == "robot"

    within(home, program, name="robot")
    with Desk(home) as desk:
        assert desk.executor() is None
        session = desk.read.session()
        assert (session.is_connected, session.detail) == (False, "robot is done")


def test_a_changed_bead_stops_the_start_although_a_snapshot_speaks_for_it(home: Home) -> None:
    async def propose(core: Core) -> None:
        await core.ingest(signal())

    within(home, propose)
    changed_byte(home)
    with pytest.raises(StoreCorrupt, match="bead 3"):
        within(home, propose)


def test_nobody_but_serve_is_called_so_for_that_one_is_sent_signals(home: Home) -> None:
    async def program(core: Core) -> None:
        raise AssertionError("it was let in")

    with pytest.raises(InvalidValue, match="name"):
        within(home, program, name="serve")


def test_an_error_of_the_program_passes_through_and_the_core_lets_go_in_order(home: Home) -> None:
    async def program(core: Core) -> None:
        await proposed(core)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        within(home, program)
    with Desk(home) as desk:
        assert desk.executor() is None
        assert desk.read.session().detail == "embedded is done"
        assert desk.store.verify().ok


def test_when_nothing_can_be_made_durable_the_block_is_cut_short(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(_: RunningExecutor) -> None:
        raise StoreUnavailable("the disk is full")

    waited: list[float] = []

    async def program(core: Core) -> None:
        clock = asyncio.get_running_loop()
        began = clock.time()
        monkeypatch.setattr(RunningExecutor, "turn", fail)
        try:
            await asyncio.Event().wait()
        finally:
            waited.append(clock.time() - began)

    with pytest.raises(StoreUnavailable, match="the disk is full"):
        within(home, program)
    assert waited[0] < LIMIT_S / 2
    with Desk(home) as desk:
        assert desk.executor() is None


def test_the_heart_of_an_embedded_executor_beats(home: Home) -> None:
    async def program(core: Core) -> None:
        def beats() -> list[str]:
            payloads = [item.bead.payload for item in core.beads()]
            return [payload.verdict for payload in payloads if isinstance(payload, HeartbeatPayload)]

        await until(lambda: beats() == ["HEALTHY"])

    within(home, program)


def test_a_worker_that_dies_cuts_the_block_short_and_is_on_record(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    async def turn(_: Neighbours, __: datetime) -> None:
        raise KeyError("nobody thought of this")

    async def program(_: Core) -> None:
        monkeypatch.setattr(Neighbours, "turn", turn)
        await asyncio.Event().wait()

    with pytest.raises(WorkerDied, match="shadow and decay died of KeyError"):
        within(home, program)
    with Desk(home) as desk:
        assert [found.alert.kind for found in desk.read.open_alerts()] == ["WORKER_DIED"]


def test_a_caller_that_fails_with_the_store_learns_why(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[BaseException] = []

    async def program(core: Core) -> None:
        def fail(*_: object) -> object:
            raise StoreUnavailable("the disk is full")

        monkeypatch.setattr(type(core._store), "transact", fail)
        try:
            await core.ingest(signal())
        except BaseException as error:
            learned.append(error)
            raise

    with pytest.raises(StoreUnavailable):
        within(home, program)
    assert isinstance(learned[0], StoreUnavailable | asyncio.CancelledError)


def test_who_gives_up_before_it_was_begun_has_done_nothing(home: Home) -> None:
    async def program(core: Core) -> None:
        begin = core.head_seq
        asking = asyncio.create_task(core.ingest(signal()))
        await asyncio.sleep(0)
        asking.cancel()
        await core.quote("GBPUSD")
        assert {item.bead.payload.bead_type for item in core.beads(begin)} <= {BeadType.HEARTBEAT}

    within(home, program)


def test_a_core_that_has_let_go_does_nothing_more(home: Home) -> None:
    kept: list[Core] = []

    async def program(core: Core) -> None:
        kept.append(core)

    within(home, program)
    with pytest.raises(RuntimeError, match="let go"):
        asyncio.run(kept[0].ingest(signal()))


def test_the_inbox_is_taken_in_only_where_it_is_wanted(home: Home) -> None:
    (home.inbox / "one.json").write_bytes(signal())

    async def look(core: Core) -> None:
        await core.quote("GBPUSD")
        assert core.pending() == []

    async def take(core: Core) -> None:
        await until(lambda: len(core.pending()) == 1)

    within(home, look)
    within(home, take, inbox=True)
    assert [path.name for path in (home.inbox / "accepted").glob("one*.json")] != []


def test_a_kill_flag_binds_at_once_and_is_lifted_by_a_human(home: Home) -> None:
    async def program(core: Core) -> None:
        review = await proposed(core)
        flag_id = await core.set_kill("manual", "spreads blew out", signer=ADA)
        refused = await core.answer(review, approved_by("ada"))
        assert refused.refusal is not None
        assert refused.refusal.reason is RefusalReason.KILL_FLAG
        with pytest.raises(Refused, match="reason"):
            await core.set_kill(None, " ", signer=ADA)
        await core.decide(DecisionKind.KILL_LIFT, flag_id, signer=ADA, reason="calm again")
        assert core.read.kill_flags() == []

    within(home, program)


def test_a_quote_is_complete_or_unknown_with_the_reason(home: Home) -> None:
    async def program(core: Core) -> None:
        quote = await core.quote("GBPUSD")
        assert isinstance(quote, Complete)
        assert quote.value.bid < quote.value.ask
        assert not isinstance(await core.quote("XXXYYY"), Complete)

    within(home, program)


def test_what_could_not_be_recorded_is_refused_and_not_waited_for(home: Home) -> None:
    async def program(core: Core) -> None:
        before = core.head_seq
        reason = "half a \ud800 character"
        outcome = await core.decide(DecisionKind.REGISTER_STRATEGY, "mine", signer=ADA, reason=reason)
        assert (outcome.status, outcome.is_settled) == (OutcomeStatus.REFUSED, True)
        assert outcome.refusal is not None
        assert outcome.refusal.reason is RefusalReason.MALFORMED
        assert BeadType.DECISION not in {item.bead.payload.bead_type for item in core.beads(before)}

    within(home, program)


def test_what_nobody_has_answered_is_not_settled(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_module, "outcome_of_decision", lambda *_: None)

    async def program(core: Core) -> None:
        outcome = await core.decide(DecisionKind.REGISTER_STRATEGY, "mine", signer=ADA, reason="my own")
        assert (outcome.status, outcome.is_settled) == (OutcomeStatus.NOT_YET_KNOWN, False)

    within(Home.open(home.directory, {"commands.wait_s": "0.1"}), program)
