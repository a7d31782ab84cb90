"""What a careful core does when things go wrong is sound: no rule calls it a breach."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phoenix.history_check import Status
from tests.history_check.histories import (
    HUMAN,
    History,
    alert,
    conflict,
    drift,
    instant,
    kill_flag,
    net_mismatch,
    resolution,
    run,
    session,
    status_of,
)
from tests.history_check.promotion_breaches import live_entry
from tests.history_check.promotions import promoted
from tests.history_check.trades import (
    QUANTITY,
    Trade,
    adopted_execution,
    adopted_order,
    beats,
    one_trade,
    opened,
)

Story = Callable[[], History]
STORIES: list[tuple[Story, tuple[str, ...]]] = []


def exercises(*invariants: str) -> Callable[[Story], Story]:
    def register(story: Story) -> Story:
        STORIES.append((story, invariants))
        return story

    return register


@pytest.mark.parametrize(("story", "invariants"), STORIES, ids=[story.__name__ for story, _ in STORIES])
def test_a_sound_history_breaks_nothing(story: Story, invariants: tuple[str, ...]) -> None:
    report = story().check()
    assert report.ok, report.text()
    for invariant in invariants:
        assert status_of(report, invariant) is Status.OK


@exercises(
    "INV-T2-TOKEN-1", "INV-T2-GATE-1", "INV-T2-TOKEN-AUDIT-1", "INV-POSITION-AUDIT-1", "INV-POSITION-SM-1",
    "INV-POSITION-SUBMITTED-TTL-1", "INV-CSE-1", "INV-SUBMIT-ONCE-1", "INV-UNKNOWN-1", "INV-BEAD-CHAIN-1",
    "INV-BEAD-FIRST-1", "INV-PROTECT-1", "INV-LATE-FILL-1", "INV-HUMAN-1", "INV-PAPER-GUARD-1", "INV-EXIT-1",
)  # fmt: skip
def trade_to_its_target() -> History:
    return one_trade()[0]


@exercises("INV-EXIT-1", "INV-KILL-BLOCKS-ENTRY-1")
def exit_by_hand_under_a_kill_flag() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    kill_flag(history, 50, "flag")
    made.exit_asked(110)
    made.cancels(111)
    made.exit_sent(112, 110)
    made.made("X", 113)
    made.open, made.protection = "0", "NONE"
    made.execution("X", 113)
    made.position("CLOSED", "EXIT_COMPLETED", 113)
    kill_flag(history, 200, "flag", "LIFTED", signer=HUMAN)
    Trade(history, number=2, at=300).closed()
    return history


@exercises("INV-POSITION-SUBMITTED-TTL-1")
def silence_and_a_late_acknowledgement() -> History:
    history = opened()
    Trade(history, at=10).stalled()
    beats(history, 2000)
    return history


@exercises("INV-UNKNOWN-1")
def rejection_by_the_broker() -> History:
    history = opened()
    Trade(history, at=10).rejected()
    beats(history, 2000)
    return history


@exercises("INV-UNKNOWN-1")
def order_held_back_at_the_last_look() -> History:
    history = opened()
    made = Trade(history, at=10).submitted()
    history.ledger.clear()
    kill_flag(history, 12, "flag")
    made.order("NOT_SENT", 12)
    made.position("CANCELLED", "NOT_SENT", 12)
    beats(history, 2000)
    return history


@exercises("INV-UNKNOWN-1")
def absence_that_a_human_attested() -> History:
    history = opened()
    made = Trade(history, at=10).submitted()
    history.ledger.clear()
    made.position("STALLED", "SILENCE", 72)
    alert(history, 72, "POSITION_STALLED", made.position_id)
    made.decision(100, "ATTEST_ABSENT", subject_id=made.position_id)
    made.order("ABSENT", 100)
    made.position("CANCELLED", "ATTESTED_ABSENT", 100)
    return history


@exercises("INV-STALE-KILL-1", "INV-T2-TOKEN-AUDIT-1")
def approval_that_went_stale() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    made.token("EXPIRED", 311)
    made.position("EXPIRED", "TOKEN_ENDED", 311)
    kill_flag(history, 1870, "flag", strategy_id="fvg", expires_at=instant(2170))
    conflict(history, 1870, "1860", intent_id=made.intent_id, kill_flag_id="flag")
    conflict(history, 1880, "1870", intent_id=made.intent_id)
    kill_flag(history, 2170, "flag", "EXPIRED", strategy_id="fvg", expires_at=instant(2170))
    return history


@exercises("INV-LATE-FILL-1", "INV-PROTECT-1")
def partial_fills_a_correction_and_a_bust() -> History:
    history = opened()
    made = Trade(history, at=10).acknowledged()
    for nth, (quantity, total) in enumerate((("4000", "4000"), ("6000", "10000")), start=1):
        made.made("E", 13 + nth, quantity, nth=nth)
        made.filled = made.open = total
        made.execution("E", 13 + nth, quantity, nth=nth)
        made.position("FILLED", "EXECUTION", 13 + nth)
    made.order("STATUS", 16, "S", status="WORKING", filled_quantity="0", remaining_quantity=QUANTITY)
    made.protection = "EXACT"
    made.position("MANAGED", "PROTECTION_EXACT", 16)
    _revised(made, "CORRECTED", "CORRECTION", "5000", "9000", nth=2, at=20)
    _revised(made, "BUSTED", "BUST", "4000", "5000", nth=1, at=30)
    return history


def _revised(made: Trade, event: str, kind: str, quantity: str, left: str, nth: int, at: float) -> None:
    made.made("E", at, quantity, nth=nth, revision=2, kind=kind)
    made.filled = made.open = left
    made.protection = "OVER"
    made.execution("E", at, quantity, event=event, nth=nth, revision=2)
    made.position("MANAGED", "EXECUTION", at)
    alert(made.history, at + 1, "POSITION_UNPROTECTED", made.position_id)
    made.order("STATUS", at + 2, "S", status="WORKING", filled_quantity="0", remaining_quantity=left)


@exercises("INV-LATE-FILL-1")
def correction_that_overtook_the_first_report() -> History:
    history, made = one_trade()
    booked = history.find("EXECUTION", role="ENTRY").payload
    booked.update(execution_id="1.E1.02", revision="2")
    made.made("E", 14, revision=2, kind="CORRECTION")
    return history


@exercises("INV-LATE-FILL-1")
def fill_after_the_end_that_was_loud() -> History:
    history = opened()
    made = Trade(history, at=10).rejected()
    made.made("E", 20)
    made.filled = made.open = QUANTITY
    made.execution("E", 20)
    made.position("REJECTED", "EXECUTION", 20)
    drift(history, 20, made.position_id)
    kill_flag(history, 20, "flag")
    alert(history, 20, "LATE_EXECUTION", made.position_id)
    beats(history, 2000)
    return history


@exercises("INV-EXIT-1")
def stop_that_filled_although_its_end_was_confirmed() -> History:
    """The broker's doing, not Phoenix's: it is loud, and no flip of ours."""
    history = opened()
    made = Trade(history, at=10).exited()
    made.made("S", 200)
    made.open = "-" + QUANTITY
    made.execution("S", 200)
    made.position("CLOSED", "EXECUTION", 200)
    drift(history, 200, made.position_id)
    kill_flag(history, 200, "flag")
    alert(history, 200, "LATE_EXECUTION", made.position_id)
    beats(history, 2000)
    return history


@exercises("INV-PROTECT-1", "INV-RUNBOOK-1")
def lost_stop_that_was_told_of() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    history.book("CANCELLED", 20, reference=made.reference("S"))
    made.order("CANCELLED", 20, "S", status="CANCELLED")
    alert(history, 30, "POSITION_UNPROTECTED", made.position_id)
    beats(history, 100)
    return history


@exercises("INV-RECONCILE-ALERT-1", "INV-RECONCILE-AUDIT-1", "INV-RECONCILE-AUDIT-2", "INV-RECONCILE-READONLY-1")
def drift_that_a_human_resolved() -> History:
    history = opened()
    made = Trade(history, at=10).managed()
    made.corrected(60)
    beats(history, 101)
    run(history, 110, "HEALTHY")
    return history


@exercises("INV-RECONCILE-ALERT-1", "INV-RECONCILE-AUDIT-1", "INV-RECONCILE-AUDIT-2")
def drift_that_changed_and_was_acknowledged() -> History:
    history, _ = one_trade()
    run(history, 600, "SETTLING", net_mismatch(600, "0", "5000"))
    run(history, 640, "DRIFT", net_mismatch(600, "0", "5000"))
    former = drift(history, 640, key="net:GBPUSD", phoenix_state={"net": "0"}, broker_state={"net": "5000"})
    alert(history, 640, "DRIFT_FOUND")
    run(history, 700, "DRIFT", net_mismatch(660, "0", "6000"))
    later = drift(
        history, 700, key="net:GBPUSD", phoenix_state={"net": "0"}, broker_state={"net": "6000"},
        supersedes=former.bead_id,
    )  # fmt: skip
    alert(history, 700, "DRIFT_FOUND")
    resolution(history, 800, later.bead_id)
    history.book("EXTERNAL_HOLDING", 590, account="SIM0001", pair="GBPUSD", quantity="6000", price="1.5")
    run(history, 1000, "HEALTHY").payload["silenced"] = ["net:GBPUSD"]
    return history


@exercises(
    "INV-PROMOTION-EVIDENCE-1", "INV-PROMOTION-T2-1", "INV-PROMOTION-SAFE-1", "INV-PROMOTION-SAFE-2", "INV-HUMAN-1"
)
def promotion_with_everything() -> History:
    return promoted()


@exercises("INV-PROMOTION-EVIDENCE-1", "INV-PAPER-GUARD-1")
def entry_of_a_promoted_strategy_on_a_live_account() -> History:
    return live_entry(is_promoted=True)


@exercises("INV-RECONNECT-1")
def reconnect_at_the_third_attempt() -> History:
    history = opened()
    session(history, 4, "DISCONNECTED")
    for at in (9, 24, 69):
        session(history, at, "RECONNECTING")
    session(history, 70, "RECONNECTED")
    session(history, 71, "RECONCILED")
    Trade(history, at=100).closed()
    return history


@exercises("INV-HUMAN-1", "INV-PAPER-GUARD-1")
def live_trade_with_a_passkey() -> History:
    history = History()
    history.add("CONFIG_CHANGE", 0, config_hash="c", settings={"broker": {"allow_live": True}})
    session(history, 0, "CONNECTED", "LIVE", "U1")
    session(history, 0, "RECONCILED", "LIVE", "U1")
    Trade(history, at=10, account="U1", proof="PASSKEY").closed()
    return history


@exercises("INV-POSITION-SUBMITTED-TTL-1", "INV-T2-TOKEN-AUDIT-1")
def crash_that_kept_timers_from_their_hour() -> History:
    """Nobody stalls a position while no process lives; the restarted one has its time."""
    history = opened()
    made = Trade(history, at=10).submitted()
    Trade(history, number=2, at=14).approved()
    history.ledger.clear()
    made.decision(900, "RECOMMEND", subject_id="x")
    history.add("CONFIG_CHANGE", 1000, config_hash="c0", settings={})
    session(history, 1000, "CONNECTED")
    second = Trade(history, number=2, at=14, state="APPROVED")
    second.token("EXPIRED", 1001)
    second.position("EXPIRED", "TOKEN_ENDED", 1001)
    made.position("STALLED", "RECOVERY_INCONCLUSIVE", 1002)
    alert(history, 1002, "POSITION_STALLED", made.position_id)
    beats(history, 2000)
    return history


@exercises("INV-UNKNOWN-1", "INV-PROTECT-1")
def order_that_turned_up_after_it_was_attested_absent() -> History:
    history = opened()
    made = Trade(history, at=10).submitted()
    made.position("STALLED", "SILENCE", 72)
    alert(history, 72, "POSITION_STALLED", made.position_id)
    made.decision(100, "ATTEST_ABSENT", subject_id=made.position_id)
    made.order("ABSENT", 100)
    made.position("CANCELLED", "ATTESTED_ABSENT", 100)
    for suffix in "ETS":
        made.order("ACKNOWLEDGED", 200, suffix, status="WORKING")
    made.made("E", 200)
    made.filled = made.open = QUANTITY
    made.protection = "EXACT"
    made.execution("E", 200)
    made.position("CANCELLED", "EXECUTION", 200)
    drift(history, 200, made.position_id)
    kill_flag(history, 200, "flag")
    alert(history, 200, "LATE_EXECUTION", made.position_id)
    beats(history, 2000)
    return history


@exercises("INV-UNKNOWN-1")
def order_adopted_as_the_books_show_it() -> History:
    return adopted_order()


@exercises("INV-POSITION-AUDIT-1")
def execution_adopted_as_it_was_reported() -> History:
    return adopted_execution()
