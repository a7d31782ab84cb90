"""Steps about alerts: where they go, what went out, who acknowledged them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pytest_bdd import given, then, when

from phoenix.application.alerts import RULES
from phoenix.domain.alerting.policy import AlertPolicy
from phoenix.domain.beads.safety import AlertPayload
from phoenix.domain.vocabulary import AlertEvent, DecisionKind, Severity
from phoenix.ports.alerts import Notice
from phoenix.rehearsal.stores import opened_file
from phoenix.rehearsal.world import ASSISTANT, OPERATOR, make_policy
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase
from tests.application.alerting.telling import got, notices, put_on_record, tell

RUNBOOKS = Path(__file__).parents[3] / "docs" / "runbooks"
_POLICY = AlertPolicy(channels=("desk", "file", "log", "phone"))


# --- Given ----------------------------------------------------------------------------------------------------------


@given("alerts go to the desk and to the phone")
def channels(scene: Scene) -> None:
    scene.prepare(policy=make_policy(alerts=_POLICY))


@given("the phone is out of order")
def out_of_order(scene: Scene) -> None:
    scene.world.alerts.failing["phone"] = "502"


@given("the phone works again")
def works_again(scene: Scene) -> None:
    scene.world.alerts.failing.clear()


@given("the phone says nothing")
def says_nothing(scene: Scene) -> None:
    scene.world.alerts.silent.add("phone")


@given(phrase("a {severity:Word} was raised"))
@given(phrase("a {severity:Word} was raised a moment ago"))
@given(phrase("a {severity:Word} alert was raised"))
def raised(scene: Scene, severity: str) -> None:
    scene.notes["alert"] = tell(scene.world, Severity(severity), "the matter")


@given("a CRITICAL alert was put on record and nothing more")
def put(scene: Scene) -> None:
    scene.notes["alert"] = put_on_record(scene.world, Severity.CRITICAL, "the matter")


@given(phrase("{count:d} WARNINGs of one matter were raised"))
@when(phrase("{count:d} WARNINGs of one matter are raised"))
def warnings(scene: Scene, count: int) -> None:
    scene.notes["flood"] = [tell(scene.world, Severity.WARNING, "the matter") for _ in range(count)]


@given("an entry that was sent and is never settled")
def sent(scene: Scene) -> None:
    scene.signalled(scene.world.signal())
    scene.approve()
    scene.is_settled = False


@given("the operator acknowledged it")
@when("the operator acknowledges it again")
def acknowledged(scene: Scene) -> None:
    subject = scene.notes["alert"]
    scene.attempt(lambda: scene.world.decide(DecisionKind.ACKNOWLEDGE, subject, signer=OPERATOR))


# --- When -----------------------------------------------------------------------------------------------------------


@when(phrase("{count:d} CRITICAL alerts of one matter are raised"))
def alarms(scene: Scene, count: int) -> None:
    scene.notes["flood"] = [tell(scene.world, Severity.CRITICAL, "another", f"number {n} of it") for n in range(count)]


@when("an assistant acknowledges it")
def assistant_acknowledges(scene: Scene) -> None:
    subject = scene.notes["alert"]
    scene.attempt(lambda: scene.world.decide(DecisionKind.ACKNOWLEDGE, subject, signer=ASSISTANT))


@when("another process takes over")
def takes_over(scene: Scene, store_path: Path) -> None:
    scene.notes["before"] = scene.world.alerts
    scene.start_again(
        after=timedelta(seconds=1), policy=make_policy(alerts=_POLICY), store_factory=opened_file(store_path)
    )


@when("every kind of CRITICAL alert is looked up")
def looked_up(scene: Scene) -> None:
    scene.notes["critical"] = {kind: rule for kind, rule in RULES.items() if rule.severity is Severity.CRITICAL}


# --- Then -----------------------------------------------------------------------------------------------------------


@then(phrase("it names the runbook {page}"))
def names_runbook(scene: Scene, page: str) -> None:
    alert = next(alert for alert in reversed(scene.world.raised()) if alert.severity is Severity.CRITICAL)
    assert (RUNBOOKS / f"{page}.md").is_file()
    assert alert.runbook == page[: len("RB-000")], alert


@then("each of them names a runbook that is there")
def each_names_one(scene: Scene) -> None:
    pages = {page.name[: len("RB-000")] for page in RUNBOOKS.glob("RB-*.md")}
    lacking = [kind for kind, rule in scene.notes["critical"].items() if rule.runbook not in pages]
    assert scene.notes["critical"]
    assert lacking == []


@then(phrase("the phone got {messages:d} messages about {count:d} alerts"))
def phone_got_messages(scene: Scene, messages: int, count: int) -> None:
    assert (len(notices(scene.world)), len(got(scene.world))) == (messages, count)


@then(phrase("the last one says that there were {count:d} more"))
def says_more(scene: Scene, count: int) -> None:
    last: Notice = notices(scene.world)[-1]
    assert f"(and {count} more)" in last.title
    assert f"(and {count} more)" in last.text


@then("the phone got all of them at once, each in full")
def all_in_full(scene: Scene) -> None:
    told = "".join(notice.text for notice in notices(scene.world))
    assert set(scene.notes["flood"]) <= set(got(scene.world))
    assert all(f"number {number} of it" in told for number in range(len(scene.notes["flood"])))


@then(phrase("the file got {count:d} alerts"))
def file_got(scene: Scene, count: int) -> None:
    assert got(scene.world, "file") == scene.notes["flood"]
    assert len(got(scene.world, "file")) == count


@then("the phone got that alert")
def phone_got(scene: Scene) -> None:
    assert scene.notes["alert"] in got(scene.world)


@then(phrase("the phone got that alert {times:d} times"))
def phone_got_times(scene: Scene, times: int) -> None:
    assert got(scene.world).count(scene.notes["alert"]) == times


@then("the desk got that alert")
def desk_got(scene: Scene) -> None:
    assert scene.notes["alert"] in got(scene.world, "desk")


@then("the desk got it, the phone did not")
def others_got(scene: Scene) -> None:
    alert_id = scene.world.raised("ALERTS_DOWN")[-1].alert_id
    assert alert_id in got(scene.world, "desk")
    assert alert_id not in got(scene.world)


@then("the desk and the phone get that alert once")
def both_get_it(scene: Scene) -> None:
    assert [got(scene.world, channel) for channel in ("desk", "phone")] == [[scene.notes["alert"]]] * 2


@then("the phone gets that alert, the desk does not get it again")
def phone_gets_it(scene: Scene) -> None:
    assert scene.notes["alert"] in [alert.alert_id for alert in scene.notes["before"].delivered]
    assert got(scene.world) == [scene.notes["alert"]]
    assert got(scene.world, "desk") == []


@then("every failure and the delivery are on record")
def on_record(scene: Scene) -> None:
    told = _told(scene)
    tried = [notice for notice in scene.world.alerts.tried if notice.channel == "phone"]
    about = [payload for payload in told if "phone" in payload.channels]
    assert [payload.event for payload in about].count(AlertEvent.DELIVERY_FAILED) == len(tried) - len(
        notices(scene.world)
    )
    assert AlertEvent.DELIVERED in [payload.event for payload in about]


@then(phrase("the beads of the alert read {events}"))
def beads_of_alert(scene: Scene, events: str) -> None:
    alert_id = scene.notes["alert"]
    about = [payload for payload in _told(scene) if alert_id in (payload.alert_id, *payload.covers)]
    assert [payload.event.value for payload in about] == events.split(", ")


@then("the alert is still open")
def still_open(scene: Scene) -> None:
    assert scene.world.state.alerts.opened(scene.notes["alert"]) is not None


@then("the record says that the operator acknowledged it")
def says_who(scene: Scene) -> None:
    [said] = [payload for payload in _told(scene) if payload.event is AlertEvent.ACKNOWLEDGED]
    assert (said.alert_id, said.acknowledged_by) == (scene.notes["alert"], OPERATOR.identity)


def _told(scene: Scene) -> list[AlertPayload]:
    return scene.world.payloads(AlertPayload)
