"""The queue is in the beads: whoever takes over delivers what was raised and not delivered, and nothing twice."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.domain.alerting.policy import AlertPolicy
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.state import State
from phoenix.domain.typed_json import decode_value, encode_value
from phoenix.domain.vocabulary import AlertEvent, DecisionKind, Severity
from phoenix.rehearsal.world import World, make_policy
from tests.application.alerting.telling import CHANNELS, got, put_on_record, results, tell, watched

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


def taken_over(world: World, after_s: float = 1) -> World:
    """Another process takes over on the same store."""
    return World(
        policy=make_policy(alerts=AlertPolicy(channels=CHANNELS)), start=world.now + timedelta(seconds=after_s),
        seed=len(world.beads) + 1000, store_factory=lambda *_: world.container.store(),
    )  # fmt: skip


def test_what_was_raised_and_not_handed_out_is_delivered_by_the_next() -> None:
    world = watched()
    ids = [put_on_record(world, CRITICAL, f"matter {number}") for number in range(3)]
    later = taken_over(world)
    assert [got(later, channel) for channel in CHANNELS] == [ids] * 4


def test_what_was_handed_out_and_not_heard_of_is_delivered_by_the_next() -> None:
    world = watched()
    world.alerts.silent.add("phone")
    alert_id = tell(world, CRITICAL)
    later = taken_over(world)
    assert got(later) == [alert_id]
    assert got(later, "desk") == []


def test_what_went_out_goes_out_once() -> None:
    world = watched()
    tell(world, CRITICAL)
    tell(world, WARNING)
    later = taken_over(world)
    assert not later.alerts.tried


def test_patience_throttle_and_reminders_go_on_where_they_were() -> None:
    world = watched()
    critical = tell(world, CRITICAL)
    tell(world, WARNING)
    world.wait(600)
    world.alerts.failing["phone"] = "502"
    tell(world, WARNING, "another")
    later = taken_over(world, after_s=5)
    tell(later, WARNING, "one")
    assert not later.alerts.tried or all(notice.channel != "phone" for notice in later.alerts.tried)
    later.wait(10)
    assert got(later)
    later.wait(284)
    assert critical not in got(later)
    later.wait(1)
    assert critical in got(later)


def test_an_acknowledgement_of_another_process_is_taken_up() -> None:
    world = watched()
    alert_id = tell(world, CRITICAL)
    later = taken_over(world)
    later.decide(DecisionKind.ACKNOWLEDGE, alert_id)
    assert not later.state.alerts.open


def test_the_book_comes_back_from_a_snapshot_as_it_was() -> None:
    world = watched()
    for severity in (CRITICAL, WARNING):
        tell(world, severity)
    world.alerts.failing["phone"] = "502"
    tell(world, CRITICAL, "another")
    world.wait(901)
    assert all(len(part) for part in (world.state.alerts.waiting, world.state.alerts.open, world.state.alerts.told))
    assert decode_value(State, encode_value(world.state)) == world.state


_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("raise"), st.sampled_from(list(Severity)), st.sampled_from(["a", "b", "c"])),
        st.tuples(st.just("fail"), st.sampled_from(["phone", "desk", "file"]), st.booleans()),
        st.tuples(st.just("wait"), st.sampled_from([1, 9, 60, 400]), st.none()),
        st.tuples(st.just("die"), st.none(), st.none()),
    ),
    max_size=25,
)


@given(_ACTS)
@settings(max_examples=60, deadline=None)
def test_whatever_happens_every_alert_goes_out_once_through_every_channel(
    acts: list[tuple[str, object, object]],
) -> None:
    world = watched()
    for act, what, how in acts:
        match act:
            case "raise":
                assert isinstance(what, Severity)
                tell(world, what, str(how))
            case "fail" if how:
                world.alerts.failing[str(what)] = "502"
            case "fail":
                world.alerts.failing.pop(str(what), None)
            case "wait":
                assert isinstance(what, int)
                world.wait(what)
            case _:
                world = taken_over(world)
    world.alerts.failing.clear()
    world.wait(2000)
    told = [payload for payload in world.payloads(AlertPayload) if payload.event is not AlertEvent.ESCALATED]
    again = {payload.alert_id for payload in results(world, AlertEvent.ESCALATED)}
    for raised in (payload for payload in told if payload.event is AlertEvent.RAISED):
        for channel in raised.channels:
            count = sum(
                raised.alert_id in payload.covers and channel in payload.channels
                for payload in told
                if payload.event is AlertEvent.DELIVERED
            )
            assert count == 1 or (raised.alert_id in again and count >= 1), (raised, channel, count)
    assert not world.state.alerts.waiting
    assert world.state.alerts.lost == 0
    assert world.history().ok, world.history().findings
