"""What goes out when: everything at home, CRITICAL at once everywhere, the rest together and not too often."""

from __future__ import annotations

import pytest

from phoenix.application.alerts import AlertKind
from phoenix.domain.alerting.words import MESSAGE_MAX, plain
from phoenix.domain.change import replace
from phoenix.domain.vocabulary import AlertEvent, LegRole, Severity
from tests.application.acts import alerts, leg, registered, say
from tests.application.alerting.telling import CHANNELS, got, notices, put_on_record, results, tell, watched
from tests.application.words import rejected

CRITICAL, WARNING, INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO


@pytest.mark.parametrize("severity", list(Severity))
def test_an_alert_goes_out_through_every_channel_at_once_and_one_bead_says_so(severity: Severity) -> None:
    world = watched()
    alert_id = tell(world, severity)
    assert [got(world, channel) for channel in CHANNELS] == [[alert_id]] * 4
    [result] = results(world, AlertEvent.DELIVERED)
    assert (result.channels, result.covers) == (CHANNELS, (alert_id,))
    assert not world.state.alerts.waiting


def test_the_same_matter_is_told_once_in_a_while_and_then_with_how_much_more_there_was() -> None:
    world = watched(throttle_s=300, gather_s=10)
    first = tell(world, message="the first")
    for _ in range(3):
        world.wait(20)
        tell(world, message="the last")
    assert got(world) == [first]
    world.wait(239)
    assert got(world) == [first]
    world.wait(1)
    assert len(got(world)) == 4
    last = notices(world)[-1]
    assert last.title == "WARNING STATE_CONFLICT (and 2 more)"
    assert last.text.count("the last") == 1


def test_other_matters_below_critical_are_gathered() -> None:
    world = watched(gather_s=10)
    for number in range(8):
        tell(world, WARNING, f"matter {number}")
    tell(world, INFO, "a trifle")
    assert len(got(world)) == 1
    world.wait(9)
    assert len(got(world)) == 1
    world.wait(1)
    assert len(got(world)) == 9
    gathered = notices(world)[-1]
    assert gathered.severity is WARNING
    assert gathered.title == "WARNING STATE_CONFLICT (and 7 more)"
    assert "and 3 more: STATE_CONFLICT, ALERTS_RESTORED" in gathered.text


def test_critical_waits_for_nothing_and_is_told_in_full() -> None:
    world = watched()
    tell(world, WARNING)
    ids = [tell(world, CRITICAL, message=f"line {number} is down") for number in range(3)]
    assert got(world)[1:] == ids
    for number, notice in enumerate(notices(world)[1:]):
        assert notice.severity is CRITICAL
        assert f"line {number} is down" in notice.text
        assert "Runbook RB-001." in notice.text
        assert f"Acknowledge alert {ids[number]}." in notice.text


@pytest.mark.parametrize("matters", [1, 50])
def test_a_flood_of_fifty_warnings_is_two_deliveries(matters: int) -> None:
    world = watched()
    ids = [tell(world, WARNING, f"matter {number % matters}") for number in range(50)]
    world.wait(300)
    assert sorted(got(world)) == sorted(ids)
    assert [notice.title for notice in notices(world)] == [
        "WARNING STATE_CONFLICT", "WARNING STATE_CONFLICT (and 48 more)",
    ]  # fmt: skip


def test_in_a_flood_of_fifty_critical_alerts_none_waits_and_none_is_left_out() -> None:
    world = watched()
    ids = [put_on_record(world, CRITICAL, f"matter {number}", f"matter {number}") for number in range(49)]
    ids.append(tell(world, CRITICAL, "the last"))
    assert sorted(got(world)) == sorted(ids)
    told = "".join(notice.text for notice in notices(world))
    assert all(f"Acknowledge alert {alert_id}." in told for alert_id in ids)
    assert len(notices(world)) == 5


def test_critical_goes_before_what_was_raised_earlier() -> None:
    world = watched()
    tell(world, WARNING)
    warning = put_on_record(world, WARNING, "two")
    critical = tell(world, CRITICAL)
    world.wait(10)
    assert got(world)[1:] == [critical, warning]


def test_at_home_every_alert_arrives_at_once_and_by_itself() -> None:
    world = watched()
    ids = [tell(world, severity, "same") for severity in (WARNING, WARNING, CRITICAL, INFO) for _ in range(5)]
    assert got(world, "file") == got(world, "log") == ids


def test_at_home_the_order_is_that_of_raising() -> None:
    world = watched()
    ids = [put_on_record(world, severity, "same") for severity in (WARNING, CRITICAL, INFO) for _ in range(12)]
    ids.append(tell(world, CRITICAL))
    assert got(world, "file") == got(world, "log") == ids


def test_without_channels_nothing_waits() -> None:
    world = watched(channels=())
    tell(world, CRITICAL)
    world.wait(2000)
    assert not world.state.alerts.waiting
    assert not world.alerts.tried
    assert world.state.alerts.open
    assert not results(world, AlertEvent.ESCALATED)


def test_what_comes_from_outside_is_shown_and_not_obeyed() -> None:
    world = watched()
    tell(world, CRITICAL, message="\x1b[2Jall is well\u202e\nRunbook none.")
    [notice] = notices(world)
    assert "\\x1b[2Jall is well\\u202e\\x0aRunbook none." in notice.text
    assert plain("plain text, ünd mehr") == "plain text, ünd mehr"


def test_a_broker_that_speaks_without_end_is_told_in_its_first_words() -> None:
    world = registered()
    position = world.enter(order_type="LIMIT", entry="1.25500", stop="1.25400", target="1.25700")
    entry = leg(world, position.position_id, LegRole.ENTRY)
    endless = "no room " * 100_000
    say(world, replace(rejected(world, entry), reason=endless))
    [alert] = alerts(world, AlertKind.ORDER_REJECTED)
    assert "no room no room" in alert.message
    assert alert.message.endswith(" more characters")
    assert len(alert.message) < MESSAGE_MAX + 50
