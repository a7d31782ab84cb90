"""A channel that fails or says nothing: tried again with patience, on record, told through the others, no one waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phoenix.application.alerting.recording import REASON_MAX
from phoenix.domain.alerting.policy import ALL_CHANNELS, AlertPolicy
from phoenix.domain.vocabulary import AlertEvent, DecisionKind, PositionState, Severity
from phoenix.rehearsal.world import World, make_policy
from tests.application.acts import registered
from tests.application.alerting.telling import CHANNELS, got, notices, results, tell, watched

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


def seconds_of_failures(world: World) -> list[float]:
    """When deliveries failed, in seconds after the first."""
    beads = [bead for bead in world.beads if getattr(bead.payload, "event", None) is AlertEvent.DELIVERY_FAILED]
    return [(bead.timestamp - beads[0].timestamp).total_seconds() for bead in beads]


def test_a_channel_that_fails_is_tried_again_with_growing_patience_and_nothing_is_lost() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    alert_id = tell(world, WARNING)
    world.wait(900)
    assert seconds_of_failures(world) == [0, 15, 45, 105, 225, 525]
    assert {failed.reason for failed in results(world, AlertEvent.DELIVERY_FAILED)} == {"502"}
    assert {failed.channels for failed in results(world, AlertEvent.DELIVERY_FAILED)} == {("phone",)}
    world.alerts.failing.clear()
    world.wait(900)
    assert alert_id in got(world)
    assert not world.state.alerts.waiting


def test_the_other_channels_do_not_wait() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    ids = [tell(world, CRITICAL, f"matter {number}") for number in range(3)]
    assert [alert_id for alert_id in got(world, "desk") if alert_id in ids] == ids


def test_people_learn_through_the_others_that_a_channel_is_down_once_and_when_it_is_back() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    tell(world, WARNING)
    assert not world.raised("ALERTS_DOWN")
    world.wait(15)
    [down] = world.raised("ALERTS_DOWN")
    assert (down.severity, down.runbook, down.channels) == (CRITICAL, "RB-006", ("desk", "file", "log"))
    assert "phone: 502" in down.message
    assert down.alert_id in got(world, "desk")
    world.wait(600)
    assert len(world.raised("ALERTS_DOWN")) == 1
    world.alerts.failing.clear()
    world.wait(900)
    [restored] = world.raised("ALERTS_RESTORED")
    assert restored.severity is Severity.INFO
    assert restored.channels == CHANNELS
    world.alerts.failing["phone"] = "503"
    tell(world, CRITICAL, "another")
    world.wait(60)
    assert len(world.raised("ALERTS_DOWN")) == 2


def test_a_service_that_answers_with_a_novel_fills_no_chain() -> None:
    world = watched()
    world.alerts.failing["phone"] = "no " * 100_000
    tell(world, WARNING)
    world.wait(15)
    assert {len(failed.reason or "") for failed in results(world, AlertEvent.DELIVERY_FAILED)} == {REASON_MAX}
    [down] = world.raised("ALERTS_DOWN")
    assert len(down.message) < 2 * REASON_MAX


def test_with_every_channel_down_it_is_still_on_record() -> None:
    world = watched()
    world.alerts.failing.update(dict.fromkeys(CHANNELS, "gone"))
    alert_id = tell(world, WARNING)
    world.wait(100)
    assert {alert.dedupe_key for alert in world.raised("ALERTS_DOWN")} == {f"ALERTS_DOWN:{name}" for name in CHANNELS}
    assert world.state.alerts.waiting[alert_id].channels == CHANNELS


def test_what_becomes_critical_in_an_outage_does_not_wait_for_the_next_regular_try() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    tell(world, WARNING)
    world.wait(600)
    world.alerts.failing.clear()
    critical = tell(world, CRITICAL, "another")
    assert got(world)[0] == critical


def test_what_is_critical_is_tried_again_before_anything_else_may_go_out() -> None:
    world = watched(gather_s=60)
    tell(world, WARNING)
    world.alerts.failing["phone"] = "502"
    critical = tell(world, CRITICAL)
    assert world.executor.next_due() == world.now + timedelta(seconds=15)
    world.alerts.failing.clear()
    world.wait(14)
    assert critical not in got(world)
    world.wait(1)
    assert critical in got(world)


def test_trying_a_channel_on_purpose_waits_for_nothing_and_happens_once() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    tell(world, CRITICAL)
    world.wait(100)
    failed = len(seconds_of_failures(world))
    world.decide(DecisionKind.TEST_ALERTS, ALL_CHANNELS)
    assert len(seconds_of_failures(world)) == failed + 1
    world.alerts.failing.clear()
    world.decide(DecisionKind.TEST_ALERTS, "phone")
    assert world.raised("ALERTS_TESTED")[-1].alert_id in got(world)
    world.wait(900)
    assert not world.state.alerts.waiting


def test_a_flood_of_critical_alerts_does_not_hammer_a_channel_that_is_down() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    for number in range(50):
        tell(world, CRITICAL, f"matter {number}")
        world.wait(1)
    assert len(seconds_of_failures(world)) <= 5
    world.alerts.failing.clear()
    world.wait(30)
    assert len(set(got(world))) >= 50


def test_a_channel_that_says_nothing_holds_up_neither_the_others_nor_trading() -> None:
    world = registered(policy=make_policy(alerts=AlertPolicy(channels=CHANNELS)))
    world.alerts.silent.add("phone")
    first = tell(world, CRITICAL)
    position = world.enter()
    world.price("1.26210")
    second = tell(world, CRITICAL, "another")
    assert world.position(position.position_id).state in (PositionState.MANAGED, PositionState.CLOSED)
    assert {first, second} <= set(got(world, "desk"))
    assert [notice.channel for notice in world.alerts.tried].count("phone") == 1
    world.alerts.speak()
    world.wait(1)
    assert {first, second} <= set(got(world))


def test_a_channel_that_is_no_longer_configured_is_let_go_of() -> None:
    world = watched()
    world.alerts.failing["phone"] = "502"
    alert_id = tell(world, WARNING)
    later = World(
        policy=make_policy(alerts=AlertPolicy(channels=("desk", "file", "log"))), seed=8,
        start=world.now + timedelta(minutes=1), store_factory=lambda *_: world.container.store(),
    )  # fmt: skip
    assert not later.state.alerts.waiting
    assert "phone" not in later.state.alerts.channels
    gone = results(later, AlertEvent.DELIVERY_FAILED)[-1]
    assert (gone.is_given_up, gone.covers) == (True, (alert_id,))
    assert gone.reason is not None
    assert "not configured" in gone.reason


@pytest.mark.parametrize("severity", [CRITICAL, WARNING])
def test_the_queue_is_bounded_and_loses_the_least_important_first(severity: Severity) -> None:
    world = watched()
    world.alerts.failing.update(dict.fromkeys(CHANNELS, "gone"))
    kept = tell(world, CRITICAL, "the one that matters")
    for number in range(600):
        tell(world, severity, f"matter {number}")
    book = world.state.alerts
    assert len(book.waiting) == 500
    assert book.lost > 100
    if severity is WARNING:
        assert kept in book.waiting
    assert len(book.open) <= 500
    assert len(world.state.timers) <= 501


def test_what_is_remembered_of_deliveries_is_bounded() -> None:
    world = watched(gather_s=0)
    for number in range(700):
        tell(world, WARNING, f"matter {number}")
    assert len(world.state.alerts.told) == 500
    assert len(notices(world)) == 700
