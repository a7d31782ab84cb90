"""What the tracker follows comes into the chain once: autopsies, sessions, and what could not be followed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import orjson
import pytest

from phoenix.adapters.calendar import FxWeek
from phoenix.adapters.market.bars import load_bars
from phoenix.adapters.shadow.memory import MemoryFile
from phoenix.adapters.shadow.tracker import ShadowTracker, TrackerOptions
from phoenix.adapters.simulation.feeds import BarFeed
from phoenix.adapters.simulation.prices import Tick
from phoenix.application.promotion.checklist import promotion_checklist
from phoenix.application.promotion.shadow_watch import ShadowWatch
from phoenix.application.simulation import run_now
from phoenix.domain.beads.operations import PerformancePayload
from phoenix.domain.beads.setup import RefusalPayload
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.instants import parse_instant
from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode, DecisionKind, KillSource, MarketRegime, StrategyMode
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.performance import month
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, make_policy
from tests.application.promotion.shadowed import ShadowedWorld, bars_until, midnight_after
from tests.replay.oracle import expect, read_bars, read_signals


@pytest.fixture
def world() -> ShadowedWorld:
    made = ShadowedWorld()
    made.register()
    return made


def autopsies(world: ShadowedWorld) -> list[AutopsyPayload]:
    return [one for one in world.payloads(AutopsyPayload) if one.shadow]


def test_a_signal_that_nobody_approved_is_followed_to_its_end(world: ShadowedWorld) -> None:
    signal_id = world.signal().signal_id
    world.turn()
    world.tick("1.25890")
    (autopsy,) = autopsies(world)
    assert (autopsy.position_id, autopsy.signal_id) == (f"shadow:{signal_id}", signal_id)
    assert (autopsy.outcome, autopsy.exit_reason, autopsy.setup_type) == ("LOSS", "STOP_LOSS", "FVG_RETEST")
    assert world.ledger("ORDER_RECEIVED") == []


def test_a_signal_that_a_live_account_refuses_is_followed_all_the_same() -> None:
    account = AccountPolicy("U0001", AccountMode.LIVE, "USD", allow_live=True)
    world = ShadowedWorld(policy=make_policy(account=account))
    world.register()
    assert world.signal().refusal is not None
    world.turn()
    world.tick("1.26310")
    assert [one.outcome for one in autopsies(world)] == ["WIN"]


def test_a_session_is_recorded_once_with_what_the_chain_knows(world: ShadowedWorld) -> None:
    passed = world.signal()
    assert passed.intent_id is not None
    world.turn()
    world.decide(DecisionKind.PASS, passed.intent_id, reason="too late in the day")
    run_now(world.executor.set_kill_flag("fvg-retest", "spreads", KillSource.MANUAL, OPERATOR))
    killed = world.signal()
    assert killed.refusal is not None
    world.tick("1.25890")
    world.until(midnight_after(world.now))
    for _ in range(3):
        world.turn()
    (session,) = world.payloads(PerformancePayload)
    assert (session.strategy_id, session.trades, session.origin) == ("fvg-retest", 2, "TRACKER")
    assert session.pnl == sum(one.pnl for one in autopsies(world))
    assert (session.would_have_killed, session.overrides) == (1, 1)
    assert session.market_regime is MarketRegime.UNKNOWN


def test_what_a_human_was_refused_or_an_assistant_did_is_no_override(world: ShadowedWorld) -> None:
    outcome = world.signal()
    assert outcome.intent_id is not None
    world.turn()
    world.refused(lambda: world.decide(DecisionKind.WITHDRAW, str(outcome.intent_id)))
    world.decide(DecisionKind.PASS, outcome.intent_id, signer=ASSISTANT, reason="seen enough of these")
    world.tick("1.25890")
    world.until(midnight_after(world.now))
    assert [one.overrides for one in world.payloads(PerformancePayload)] == [0]


def another_watch(world: ShadowedWorld, file: MemoryFile | None = None) -> ShadowWatch:
    """The watch of a next process at the same store, with a tracker that has only this file to remember."""
    options = TrackerOptions(INSTRUMENTS)
    tracker = ShadowTracker(options, {"GBPUSD": world.quotes}, world.calendar, world.now, file)
    watch = ShadowWatch(world.container.store(), tracker, world.executor, world.calendar)
    run_now(watch.start())
    return watch


def test_a_close_that_was_told_twice_is_recorded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = MemoryFile(tmp_path / "shadow.json")
    world = ShadowedWorld(file=file)
    world.register()
    world.signal()
    world.turn()
    monkeypatch.setattr(world.tracker, "confirm", lambda _: None)
    world.tick("1.25890")
    assert len(autopsies(world)) == 1
    assert file.load().closes
    watch = another_watch(world, file)
    run_now(watch.turn(world.now))
    assert len(autopsies(world)) == 1
    assert not file.load().closes


def test_a_trade_that_was_open_goes_on_in_the_next_process(tmp_path: Path) -> None:
    file = MemoryFile(tmp_path / "shadow.json")
    world = ShadowedWorld(file=file)
    world.register()
    world.signal()
    world.turn()
    watch = another_watch(world, file)
    at = world.now + timedelta(seconds=1)
    world.quotes.add(Tick(at, Decimal("1.25890"), Decimal("1.25900")))
    world.wait(1)
    run_now(watch.turn(world.now))
    assert len(autopsies(world)) == 1


def test_a_tracker_that_lost_its_memory_says_so_and_follows_what_is_new(world: ShadowedWorld) -> None:
    world.signal()
    world.turn()
    world.tick("1.25890")
    world.until(midnight_after(world.now))
    assert world.payloads(PerformancePayload)
    watch = another_watch(world)
    assert [one.kind for one in world.raised()][-1] == "SHADOW_FORGOTTEN"
    run_now(watch.turn(world.now))
    assert len(autopsies(world)) == 1
    assert not [one for one in world.payloads(RefusalPayload) if one.subject_kind == "SHADOW"]


def test_a_first_tracker_has_nothing_to_forget() -> None:
    world = ShadowedWorld()
    world.register()
    assert not world.raised()


def test_what_cannot_be_followed_is_refused_on_record_once(world: ShadowedWorld) -> None:
    yen = {"pair": "USDJPY", "entry": "150.000", "stop": "149.500", "target": "151.000"}
    world.signal(**yen)
    world.turn()
    world.turn()
    (refusal,) = [one for one in world.payloads(RefusalPayload) if one.subject_kind == "SHADOW"]
    assert (refusal.field, refusal.reason) == ("pair", "INSTRUMENT_UNKNOWN")


def test_a_trade_that_was_open_at_the_promotion_ends_its_life_as_shadow(world: ShadowedWorld) -> None:
    world.signal()
    world.turn()
    world.decide(DecisionKind.IMPORT_PERFORMANCE, "fvg-retest", signer=OPERATOR, detail=month())
    world.approve(str(world.decide(DecisionKind.PROMOTE, "fvg-retest")))
    assert world.state.strategies["fvg-retest"].mode is StrategyMode.LIVE
    before = len(autopsies(world))
    world.wait(60)
    world.signal(entry="1.26000")
    world.turn()
    world.tick("1.25890")
    assert len(autopsies(world)) == before + 1
    world.until(midnight_after(world.now))
    assert "TRACKER" not in {one.origin for one in world.payloads(PerformancePayload)}
    assert world.tracker.reports() == ()


def test_a_signal_that_nobody_had_taken_up_before_the_promotion_is_followed_as_shadow(world: ShadowedWorld) -> None:
    before = world.signal().signal_id
    world.decide(DecisionKind.IMPORT_PERFORMANCE, "fvg-retest", signer=OPERATOR, detail=month())
    world.approve(str(world.decide(DecisionKind.PROMOTE, "fvg-retest")))
    world.wait(1)
    world.signal(entry="1.26000")
    world.turn()
    assert [trade.signal_id for trade in world.tracker.open_trades()] == [before]


def test_the_real_month_fills_the_checklist_by_itself(real_month: Path) -> None:
    """Every signal comes at its own time, is proposed, passed over, and followed as shadow; a human then promotes."""
    bid, ask = (real_month / f"gbpusd-m1-{side}-2012-02.csv" for side in ("bid", "ask"))
    minutes = load_bars("GBPUSD", bid, ask).minutes
    feed = BarFeed("GBPUSD", minutes)
    world = ShadowedWorld(start=minutes[0].start, feed=feed, calendar=FxWeek())
    world.register()
    documents = [orjson.loads(file.read_bytes()) for file in (real_month / "signals").glob("*.json")]
    for document in sorted(documents, key=lambda one: str(one["timestamp"])):
        world.until(parse_instant(document["timestamp"]) - timedelta(microseconds=1))
        world.wait(0.000001)
        world.ingest(document)
        world.turn()
    world.until(bars_until(minutes))
    expected = expect(read_signals(real_month / "signals"), read_bars(bid, ask))
    assert {(one.signal_id, Fraction(one.pnl)) for one in autopsies(world)} == {
        (trade.signal_id, trade.pnl) for trade in expected.trades
    }
    sessions = world.payloads(PerformancePayload)
    assert [(one.session_date - sessions[0].session_date).days for one in sessions][-1] == 28
    assert len(sessions) == 21
    assert {one.market_regime for one in sessions} == {MarketRegime.TREND, MarketRegime.RANGE}
    assert promotion_checklist(world.state, world.policy, "fvg-retest").is_complete
    world.approve(str(world.decide(DecisionKind.PROMOTE, "fvg-retest")))
    assert world.state.strategies["fvg-retest"].mode is StrategyMode.LIVE
    report = world.history()
    assert report.ok, report.text()
