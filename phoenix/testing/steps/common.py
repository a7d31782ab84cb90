"""Steps that every specification shares: a world, signals, approvals, time, refusals, beads, orders at the broker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_bdd import given, parsers, then, when

from phoenix.domain.beads.setup import RefusalPayload
from phoenix.testing.scene import TYPES, Scene


def phrase(text: str) -> parsers.cfparse:
    """A step's words, with the types {:Which}, {:Minutes} and {:Word} of the scene."""
    return parsers.cfparse(text, extra_types=TYPES)


@pytest.fixture
def scene() -> Iterator[Scene]:
    """One scenario; at its end the independent history check must find nothing broken."""
    scene = Scene()
    yield scene
    scene.finish()


# --- Given ----------------------------------------------------------------------------------------------------------


@given("a simulator account and the strategy fvg-retest")
def account_and_strategy(scene: Scene) -> None:
    scene.strategies.append("fvg-retest")


@given("a proposal to buy GBPUSD")
@given("another proposal to buy GBPUSD")
def proposal(scene: Scene) -> None:
    scene.signalled(scene.world.signal())
    scene.require_nothing_refused()


@given("an approved proposal")
@given("an approved entry that was not sent yet")
def approved_proposal(scene: Scene) -> None:
    proposal(scene)
    scene.approve(submit=False)
    scene.require_nothing_refused()


@given("an open and protected position")
def open_position(scene: Scene) -> None:
    proposal(scene)
    scene.approve()
    scene.world.wait(1)
    assert str(scene.position().state) == "MANAGED", scene.position().state


@given(phrase("{time:Minutes} minutes pass"))
@given(phrase("{time:Minutes} minutes have passed"))
@when(phrase("{time:Minutes} minutes pass"))
def minutes_pass(scene: Scene, time: timedelta) -> None:
    scene.world.wait(time.total_seconds())


# --- When -----------------------------------------------------------------------------------------------------------


@given(phrase("the trader approved the {which:Which}"))
@when(phrase("the trader approves the {which:Which}"))
def trader_approves(scene: Scene, which: int) -> None:
    scene.approve(which)


@when(phrase("the {which:Which} is submitted"))
def submitted(scene: Scene, which: int) -> None:
    scene.attempt(lambda: scene.world.submit(scene.intent(which)))


# --- Then -----------------------------------------------------------------------------------------------------------


@then(phrase("it is refused with {reason:Word}"))
def refused_with(scene: Scene, reason: str) -> None:
    refusal = scene.take_refused()
    assert str(refusal.reason) == reason, refusal
    recorded = scene.world.payloads(RefusalPayload)
    assert recorded, "the refusal left no bead"
    assert (str(recorded[-1].reason), recorded[-1].field) == (reason, refusal.field), recorded[-1]


@then(phrase("it is refused with {reason:Word} at {field}"))
def refused_at(scene: Scene, reason: str, field: str) -> None:
    refused_with(scene, reason)
    assert scene.world.payloads(RefusalPayload)[-1].field == field, scene.world.payloads(RefusalPayload)[-1]


@then(phrase("the last refusal on record is {reason:Word}"))
def last_refusal(scene: Scene, reason: str) -> None:
    recorded = scene.world.payloads(RefusalPayload)
    assert recorded, "nothing was refused"
    assert str(recorded[-1].reason) == reason, recorded[-1]


@then("it is accepted")
def accepted(scene: Scene) -> None:
    scene.require_nothing_refused()


@then(phrase("the {which:Which} is {state:Word}"))
def position_is(scene: Scene, which: int, state: str) -> None:
    assert str(scene.position(which).state) == state, scene.position(which).state


@then(phrase("the broker has received {count:d} entry order"))
@then(phrase("the broker has received {count:d} entry orders"))
def broker_received(scene: Scene, count: int) -> None:
    entries = [order for order in scene.world.ledger("ORDER_RECEIVED") if order["reference"].endswith("-E")]
    assert len(entries) == count, entries


@then("the broker has received no order")
def broker_received_nothing(scene: Scene) -> None:
    assert scene.world.ledger("ORDER_RECEIVED") == []


@then(phrase("there is {count:d} {kind:Word} bead"))
@then(phrase("there are {count:d} {kind:Word} beads"))
def bead_count(scene: Scene, count: int, kind: str) -> None:
    found = [bead for bead in scene.world.beads if bead.payload.bead_type.value == kind]
    assert len(found) == count, found


@then(phrase("there is no {kind:Word} bead"))
def no_bead(scene: Scene, kind: str) -> None:
    bead_count(scene, 0, kind)


@then(phrase("the alert {kind:Word} is raised"))
@then(phrase("the {severity:Word} alert {kind:Word} is raised"))
def alert_raised(scene: Scene, kind: str, severity: str | None = None) -> None:
    raised = scene.world.raised(kind)
    assert raised, f"no alert {kind}, only {[alert.kind for alert in scene.world.raised()]}"
    assert severity is None or str(raised[-1].severity) == severity, raised[-1]
    assert raised[-1] in scene.world.alerts.delivered, "the alert was recorded and not delivered"


@then(phrase("the alert {kind:Word} is raised {count:d} times"))
def alert_raised_times(scene: Scene, kind: str, count: int) -> None:
    raised = scene.world.raised(kind)
    assert len(raised) == count, raised


@then("the history is clean")
def history_is_clean(scene: Scene) -> None:
    scene.require_clean_history()
