"""A CRITICAL alert is told again until a named human has acknowledged it."""

from __future__ import annotations

import pytest

from phoenix.domain.alerting.policy import ALL_CHANNELS
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import AlertEvent, DecisionKind, RefusalReason, Severity
from phoenix.rehearsal.world import APPROVERS, OPERATOR, TRADER, World
from tests.application.acts import reason_of
from tests.application.alerting.telling import CHANNELS, got, notices, results, tell, watched

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING
ACKNOWLEDGE = DecisionKind.ACKNOWLEDGE


def times_told(world: World, alert_id: str) -> int:
    return got(world).count(alert_id)


def test_what_nobody_acknowledges_is_told_again_after_fifteen_minutes_and_four_times_in_all() -> None:
    world = watched()
    alert_id = tell(world, CRITICAL, message="the line is down")
    world.wait(899)
    assert times_told(world, alert_id) == 1
    world.wait(1)
    assert times_told(world, alert_id) == 2
    again = notices(world)[-1]
    assert "the line is down" in again.text
    assert "acknowledged by nobody" in again.text
    world.wait(3 * 900 - 1)
    assert times_told(world, alert_id) == 4
    world.wait(100_000)
    assert times_told(world, alert_id) == 5
    assert len(results(world, AlertEvent.ESCALATED)) == 4
    assert alert_id in {found.alert.alert_id for found in world.state.alerts.open.values()}


def test_what_is_below_critical_is_never_told_again() -> None:
    world = watched()
    tell(world, WARNING)
    world.wait(5000)
    assert not results(world, AlertEvent.ESCALATED)


def test_an_acknowledged_alert_is_not_told_again_and_the_record_says_who_did_it() -> None:
    world = watched()
    alert_id = tell(world, CRITICAL)
    world.wait(60)
    world.decide(ACKNOWLEDGE, alert_id, signer=OPERATOR, reason="I am on it")
    world.wait(5000)
    assert times_told(world, alert_id) == 1
    [said] = results(world, AlertEvent.ACKNOWLEDGED)
    assert (said.acknowledged_by, said.reason, said.alert_id) == ("operator", "I am on it", alert_id)
    assert [bead.signer for bead in world.beads if bead.payload == said] == [OPERATOR]
    assert not world.state.alerts.open
    assert not world.state.timers


def test_a_reminder_that_is_still_waiting_goes_with_the_acknowledgement() -> None:
    world = watched()
    alert_id = tell(world, CRITICAL)
    world.alerts.failing["phone"] = "502"
    world.wait(901)
    assert alert_id in world.state.alerts.waiting
    world.decide(ACKNOWLEDGE, alert_id)
    assert alert_id not in world.state.alerts.waiting


def test_an_alert_that_was_acknowledged_before_it_went_out_goes_out_all_the_same() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    alert_id = tell(world, CRITICAL)
    world.decide(ACKNOWLEDGE, alert_id)
    world.alerts.failing.clear()
    world.wait(15)
    assert times_told(world, alert_id) == 1


@pytest.mark.parametrize("signer", APPROVERS.values(), ids=list(APPROVERS))
def test_only_a_named_human_acknowledges(signer: Signer) -> None:
    world = watched()
    alert_id = tell(world, CRITICAL)
    refusal = world.refused(lambda: world.decide(ACKNOWLEDGE, alert_id, signer=signer))
    assert reason_of(refusal) is RefusalReason.NOT_ALLOWED
    assert world.state.alerts.open


def test_an_alert_is_acknowledged_once() -> None:
    world = watched()
    alert_id = tell(world, CRITICAL)
    world.decide(ACKNOWLEDGE, alert_id, signer=TRADER)
    refusal = world.refused(lambda: world.decide(ACKNOWLEDGE, alert_id, signer=OPERATOR))
    assert isinstance(refusal, Refused)
    assert refusal.reason is RefusalReason.WRONG_STATE
    assert "trader acknowledged it at" in refusal.detail


def test_an_unknown_alert_and_one_that_needs_nobody_are_refused() -> None:
    world = watched()
    for alert_id in ("nothing", tell(world, WARNING)):
        refusal = world.refused(lambda alert_id=alert_id: world.decide(ACKNOWLEDGE, alert_id))
        assert isinstance(refusal, Refused)
        assert (refusal.reason, refusal.field) == (RefusalReason.NOT_FOUND, "alert_id")


def test_the_same_matter_again_is_one_to_acknowledge_by_its_first_or_its_last_alert() -> None:
    world = watched()
    first = tell(world, CRITICAL, message="once")
    tell(world, CRITICAL)
    last = tell(world, CRITICAL, message="thrice")
    [found] = world.state.alerts.open.values()
    assert (found.alert.alert_id, found.last.alert_id, found.count) == (first, last, 3)
    world.wait(900)
    assert "thrice" in notices(world)[-1].text
    assert "3 times by now" in notices(world)[-1].text
    assert len(results(world, AlertEvent.ESCALATED)) == 1
    world.decide(ACKNOWLEDGE, last)
    assert not world.state.alerts.open


def test_after_an_acknowledgement_the_same_matter_begins_anew() -> None:
    world = watched()
    world.decide(ACKNOWLEDGE, tell(world, CRITICAL))
    again = tell(world, CRITICAL)
    world.wait(900)
    assert times_told(world, again) == 2


def test_every_channel_or_one_of_them_can_be_tried() -> None:
    world = watched()
    world.decide(DecisionKind.TEST_ALERTS, ALL_CHANNELS)
    world.decide(DecisionKind.TEST_ALERTS, "phone")
    world.wait(10)
    everywhere, phone = world.raised("ALERTS_TESTED")
    assert (everywhere.channels, phone.channels) == (CHANNELS, ("phone",))
    assert got(world) == [everywhere.alert_id, phone.alert_id]
    assert got(world, "desk") == [everywhere.alert_id]
    refusal = world.refused(lambda: world.decide(DecisionKind.TEST_ALERTS, "pigeon"))
    assert isinstance(refusal, Refused)
    assert (refusal.reason, refusal.field) == (RefusalReason.NOT_FOUND, "channel")
