"""A strategy's way to LIVE at a desk, with and without an executor elsewhere; what is shown of it."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from phoenix.domain.beads.envelope import SYSTEM, Signer
from phoenix.domain.errors import InvalidValue
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import DecisionKind, KillSource, MarketRegime, RefusalReason, SignerKind, StrategyMode
from phoenix.replay.examples import examples_folder
from phoenix.runtime.desk import Desk
from phoenix.runtime.documents.promotion import (
    shadow_run_document,
    shadow_trade_document,
    strategy_document,
)
from phoenix.runtime.documents.reviews import review_document
from phoenix.runtime.home import Home
from phoenix.runtime.pages.promotion import promotion_page
from phoenix.runtime.readings.outcomes import OutcomeStatus
from phoenix.runtime.readings.promotion_reviews import PromotionReview
from tests.runtime.processes import serving
from tests.runtime.trading import TRADER, signal
from tests.support.shadow import performance_file

STRATEGY = "manual"
ASSISTANT = Signer(SignerKind.ASSISTANT, "assistant")


def approve(desk: Desk, intent_id: str, **changes: Any) -> OutcomeStatus:
    review = desk.read.review(intent_id)
    changes = {"signer": TRADER, "evidence_hash": review.bundle_hash, "proof": {"kind": "TYPED"}, **changes}
    return desk.decide(DecisionKind.APPROVE, intent_id, **changes).status


def is_json(document: Any) -> bool:
    """Plain JSON without numbers, as every document is."""
    if isinstance(document, dict):
        return all(isinstance(key, str) and is_json(value) for key, value in document.items())
    if isinstance(document, list | tuple):
        return all(map(is_json, document))
    return document is None or isinstance(document, str | bool)


def test_a_month_of_shadow_leads_to_live(home: Home, tmp_path: Path) -> None:
    with Desk(home) as desk:
        refused = desk.promotions.promote(STRATEGY, signer=TRADER)
        assert refused.refusal is not None
        assert (refused.refusal.reason, refused.refusal.field) == (RefusalReason.EVIDENCE_INCOMPLETE, "sessions")
        imported = desk.promotions.import_file(STRATEGY, performance_file(tmp_path), signer=TRADER)
        assert imported.status is OutcomeStatus.DONE, imported
        asked = desk.promotions.promote(STRATEGY, signer=TRADER, reason="a calm month")
        assert asked.intent_id is not None, asked
        (review,) = desk.read.pending()
        assert isinstance(review, PromotionReview)
        assert (review.intent_id, review.strategy_id, review.approved, review.outdated) == (
            asked.intent_id, STRATEGY, False, False
        )  # fmt: skip
        assert desk.decide(DecisionKind.RECOMMEND, review.intent_id, signer=ASSISTANT, reason="wait").status == "DONE"
        shown = review_document(desk.read.review(review.intent_id[:12]), None, datetime.now(UTC))
        assert (shown["what"], shown["kind"], shown["pair"]) == (f"PROMOTE {STRATEGY}", "PROMOTE", None)
        assert "wait" in str(shown["recommendations"])
        assert approve(desk, review.intent_id) is OutcomeStatus.DONE
        record = desk.promotions.strategy(STRATEGY)
        assert record.mode is StrategyMode.LIVE
        assert record.promoted is not None
        assert record.promoted.approver == TRADER.identity
        assert (len(record.record.sessions), record.record.autopsies.all.count, record.checklist) == (20, 20, None)
        assert desk.read.pending() == []
        assert is_json(strategy_document(record, desk.promotions.regime_rule()))
        assert "LIVE since" in promotion_page(record, desk.promotions.regime_rule())


def test_the_checklist_is_shown_with_everything_that_is_missing(home: Home) -> None:
    with Desk(home) as desk:
        desk.catch_up()
        desk.set_kill(None, "looking into the feed", signer=TRADER)
        record = desk.promotions.strategy(STRATEGY)
        document = strategy_document(record, desk.promotions.regime_rule())
        assert is_json(document)
        promotion = document["promotion"]
        assert isinstance(promotion, dict)
        assert promotion["complete"] is False
        assert {"KILL_FLAGS", "DRIFT", "SESSIONS", "AUTOPSY_SUMMARY"} <= set(promotion["missing"])
        page = promotion_page(record, desk.promotions.regime_rule())
        assert "looking into the feed" in page
        assert "Nothing was recorded yet" in page
        with pytest.raises(Refused, match="not registered"):
            desk.promotions.strategy("nobody")


def test_a_wrong_file_records_nothing(home: Home, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("session_date,pnl\n2026-01-05,1\n")
    with Desk(home) as desk:
        desk.catch_up()
        with pytest.raises(InvalidValue, match="market_regime"):
            desk.promotions.import_file(STRATEGY, performance_file(tmp_path), wrong, signer=TRADER)
        with pytest.raises(InvalidValue, match="no file was named"):
            desk.promotions.import_file(STRATEGY, signer=TRADER)
        assert desk.promotions.strategy(STRATEGY).record.sessions == ()


def test_several_files_are_one_import(home: Home, tmp_path: Path) -> None:
    files = [performance_file(tmp_path, 5, "a.json"), performance_file(tmp_path, 5, "b.json", 5)]
    with Desk(home) as desk:
        assert desk.promotions.import_file(STRATEGY, *files, signer=TRADER).status is OutcomeStatus.DONE
        sessions = desk.promotions.strategy(STRATEGY).record.sessions
        assert {one.origin for one in sessions} == {"IMPORT a.json, b.json"}
        assert len(sessions) == 10


def test_a_recorded_market_is_followed_and_put_on_record(home: Home) -> None:
    """The example's three days: too few for a promotion, and told as they are."""
    market = examples_folder() / "market"
    with Desk(home) as desk:
        desk.register_strategy("range-break", "gaps", signer=TRADER)
        run = desk.promotions.follow(
            "range-break", examples_folder() / "signals", market / "gbpusd-m1-bid.csv", market / "gbpusd-m1-ask.csv",
            "GBPUSD",
        )  # fmt: skip
        assert len(run.sessions) >= 2
        assert run.closes
        assert {one.file for one in run.not_followed} >= {"20240307T1105-GBPUSD-tampered.json"}
        assert is_json(shadow_run_document(run))
        assert desk.promotions.import_run(run, signer=TRADER).status is OutcomeStatus.DONE
        record = desk.promotions.strategy("range-break")
        assert [one.session_date for one in record.record.sessions] == [one.session_date for one in run.sessions]
        assert record.record.autopsies.all.count == len(run.closes)
        assert {one.market_regime for one in record.record.sessions} <= set(MarketRegime)
        again = desk.promotions.import_run(run, signer=TRADER)
        assert again.refusal is not None
        assert again.refusal.reason is RefusalReason.CONFLICT


def test_the_real_month_leads_a_strategy_to_live(home: Home, real_month: Path) -> None:
    """Twenty-one sessions at once, then the ceremony; what is promoted is what was recorded, losses and all."""
    bid, ask = (real_month / f"gbpusd-m1-{side}-2012-02.csv" for side in ("bid", "ask"))
    with Desk(home) as desk:
        desk.register_strategy("fvg-retest", "gaps", signer=TRADER)
        run = desk.promotions.follow("fvg-retest", real_month / "signals", bid, ask, "GBPUSD")
        assert (len(run.sessions), len(run.closes), run.not_followed, run.open_trades) == (21, 49, (), 0)
        assert desk.promotions.import_run(run, signer=TRADER).status is OutcomeStatus.DONE
        asked = desk.promotions.promote("fvg-retest", signer=TRADER)
        assert asked.intent_id is not None, asked
        assert approve(desk, asked.intent_id) is OutcomeStatus.DONE
        record = desk.promotions.strategy("fvg-retest")
        assert record.mode is StrategyMode.LIVE
        assert record.statistics is not None
        assert record.statistics.pnl == sum(one.pnl for one in run.closes)
        assert (record.statistics.sessions, record.statistics.trades) == (21, 49)
        assert "LIVE since" in promotion_page(record, desk.promotions.regime_rule())


def test_beside_an_executor_everything_goes_on_record_and_is_followed(home: Home, tmp_path: Path) -> None:
    with serving(home), Desk(home) as desk:
        assert desk.promotions.import_file(STRATEGY, performance_file(tmp_path), signer=TRADER).status == "DONE"
        assert desk.ingest(signal(), signer=TRADER).refusal is None
        asked = desk.promotions.promote(STRATEGY, signer=TRADER)
        assert asked.intent_id is not None, asked
        told = desk.promotions.tell_decay(STRATEGY, Decimal("0.9"), "edge is gone", signer=SYSTEM)
        assert told.status is OutcomeStatus.DONE
        assert [flag.source for flag in desk.read.kill_flags()] == [KillSource.SIGNALMAN]
        assert approve(desk, asked.intent_id) is OutcomeStatus.REFUSED
        assert desk.promotions.strategy(STRATEGY).mode is StrategyMode.SHADOW
    with Desk(home) as desk:
        (trade,) = desk.promotions.open_trades()
        assert trade.strategy_id == STRATEGY
        assert is_json(shadow_trade_document(trade))


def test_a_signal_of_a_one_shot_command_is_followed_too(home: Home) -> None:
    with Desk(home) as desk:
        assert desk.promotions.open_trades() == []
        assert desk.ingest(signal(), signer=TRADER).refusal is None
        (trade,) = desk.promotions.open_trades()
        assert trade.opened_at is not None
