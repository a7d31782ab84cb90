"""Steps about the broker session: how often it is opened anew, who asks for it, and which account it is on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pytest_bdd import given, parsers, then, when

from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.reset_windows import read_reset_window
from phoenix.adapters.simulation.faults import LineOutage
from phoenix.adapters.simulation.options import EngineOptions
from phoenix.application.simulation import run_now
from phoenix.config.reading import read_settings
from phoenix.domain.beads.operations import SessionPayload
from phoenix.domain.vocabulary import AccountMode, DecisionKind, SessionEvent
from phoenix.ports.answers import Answer, Complete
from phoenix.ports.broker_facts import ContractDetails, Session
from phoenix.ports.errors import BrokerRefused, ConfigurationError
from phoenix.rehearsal.instruments import GBPUSD, INSTRUMENTS
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
def will_refuse(scene: Scene, why: str = "client id 1 is in use") -> None:
    async def connect() -> Session:
        raise BrokerRefused(f"{why}; nothing was sent. Correct it, then connect")

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


@given(parsers.re(r"a broker that refuses the session, for (?P<why>.+)"))
def refuses_from_the_start(scene: Scene, why: str) -> None:
    scene.prepare(connect=False)
    will_refuse(scene, why)


@given(parsers.re(r"a broker for which GBPUSD has (?P<name>tick|size_step|min_size|currency) (?P<value>\S+)"))
def broker_has(scene: Scene, name: str, value: str) -> None:
    there = replace(GBPUSD, **{name: value if name == "currency" else Decimal(value)})  # type: ignore[arg-type]
    instruments = {**INSTRUMENTS, GBPUSD.pair: there}
    scene.prepare(options=EngineOptions(account=ACCOUNT, instruments=instruments, margin_rate=Decimal("0.03")))


@given("a broker that reports no sizes of its instruments")
def no_sizes(scene: Scene) -> None:
    truly = scene.world.broker.contract

    async def contract(pair: str) -> Answer[ContractDetails]:
        answer = await truly(pair)
        assert isinstance(answer, Complete)
        return replace(answer, value=replace(answer.value, min_size=None, size_step=None))

    scene.world.broker.contract = contract  # type: ignore[method-assign]


# --- When -----------------------------------------------------------------------------------------------------------


@when("the executor starts")
def starts(scene: Scene) -> None:
    run_now(scene.world.executor.start({}))


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
