"""The checklist passes an item only where its fact is known and says so."""

from __future__ import annotations

from typing import Any

from phoenix.domain.promotion.checklist import (
    Checklist,
    CheckName,
    PromotionFacts,
    PromotionPolicy,
    Unread,
    check_promotion,
)
from phoenix.domain.promotion.record import ShadowRecord
from phoenix.domain.vocabulary import MarketRegime
from phoenix.rehearsal.performance import autopsy, session

POLICY = PromotionPolicy()


def record_of(sessions: int = 20, autopsies: int | None = None, **changes: Any) -> ShadowRecord:
    record = ShadowRecord()
    for number in range(sessions):
        record = record.with_session(session(number, **changes), f"bead-{number}")
    for number in range(sessions if autopsies is None else autopsies):
        record = record.with_autopsy(autopsy(number))
    return record


def checked(record: ShadowRecord | None = None, policy: PromotionPolicy | None = POLICY, **facts: object) -> Checklist:
    known = {"flags": (), "drifts": (), "stalled": (), "record": record, **facts}
    return check_promotion(PromotionFacts(**known), policy)  # type: ignore[arg-type]


def missing(checklist: Checklist) -> list[str]:
    return [item.name.value for item in checklist.missing]


def test_complete_evidence_has_every_item_and_lacks_none() -> None:
    checklist = checked(record_of())
    assert checklist.is_complete
    assert [item.name for item in checklist.items] == list(CheckName)


def test_without_a_record_everything_that_is_recorded_is_missing() -> None:
    assert missing(checked(None)) == [name.value for name in CheckName][3:]


def test_what_is_unsafe_is_listed_before_what_is_incomplete() -> None:
    checklist = checked(None, flags=("global flag",), drifts=("POSITION_SIZE",), stalled=("position 1",))
    assert missing(checklist) == [name.value for name in CheckName]
    assert "global flag" in checklist.item(CheckName.KILL_FLAGS).found


def test_a_fact_that_cannot_be_read_fails() -> None:
    for fact, name in (("flags", CheckName.KILL_FLAGS), ("drifts", CheckName.DRIFT), ("stalled", CheckName.STALLED)):
        checklist = checked(record_of(), POLICY, **{fact: Unread("nobody looked")})
        assert missing(checklist) == [name.value]
        assert "nobody looked" in checklist.item(name).found


def test_without_a_policy_every_item_fails() -> None:
    assert missing(checked(record_of(), None)) == [name.value for name in CheckName]


def test_twenty_sessions_are_the_least_that_a_policy_can_ask_for() -> None:
    assert missing(checked(record_of(19), PromotionPolicy(sessions_min=1))) == ["SESSIONS"]
    assert missing(checked(record_of(20), PromotionPolicy(sessions_min=21))) == ["SESSIONS"]


def test_an_unknown_regime_does_not_count() -> None:
    record = record_of(market_regime=MarketRegime.UNKNOWN)
    assert missing(checked(record)) == ["REGIMES"]
    one_more = session(20, market_regime=MarketRegime.UNKNOWN, trades=0)
    assert missing(checked(record_of(20).with_session(one_more, "x"))) == []


def test_every_trade_needs_its_autopsy() -> None:
    assert missing(checked(record_of(autopsies=19))) == ["AUTOPSY_SUMMARY"]


def test_sessions_are_kept_in_order_of_their_dates_however_they_come() -> None:
    forth, back = ShadowRecord(), ShadowRecord()
    for number in range(5):
        forth = forth.with_session(session(number), "last")
        back = back.with_session(session(4 - number), "last")
    assert forth == back


def test_a_summary_counts_outcomes_exits_and_setups() -> None:
    summary = record_of(8).autopsies
    assert (summary.all.count, summary.all.wins, summary.losses, summary.breakevens) == (8, 4, 4, 0)
    assert [(one.name, one.count, one.wins) for one in summary.by_exit] == [("STOP_LOSS", 4, 0), ("TAKE_PROFIT", 4, 4)]
    assert [(one.name, one.count) for one in summary.by_setup] == [("FVG_RETEST", 8)]


def test_equity_that_does_not_add_up_and_mixed_sources_are_pointed_out() -> None:
    record = record_of(3).with_session(session(3, equity=session(3).equity + 1, origin="elsewhere"), "x")
    warnings = checked(record).warnings
    assert any("does not follow" in one for one in warnings)
    assert any("2 sources" in one for one in warnings)
