"""Steps about one position: how it is entered, what the market and people do to it, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pytest_bdd import given, parsers, then, when

from phoenix.application.simulation import run_now
from phoenix.domain.beads.safety import DriftPayload
from phoenix.domain.beads.trading import PositionPayload
from phoenix.domain.vocabulary import DecisionKind, KillSource
from phoenix.rehearsal.world import OPERATOR
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase

SHORT = {"stop": "1.26100", "target": "1.25800"}
LIMIT = {"order_type": "LIMIT", "entry": "1.25900", "stop": "1.25800", "target": "1.26100"}
UNREACHED = "1.25500"
"""A limit that the market never comes to."""


def enter(scene: Scene, **changes: Any) -> None:
    """A signal, approved and sent by the trader."""
    scene.signalled(scene.world.signal(**changes))
    scene.approve()


# --- entering -------------------------------------------------------------------------------------------------------


@given("the trader bought 1000000 GBPUSD")
@when("the trader buys 1000000 GBPUSD")
def buys(scene: Scene) -> None:
    enter(scene)


@given("the trader sold 1000000 GBPUSD short")
def sells_short(scene: Scene) -> None:
    enter(scene, **SHORT)


@given("the trader's limit order rests at 1.25900")
def rests(scene: Scene) -> None:
    enter(scene, **LIMIT)


@given("the trader bought 1000000 GBPUSD and holds it protected")
def holds(scene: Scene) -> None:
    enter(scene)
    assert str(scene.position().state) == "MANAGED", scene.position()


@given("a proposal to sell GBPUSD short")
def short_proposal(scene: Scene) -> None:
    scene.signalled(scene.world.signal(**SHORT))


# --- time, market, people -------------------------------------------------------------------------------------------


@given(phrase("{seconds:d} seconds pass"))
@when(phrase("{seconds:d} seconds pass"))
@when(phrase("another {seconds:d} seconds pass"))
def seconds_pass(scene: Scene, seconds: int) -> None:
    scene.world.wait(seconds)


@given(phrase("{hours:d} hours pass"))
@when(phrase("{hours:d} hours pass"))
def hours_pass(scene: Scene, hours: int) -> None:
    scene.world.wait(hours * 3600)


@given(parsers.re(r"GBPUSD is bid at (?P<bid>[\d.]+)"))
@when(parsers.re(r"GBPUSD is bid at (?P<bid>[\d.]+)"))
def bid_at(scene: Scene, bid: str) -> None:
    scene.world.price(bid)


@when("the trader passes on the proposal")
def passes(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.PASS, scene.intent(), reason="not convinced"))


@given("the operator cancelled what rests")
@when("the operator cancels what rests")
def cancels(scene: Scene) -> None:
    position_id = scene.position().position_id
    scene.attempt(lambda: scene.world.decide(DecisionKind.CANCEL, position_id, signer=OPERATOR))


@given("a global kill flag was set")
@when("the operator sets a global kill flag")
def kill(scene: Scene) -> None:
    executor = scene.world.executor
    scene.attempt(lambda: run_now(executor.set_kill_flag(None, "something smells", KillSource.MANUAL, OPERATOR)))


# --- where it stands ------------------------------------------------------------------------------------------------


@then(parsers.re(r"the position went through (?P<states>[A-Z, ]+)"))
def went_through(scene: Scene, states: str) -> None:
    moves = transitions(scene)
    assert [str(bead.state) for bead in moves] == states.split(", "), moves
    assert [bead.previous_state for bead in moves[1:]] == [bead.state for bead in moves[:-1]], moves


@then("its POSITION beads read")
def beads_read(scene: Scene, datatable: Sequence[Sequence[object]]) -> None:
    columns, *rows = datatable
    told = [{name: _cell(bead, name) for name in map(str, columns)} for bead in position_beads(scene)]
    assert told == [dict(zip(map(str, columns), map(str, row), strict=True)) for row in rows], told


@then("its last POSITION bead says")
def last_bead_says(scene: Scene, datatable: Sequence[Sequence[object]]) -> None:
    bead = position_beads(scene)[-1]
    told = [(str(name), _cell(bead, str(name))) for name, _ in datatable]
    assert told == [(str(name), str(value)) for name, value in datatable], bead


@then(parsers.re(r"(?P<quantity>-?\d+) GBPUSD are open"))
def open_quantity(scene: Scene, quantity: str) -> None:
    assert scene.position().open_quantity == Decimal(quantity), scene.position().fills


@then(phrase("its protection is {word:Word}"))
def protection_is(scene: Scene, word: str) -> None:
    assert str(scene.position().protection) == word, scene.position().legs


@then(phrase("no {severity:Word} alert is raised"))
def no_alert(scene: Scene, severity: str) -> None:
    raised = [alert for alert in scene.world.raised() if str(alert.severity) == severity]
    assert not raised, raised


@then(phrase("the alert {kind:Word} is raised once"))
@then(phrase("the {severity:Word} alert {kind:Word} is raised once"))
def alert_once(scene: Scene, kind: str, severity: str | None = None) -> None:
    raised = scene.world.raised(kind)
    assert len(raised) == 1, [alert.kind for alert in scene.world.raised()]
    assert severity is None or str(raised[0].severity) == severity, raised
    assert raised[0] in scene.world.alerts.delivered, "recorded, and not delivered"


@then(phrase("the alert {kind:Word} is not raised"))
def alert_not_raised(scene: Scene, kind: str) -> None:
    assert kind not in [alert.kind for alert in scene.world.raised()]


@then("entries are stopped by a global kill flag")
def globally_killed(scene: Scene) -> None:
    assert [flag for flag in scene.world.state.flags.values() if flag.strategy_id is None], scene.world.state.flags


@then("no kill flag is set")
def not_killed(scene: Scene) -> None:
    assert not scene.world.state.flags, scene.world.state.flags


@then(phrase("{count:d} {kind:Word} drift is open"))
@then(phrase("{count:d} {kind:Word} drifts are open"))
def drift_open(scene: Scene, count: int, kind: str) -> None:
    drifts = [drift for drift in scene.world.payloads(DriftPayload) if str(drift.drift_type) == kind]
    assert len(drifts) == count == len(scene.world.state.drifts), drifts


def position_beads(scene: Scene) -> list[PositionPayload]:
    """The POSITION beads of the latest position, oldest first."""
    position_id = scene.position().position_id
    return [bead for bead in scene.world.payloads(PositionPayload) if bead.position_id == position_id]


def transitions(scene: Scene) -> list[PositionPayload]:
    """Those of them that moved it."""
    return [bead for bead in position_beads(scene) if bead.state is not bead.previous_state]


_COLUMNS = {"from": "previous_state", "to": "state", "open": "open_quantity", "filled": "filled_quantity"}


def _cell(bead: PositionPayload, column: str) -> str:
    """What a bead says under a column's name; absence reads as a dash."""
    value = getattr(bead, _COLUMNS.get(column, column.replace(" ", "_")))
    return "-" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


@given("the trader bought USDJPY as well")
@when("the trader buys USDJPY")
def buys_yen(scene: Scene) -> None:
    enter(scene, pair="USDJPY", entry="150.000", stop="149.000", target="152.000", risk_percent="0.5")


@then("each of its POSITION beads since SUBMITTED names signal, intent and token")
def names_our_ids(scene: Scene) -> None:
    position = scene.position()
    for bead in transitions(scene)[2:]:
        assert (bead.signal_id, bead.intent_id) == (position.signal_id, position.intent_id), bead
        assert bead.token_id == scene.tokens[-1].token_id, bead


@then("each of its POSITION beads since FILLED names the broker's permanent id")
def names_broker_id(scene: Scene) -> None:
    entry = scene.position().entry_leg
    assert entry is not None
    assert entry.permanent_id
    assert all(bead.permanent_id == entry.permanent_id for bead in transitions(scene)[3:])
