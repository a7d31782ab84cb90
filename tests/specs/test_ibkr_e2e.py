"""Binds the round trip over each adapter: as a drill, with processes of their own, and as a market that can be told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from phoenix.adapters.simulation import faults
from phoenix.adapters.simulation.faults import Which
from phoenix.adapters.wired import WireOptions
from phoenix.cli.exit_codes import ExitCode
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.beads.trading import PositionPayload
from phoenix.domain.vocabulary import (
    DecisionKind,
    ExitReason,
    LegRole,
    OrderStatus,
    PositionState,
    Protection,
    ReconciliationVerdict,
)
from phoenix.rehearsal.world import OPERATOR, PIP, World
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.home.making import init
from tests.children import environment
from tests.runtime.processes import LIMIT_S, ROOT, Process

scenarios("gate_s32_1_ibkr_connected.feature")

_PROGRAM = "from phoenix.cli.main import main; main()"
_IN_PROCESS = "chaos_mock"
_LISTENING = "listening on "


class Trading(NamedTuple):
    """A home, and the gateway behind its adapter where that needs one."""

    home: Home
    adapter: str
    gateway: Process | None


class Drilled(NamedTuple):
    """What the command left with and wrote."""

    code: int
    document: Mapping[str, Any]

    def verdicts(self, *names: str) -> set[str]:
        found = {step["verdict"] for step in self.document["steps"] if step["step"] in names}
        assert found, f"no step is called {names}"
        return found

    def step(self, name: str) -> Mapping[str, Any]:
        return next(step for step in self.document["steps"] if step["step"] == name)


@given(parsers.parse("a home that trades through {adapter}"), target_fixture="trading")
def a_home(tmp_path: Path, adapter: str, processes: list[Process]) -> Trading:
    home = init(tmp_path / "home", datetime.now(UTC))
    if adapter == _IN_PROCESS:
        return Trading(home, adapter, None)
    gateway = Process(home, "gateway", {})
    processes.append(gateway)
    port = int(gateway.wait_for(_LISTENING).removeprefix(_LISTENING))
    file = home.directory / "phoenix.toml"
    text = file.read_text().replace(f'adapter = "{_IN_PROCESS}"', f'adapter = "{adapter}"')
    file.write_text(f'{text}\n[broker.{adapter}]\nport = {port}\nclient_id = 17\ngateway_zone = "UTC"\n')
    return Trading(Home.open(home.directory), adapter, gateway)


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    """Killed at the end, whatever happens."""
    started: list[Process] = []
    yield started
    for process in started:
        process.kill()


@given("its gateway is gone")
def gateway_gone(trading: Trading) -> None:
    assert trading.gateway is not None
    trading.gateway.kill()


@when("it is drilled", target_fixture="drilled")
def drilled(trading: Trading) -> Drilled:
    command = [sys.executable, "-c", _PROGRAM, "drill", "--yes-simulated", "--hold", "0", "--wait", "20", "--json"]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False,
        env=environment(PHOENIX_HOME=str(trading.home.directory)),
    )  # fmt: skip
    assert "Traceback" not in done.stderr, done.stderr
    return Drilled(done.returncode, json.loads(done.stdout))


@then(parsers.parse("{adapter} has told the account, the clock, the contract, the quote and the books completely"))
def told(drilled: Drilled, adapter: str) -> None:
    names = ("connect", "account", "clock", "contract", "quote", "books")
    assert drilled.verdicts(*names) == {"OK"}, drilled.document
    assert drilled.step("connect")["figures"]["adapter"] == adapter
    figures = drilled.step("account")["figures"]
    assert None not in (figures["equity"], figures["balance"], figures["margin_used"], figures["buying_power"])


@then("an approved order was sent once, acknowledged and filled")
def sent_and_filled(drilled: Drilled, trading: Trading) -> None:
    assert drilled.verdicts("gate", "acknowledged", "filled") == {"OK"}, drilled.document
    assert drilled.step("filled")["figures"]["filled"] == "1000"
    with Desk(trading.home) as desk:
        (position,) = desk.read.positions(ended=True)
    assert position.entry_leg is not None
    assert position.entry_leg.permanent_id == drilled.step("acknowledged")["figures"]["permanent_id"]
    assert position.token_count == 1


@then("the position was protected, and closed by a human's exit")
def protected_and_closed(drilled: Drilled) -> None:
    assert drilled.verdicts("managed", "exit", "closed") == {"OK"}, drilled.document
    assert drilled.step("managed")["figures"]["protection"] == "EXACT"
    assert drilled.step("exit")["figures"]["exit_reason"] == "MANUAL"
    assert drilled.document["position"]["open_quantity"] == "0"


@then("both books agree, and the record is sound")
def agree_and_sound(drilled: Drilled) -> None:
    assert drilled.step("reconciled")["figures"]["verdict"] == "HEALTHY"
    assert drilled.step("record")["figures"]["history"] == "OK"
    assert (drilled.code, drilled.document["ok"]) == (ExitCode.OK, True)


@then("the drill has failed to connect, and sent nothing")
def failed_to_connect(drilled: Drilled, trading: Trading) -> None:
    assert drilled.code == ExitCode.BROKER_UNREACHABLE, drilled.document
    assert drilled.verdicts("connect") == {"FAILED"}
    assert drilled.verdicts("account", "gate", "filled", "closed", "reconciled") == {"NOT_DONE"}
    with Desk(trading.home) as desk:
        assert list(desk.store.read_of({BeadType.ORDER})) == []


# --- in simulated time ----------------------------------------------------------------------------------------------


@given(parsers.parse("a market in simulated time behind {adapter}"), target_fixture="world")
def a_market(adapter: str) -> Iterator[World]:
    world = World(wire=None if adapter == _IN_PROCESS else WireOptions(adapter))
    try:
        world.register()
        yield world
    finally:
        world.close()


@when(
    "a signal is approved whose entry the broker fills by half, and a little later in full",
    target_fixture="position_id",
)
def filled_in_parts(world: World) -> str:
    world.inject(faults.partial(Which(role=LegRole.ENTRY), Decimal("0.5"), remainder_after_s=5))
    position_id = world.enter().position_id
    world.wait(1)
    half = world.position(position_id)
    assert half.state is PositionState.FILLED
    assert half.open_quantity * 2 == half.terms.quantity
    world.wait(10)
    return position_id


@then("the partial fill is on record before the full one, and the stop protects exactly what is open")
def parts_on_record(world: World, position_id: str) -> None:
    position = world.position(position_id)
    assert (position.state, position.protection) == (PositionState.MANAGED, Protection.EXACT)
    assert position.open_quantity == position.terms.quantity
    beads = [bead for bead in world.payloads(PositionPayload) if bead.position_id == position_id]
    ratios = [bead.partial_fill_ratio for bead in beads if bead.partial_fill_ratio]
    assert ratios == sorted(ratios)
    assert (min(ratios), max(ratios)) == (Decimal("0.5"), Decimal(1))


@when("the market reaches the target")
def target_reached(world: World, position_id: str) -> None:
    world.price(str(world.position(position_id).terms.target_price + PIP))
    world.wait(35)


@then("the position is closed by its target, its stop is cancelled, and nothing was sent twice")
def closed_by_target(world: World, position_id: str) -> None:
    position = world.position(position_id)
    assert (position.state, position.exit_reason) == (PositionState.CLOSED, ExitReason.TAKE_PROFIT)
    (stop,) = [leg for leg in position.legs if leg.leg.role is LegRole.STOP_LOSS]
    assert stop.status is OrderStatus.CANCELLED
    references = [record["reference"] for record in world.ledger("ORDER_RECEIVED")]
    assert len(references) == len(set(references)) == 3


@then("the books are compared and HEALTHY")
def books_healthy(world: World) -> None:
    world.decide(DecisionKind.RECONCILE, "books", signer=OPERATOR)
    assert world.state.reconciliation.verdict is ReconciliationVerdict.HEALTHY


@then("the chain and the history are sound, the broker's own ledger included")
def sound(world: World) -> None:
    assert world.container.store().verify().ok
    report = world.history()
    assert report.ok, report.text()
