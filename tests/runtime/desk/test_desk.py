"""The desk on its own: the executor for a moment, and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Timer
from unittest.mock import patch

import pytest

from phoenix.adapters.locks import FileLock, this_process
from phoenix.application.signals.outcome import SignalOutcome
from phoenix.domain.anchor import Anchor
from phoenix.domain.beads.approval import DecisionPayload
from phoenix.domain.beads.envelope import BeadType, Signer
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, PositionState, RefusalReason, Regime, SignerKind, StrategyMode
from phoenix.ports.answers import Complete
from phoenix.ports.errors import ConfigurationError, ExecutorRunning, NotYetKnown, StoreUnavailable
from phoenix.runtime.desk import Desk
from phoenix.runtime.desk.journal import Journal
from phoenix.runtime.home import Home
from phoenix.runtime.process import one_shot
from phoenix.runtime.readings.outcomes import OutcomeStatus
from phoenix.runtime.readings.reviews import Review
from phoenix.runtime.signals.notations import Notation
from tests.runtime.processes import started
from tests.runtime.trading import TRADER, approve, proposed, signal

ASSISTANT = Signer(SignerKind.ASSISTANT, "assistant")


def kinds(desk: Desk, after_seq: int = 0) -> list[BeadType]:
    return [item.bead.payload.bead_type for item in desk.beads(after_seq)]


def test_without_an_executor_a_command_is_one_for_a_moment(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert desk.executor() is None
        assert entry.intent_id is not None
        passed = desk.decide(DecisionKind.PASS, entry.intent_id, signer=TRADER, reason="not today")
        assert (passed.status, passed.state) == (OutcomeStatus.DONE, PositionState.CANCELLED)
        assert desk.read.pending() == []


def test_the_same_signal_again_answers_its_first_outcome(home: Home) -> None:
    document = signal()
    with Desk(home) as desk:
        first = desk.ingest(document, signer=TRADER)
        second = desk.ingest(document, signer=TRADER)
    assert second.is_repeat
    assert (second.intent_id, second.refusal) == (first.intent_id, first.refusal)


def test_a_review_shows_the_evidence_that_an_approval_must_name(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        review = desk.read.review(entry.intent_id)
        assert isinstance(review, Review)
        assert isinstance(review.bundle, dict)
        assert review.bundle["intent_id"] == entry.intent_id
        assert review.stale_at is not None
        assert review.lapses_at is not None
        assert not review.approved
        refused = desk.decide(
            DecisionKind.APPROVE, entry.intent_id, signer=TRADER, evidence_hash=review.bundle_hash, proof={}
        )
        assert refused.refusal is not None
        assert refused.refusal.reason is RefusalReason.PROOF_MISSING


def test_an_assistant_recommends_and_never_approves(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        told = desk.decide(DecisionKind.RECOMMEND, entry.intent_id, signer=ASSISTANT, reason="looks late")
        assert told.status is OutcomeStatus.DONE
        (given,) = desk.read.review(entry.intent_id).recommendations
        assert (given.signer, given.text) == (ASSISTANT, "looks late")
        review = desk.read.review(entry.intent_id)
        refused = desk.decide(
            DecisionKind.APPROVE, entry.intent_id, signer=ASSISTANT, evidence_hash=review.bundle_hash,
            proof={"kind": "TYPED"},
        )  # fmt: skip
        assert refused.refusal is not None
        assert refused.refusal.reason is RefusalReason.NOT_ALLOWED


def test_a_passed_signal_is_proposed_again_by_hand(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        desk.decide(DecisionKind.PASS, entry.intent_id, signer=TRADER)
        again = desk.decide(DecisionKind.REPROPOSE, entry.signal_id, signer=TRADER)
        assert again.status is OutcomeStatus.DONE
        assert [review.intent_id for review in desk.read.pending()] == [again.intent_id]


def test_a_refresh_binds_a_proposal_to_a_newer_anchor(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        before = desk.read.review(entry.intent_id)
        anchor = Anchor(datetime.now(UTC), Regime.NEWS, "params-2", "market-2")
        desk.register_anchor("manual", "GBPUSD", anchor, signer=TRADER)
        refreshed = desk.decide(DecisionKind.REFRESH, entry.intent_id, signer=TRADER)
        assert refreshed.status is OutcomeStatus.DONE
        after = desk.read.review(entry.intent_id)
        assert after.bundle_hash != before.bundle_hash
        older = Anchor(anchor.captured_at - timedelta(minutes=1), Regime.NORMAL, "params-0", "market-0")
        with pytest.raises(Refused, match="captured_at"):
            desk.register_anchor("manual", "GBPUSD", older, signer=TRADER)


def test_a_dead_end_is_an_outcome_that_says_what_to_do(home: Home) -> None:
    wrong = [
        (DecisionKind.CLOSE, RefusalReason.NOT_FOUND), (DecisionKind.CANCEL, RefusalReason.NOT_FOUND),
        (DecisionKind.WITHDRAW, RefusalReason.NOT_FOUND), (DecisionKind.ADOPT, RefusalReason.MALFORMED),
        (DecisionKind.BIND, RefusalReason.NOT_FOUND), (DecisionKind.ATTEST_ABSENT, RefusalReason.NOT_FOUND),
        (DecisionKind.RESOLVE, RefusalReason.NOT_FOUND), (DecisionKind.PROMOTE, RefusalReason.STRATEGY_UNKNOWN),
        (DecisionKind.KILL_LIFT, RefusalReason.MALFORMED),
    ]  # fmt: skip
    with Desk(home) as desk:
        for kind, reason in wrong:
            outcome = desk.decide(kind, "nothing", signer=TRADER)
            assert outcome.refusal is not None, kind
            assert outcome.refusal.reason is reason, kind
            assert outcome.refusal.remedy, kind
        assert desk.read.unanswered() == []


def test_beside_an_executor_a_surface_appends_its_four_kinds_only(home: Home) -> None:
    hasty = Home.open(home.directory, {"commands.wait_s": "0"})
    with Desk(home) as desk:
        desk.catch_up()
    with started(home, "hold") as holder, Desk(hasty) as desk:
        holder.wait_for("ready")
        begin = desk.store.head().seq
        desk.ingest(signal(), signer=TRADER)
        desk.set_kill("manual", "a pause", signer=TRADER)
        desk.register_anchor("manual", "GBPUSD", Anchor(datetime.now(UTC), Regime.NORMAL, "p", "m"), signer=TRADER)
        desk.decide(DecisionKind.PASS, "some intent", signer=TRADER)
        assert kinds(desk, begin) == [
            BeadType.SIGNAL, BeadType.KILL_FLAG, BeadType.STATE_ANCHOR, BeadType.DECISION
        ]  # fmt: skip


def test_a_journal_offers_no_way_to_append_anything_else() -> None:
    offered = {name for name in vars(Journal) if not name.startswith("_")}
    assert offered == {"signal", "decision", "kill_flag", "anchor"}


def test_what_a_surface_records_is_checked_before(home: Home) -> None:
    with started(home, "hold") as holder, Desk(Home.open(home.directory, {"commands.wait_s": "0"})) as desk:
        holder.wait_for("ready")
        begin = desk.store.head().seq
        with pytest.raises(Refused, match="reason"):
            desk.set_kill(None, "  ", signer=TRADER)
        with pytest.raises(Refused, match="expires_at"):
            desk.set_kill(None, "why", signer=TRADER, expires_at=datetime.now(UTC))
        assert desk.store.head().seq == begin


@pytest.mark.parametrize("document", [b"{}", signal(pair="XXXYYY")])
def test_a_document_that_nobody_could_refuse_on_record_is_not_yet_known_and_waits(
    home: Home, document: bytes
) -> None:  # fmt: skip
    said: list[str] = []
    with started(home, "hold") as holder:
        holder.wait_for("ready")
        with Desk(Home.open(home.directory, {"commands.wait_s": "0"}), said.append) as desk:
            begin = desk.store.head().seq
            assert desk.ingest(document, signer=TRADER) == SignalOutcome("")
            assert desk.store.head().seq == begin
    [waiting] = home.inbox.glob("*.json")
    assert waiting.read_bytes() == document
    assert "not yet known" in said[0]
    assert str(waiting) in said[0]


def test_a_document_that_nobody_picked_up_is_refused_by_the_process_that_brought_it(home: Home) -> None:
    with started(home, "hold") as holder, Desk(home) as desk:
        holder.wait_for("ready")
        ending = Timer(0.5, holder.kill)
        ending.start()
        outcome = desk.ingest(b"{}", signer=TRADER)
        ending.join()
        assert outcome.refusal is not None
        assert list(home.inbox.glob("*.json")) == []
        assert kinds(desk).count(BeadType.REFUSAL) == 1


def test_a_signal_in_yaml_is_the_same_signal(home: Home) -> None:
    document = signal()
    with Desk(home) as desk:
        first = desk.ingest(document, signer=TRADER, notation=Notation.YAML)
        again = desk.ingest(document, signer=TRADER)
        assert first.intent_id is not None
        assert (again.is_repeat, again.intent_id) == (True, first.intent_id)
        wrong = desk.ingest(b"cse_version: &one '1.0'", signer=TRADER, notation=Notation.YAML)
        assert wrong.refusal is not None
        assert wrong.refusal.field == "cse_version"


def test_a_desk_follows_what_others_append(home: Home) -> None:
    with Desk(home) as desk, Desk(home) as other:
        entry = proposed(desk)
        begin = desk.store.head().seq
        assert list(desk.follow(begin, for_s=0)) == []
        other.set_kill(None, "a pause", signer=TRADER)
        flagged = next(item for item in desk.follow(begin, for_s=10))
        assert flagged.bead.payload.bead_type is BeadType.KILL_FLAG
        assert [item.seq for item in desk.follow(for_s=0)] == list(range(1, flagged.seq + 1))
        assert entry.refusal is None


def test_looking_appends_nothing_and_needs_no_lock(home: Home) -> None:
    with Desk(home) as desk:
        proposed(desk)
        begin = desk.store.head().seq
        read = desk.read
        looks: list[Callable[[], object]] = [
            read.pending, read.positions, read.orders, read.fills, read.account, read.kill_flags, read.strategies,
            read.drifts, read.alerts, read.session, read.strays, read.parked, read.external_orders,
            read.resting_entries, read.unanswered,
        ]  # fmt: skip
        with started(home, "hold") as holder:
            holder.wait_for("ready")
            for look in looks:
                look()
        assert desk.store.head().seq == begin
        account = read.account()
        assert account is not None
        assert account.age > timedelta(0)
        (strategy,) = read.strategies()
        assert (strategy.strategy_id, strategy.mode) == ("manual", StrategyMode.SHADOW)
        assert strategy.description == "Signals made by hand"


def test_a_position_is_found_by_the_beginning_of_its_id(home: Home) -> None:
    with Desk(home) as desk:
        first, second = proposed(desk), proposed(desk)
        assert first.position_id is not None
        assert desk.read.position(first.position_id[:-1]).position_id == first.position_id
        story = desk.read.history(first.position_id)
        assert [item.bead.payload.bead_type for item in story] == [
            BeadType.INTENT, BeadType.EVIDENCE, BeadType.POSITION
        ]  # fmt: skip
        with pytest.raises(Refused, match="2 positions"):
            desk.read.position(first.position_id[:2])
        with pytest.raises(Refused, match="no position"):
            desk.read.position("zzz")
        assert second.position_id is not None


def test_a_quote_is_had_with_and_without_an_executor(home: Home) -> None:
    with Desk(home) as desk:
        quote = desk.quote("GBPUSD")
        assert isinstance(quote, Complete)
        assert quote.value.bid < quote.value.ask


def test_a_strategy_is_registered_by_hand_once(home: Home) -> None:
    with Desk(home) as desk:
        assert desk.register_strategy("mine", "my own", signer=TRADER).status is OutcomeStatus.DONE
        assert {known.strategy_id for known in desk.read.strategies()} == {"manual", "mine"}
        again = desk.register_strategy("mine", "again", signer=TRADER)
        assert again.refusal is not None
        assert again.refusal.reason is RefusalReason.CONFLICT


def test_a_command_that_connects_finds_no_session_to_reconnect(home: Home) -> None:
    with Desk(home) as desk:
        outcome = desk.reconnect(signer=TRADER)
        assert outcome.refusal is not None
        assert outcome.refusal.reason is RefusalReason.WRONG_STATE
        assert desk.reconnect(signer=ASSISTANT).refusal is not None


def test_a_flag_set_without_an_executor_binds_at_once_and_is_told_by_the_next(home: Home) -> None:
    with Desk(home) as desk:
        begin = desk.store.head().seq
        desk.set_kill(None, "halt", signer=TRADER)
        assert kinds(desk, begin) == [BeadType.KILL_FLAG]
        desk.catch_up()
        desk.catch_up()
        assert [told.alert.kind for told in desk.read.alerts()].count("KILL_FLAG_SET") == 1
    assert len(home.alerts.read_text().splitlines()) == 1


def test_a_checkpoint_without_an_executor_is_taken_here(home: Home) -> None:
    with Desk(home) as desk:
        taken = desk.checkpoint()
        assert taken.seq <= desk.store.head().seq
    with started(home, "hold") as holder, Desk(Home.open(home.directory, {"commands.wait_s": "0.2"})) as desk:
        holder.wait_for("ready")
        with pytest.raises(ExecutorRunning, match="hold"):
            desk.checkpoint()


def test_halting_leaves_proposals_to_be_refused(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        desk.set_kill(None, "halt", signer=TRADER)
        refused = approve(desk, entry.intent_id)
        assert refused.refusal is not None
        assert refused.refusal.reason is RefusalReason.KILL_FLAG


def test_what_could_not_be_recorded_is_not_said_to_be_on_record(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        outcome = desk.decide(DecisionKind.PASS, entry.intent_id, signer=TRADER, reason="half a \ud800 character")
        assert outcome.status is OutcomeStatus.REFUSED
        assert outcome.refusal is not None
        assert outcome.refusal.reason is RefusalReason.MALFORMED
        assert len(desk.read.pending()) == 1


def test_what_nobody_has_answered_is_not_settled(home: Home) -> None:
    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        lock = FileLock(home.lock)
        lock.take(this_process("serve", datetime.now(UTC)))
        try:
            outcome = desk.decide(DecisionKind.PASS, entry.intent_id, signer=TRADER, reason="not today")
        finally:
            lock.release()
    assert (outcome.status, outcome.is_settled) == (OutcomeStatus.NOT_YET_KNOWN, False)


def test_a_decision_on_record_is_said_to_be_when_this_process_cannot_take_its_turn(home: Home) -> None:
    """The executor goes away once the decision is on record, and this process cannot be it."""
    lock, on_record = FileLock(home.lock), Journal.decision

    def record_and_go(journal: Journal, decision: DecisionPayload, signer: Signer) -> int:
        seq = on_record(journal, decision, signer)
        lock.release()
        return seq

    with Desk(home) as desk:
        entry = proposed(desk)
        assert entry.intent_id is not None
        lock.take(this_process("serve", datetime.now(UTC)))
        cannot = patch.object(one_shot, "act_once", side_effect=ConfigurationError("account.id: not the broker's"))
        with patch.object(Journal, "decision", record_and_go), cannot, pytest.raises(NotYetKnown, match="on record: 1"):
            desk.decide(DecisionKind.PASS, entry.intent_id, signer=TRADER, reason="not today")
        assert len(desk.read.state.decisions) == 1


@pytest.mark.parametrize(("room", "error"), [(0, StoreUnavailable), (1, NotYetKnown)])
def test_of_several_decisions_those_on_record_are_told_when_the_next_cannot_be(
    home: Home, room: int, error: type[Exception]
) -> None:
    lock, on_record = FileLock(home.lock), Journal.decision

    def record(journal: Journal, decision: DecisionPayload, signer: Signer) -> int:
        if decision.subject_id == drafts[room].subject_id:
            raise StoreUnavailable("committing: the disk is full. Nothing was stored")
        return on_record(journal, decision, signer)

    with Desk(home) as desk:
        intents = [proposed(desk).intent_id or "" for _ in range(2)]
        drafts = [DecisionPayload(f"d{n}", DecisionKind.PASS, one, None, "no", {}, {}) for n, one in enumerate(intents)]
        lock.take(this_process("serve", datetime.now(UTC)))
        try:
            with patch.object(Journal, "decision", record), pytest.raises(error):
                desk.decide_each(drafts, signer=TRADER)
        finally:
            lock.release()
        assert len(desk.read.state.decisions) == room
