"""Steps about the broker session: how often it is opened anew, who asks for it, and which account it is on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.reset_windows import read_reset_window
from phoenix.adapters.simulation.faults import LineOutage
from phoenix.config.reading import read_settings
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.vocabulary import AccountMode, DecisionKind, SessionEvent
from phoenix.ports.answers import Answer, Complete
from phoenix.ports.broker_facts import Session
from phoenix.ports.errors import BrokerRefused, ConfigurationError
from phoenix.rehearsal.world import ACCOUNT, ASSISTANT, OPERATOR
from phoenix.testing.scene import Scene
from phoenix.testing.steps.common import phrase

SESSIONS = {
    "another simulator account": ("SIM0999", AccountMode.SIMULATOR),
    "a paper account": ("DU0001", AccountMode.PAPER),
    "a live account": ("U0001", AccountMode.LIVE),
    "the same account, said to be live": (ACCOUNT, AccountMode.LIVE),
}


# --- Given ----------------------------------------------------------------------------------------------------------


@given("the broker will refuse the session")
def will_refuse(scene: Scene) -> None:
    async def connect() -> Session:
        raise BrokerRefused("client id 1 is taken; nothing was sent. Choose another")

    scene.world.broker.connect = connect  # type: ignore[method-assign]


@given(parsers.re(f"the broker's session turns out to be on (?P<session>{'|'.join(SESSIONS)})"))
def turns_out(scene: Scene, session: str) -> None:
    account, mode = SESSIONS[session]
    truly = scene.world.broker.session

    def told() -> Answer[Session]:
        answer = truly()
        assert isinstance(answer, Complete)
        return replace(answer, value=replace(answer.value, account=account, mode=mode))

    scene.world.broker.session = told  # type: ignore[method-assign]


@given(phrase("a broker that resets its servers from {begins} to {ends} UTC"))
def resets(scene: Scene, begins: str, ends: str) -> None:
    scene.prepare(calendar=AlwaysOpen([read_reset_window(f"{begins}-{ends} UTC")]))


@given(phrase("the broker's own line is down for {seconds:d} seconds"))
def line_down(scene: Scene, seconds: int) -> None:
    scene.world.inject(LineOutage(scene.world.now, seconds))
    scene.world.wait(1)


# --- When -----------------------------------------------------------------------------------------------------------


@when("the operator asks for the session")
def operator_asks(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.RECONNECT, "session", signer=OPERATOR))


@when("an assistant asks for the session")
def assistant_asks(scene: Scene) -> None:
    scene.attempt(lambda: scene.world.decide(DecisionKind.RECONNECT, "session", signer=ASSISTANT))


@when(
    parsers.re(
        r"Phoenix is configured for (?P<account>\w+) with mode (?P<mode>\w+) and allow_live (?P<enabled>true|false)"
    )
)
def configured_for(scene: Scene, tmp_path: Path, account: str, mode: str, enabled: str) -> None:
    configuration = tmp_path / "phoenix.toml"
    configuration.write_text(f'[account]\nid = "{account}"\nmode = "{mode}"\nallow_live = {enabled}\n')
    scene.attempt(lambda: read_settings(configuration))


# --- Then -----------------------------------------------------------------------------------------------------------


@then(phrase("there was {count:d} attempt to reconnect"))
@then(phrase("there were {count:d} attempts to reconnect"))
def attempts(scene: Scene, count: int) -> None:
    events = [payload.event for payload in scene.world.payloads(SessionPayload)]
    assert events.count(SessionEvent.RECONNECTING) == count, events


@then("the session is open and its books are read")
def is_open(scene: Scene) -> None:
    assert scene.world.state.session.is_connected
    assert scene.world.state.session.is_reconciled, scene.world.state.session


@then("the session is not open")
def is_not_open(scene: Scene) -> None:
    assert not scene.world.state.session.is_connected


@then(parsers.re(r"the configuration is refused, for (?P<reason>.+)"))
def configuration_refused(scene: Scene, reason: str) -> None:
    refusal = scene.take_refusal()
    assert isinstance(refusal, ConfigurationError), repr(refusal)
    assert reason in str(refusal), refusal
