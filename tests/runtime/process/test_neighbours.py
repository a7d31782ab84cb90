"""The neighbours are chosen by configuration: Phoenix's own, none, or one that a package brings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from phoenix.adapters import plugins
from phoenix.adapters.autopsy import Beside, BuiltinAutopsist
from phoenix.adapters.shadow.configured import LiveTracker
from phoenix.adapters.signalman import RollingResult
from phoenix.config import read_settings
from phoenix.domain.beads.envelope import SYSTEM, Bead
from phoenix.domain.beads.trading import AutopsyPayload
from phoenix.domain.vocabulary import TradeOutcome
from phoenix.ports.errors import ConfigurationError
from phoenix.rehearsal.performance import autopsy
from phoenix.rehearsal.world import World
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import Home
from phoenix.runtime.process.neighbours import AUTOPSIES, DECAY, PERFORMANCE, autopsist_of, decay_source_of
from phoenix.runtime.process.neighbours import performance_source_of as source_of
from tests.application.test_autopsies import pump_until
from tests.examples.copies import EXAMPLES


def configured(home: Home, **tables: str) -> Home:
    """The home with more in its configuration."""
    file = home.directory / "phoenix.toml"
    text = file.read_text() + "".join(f"\n[{name.replace('__', '.')}]\n{body}\n" for name, body in tables.items())
    file.write_text(text)
    return Home.open(home.directory)


def parts(home: Home) -> tuple[Any, ...]:
    world = World(connect=False)
    return home, home.settings.policy(), world.container.calendar(), world.clock


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets packages be installed that bring entry points; the example's modules are within reach."""
    monkeypatch.syspath_prepend(EXAMPLES / "own_neighbours")

    def install(group: str, **values: str) -> None:
        points = [EntryPoint(name, value, group) for name, value in values.items()]
        monkeypatch.setattr(plugins, "entry_points", lambda group: [one for one in points if one.group == group])

    return install


def test_phoenix_brings_its_own(home: Home) -> None:
    assert isinstance(autopsist_of(home.settings), BuiltinAutopsist)
    assert isinstance(source_of(*parts(home)), LiveTracker)
    assert decay_source_of(home.settings) is None
    assert isinstance(decay_source_of(configured(home, signalman='source = "rolling"').settings), RollingResult)


def test_none_follows_nothing(home: Home) -> None:
    assert source_of(*parts(configured(home, shadow='source = "none"'))) is None


def test_others_take_their_place(home: Home, installed: Callable[..., None]) -> None:
    installed(DECAY, losing_streak="losing_streak:losing_streak")
    home = configured(home, signalman='source = "losing_streak"', autopsy='adapter = "notes"')
    assert type(decay_source_of(home.settings)).__name__ == "LosingStreak"
    installed(AUTOPSIES, notes="session_notes:examine")
    assert isinstance(autopsist_of(home.settings), Beside)


@pytest.mark.parametrize(
    "table", ['shadow:source = "nobody"', 'signalman:source = "nobody"', 'autopsy:adapter = "nobody"']
)
def test_a_neighbour_that_is_not_installed_stops_the_start(table: str, home: Home) -> None:
    name, body = table.split(":")
    changed = configured(home, **{name: body})
    with Desk(changed) as desk, pytest.raises(ConfigurationError, match="no adapter is called 'nobody'"):
        desk.catch_up()


def test_a_factory_that_is_none_is_refused(home: Home, installed: Callable[..., None]) -> None:
    installed(PERFORMANCE, odd="json:__name__")
    with pytest.raises(ConfigurationError, match="takes a PerformanceContext"):
        source_of(*parts(configured(home, shadow='source = "odd"')))


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("hours_min = 25", "hours_min"), ('equity = "0"', "equity"), ('trend_efficiency_min = "1"', "trend"),
        ("latency_s = -1", "latency_s"), ("speed = 1", "speed"),
    ],
)  # fmt: skip
def test_a_wrong_setting_of_the_tracker_is_named(body: str, key: str, home: Home) -> None:
    changed = configured(home, shadow__tracker=body)
    with pytest.raises(ConfigurationError, match=f"shadow.tracker.{key}"):
        source_of(*parts(changed))


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[promotion]\nsessions_min = 19", "promotion.sessions_min"),
        ("[promotion]\nregimes_min = 1", "promotion.regimes_min"),
        ('[signalman]\nwarn_at = "0.9"\nkill_at = "0.8"', "signalman"),
        ('[signalman]\nkill_at = "1.5"', "signalman.kill_at"),
        ('[autopsy]\nsource = "builtin"', "autopsy.source"),
    ],
)
def test_a_setting_that_would_weaken_the_rules_is_refused(table: str, key: str, tmp_path: Path) -> None:
    file = tmp_path / "phoenix.toml"
    file.write_text(table)
    with pytest.raises(ConfigurationError, match=key):
        read_settings(file)


def test_a_memory_that_cannot_be_read_stops_the_start_and_stays(home: Home) -> None:
    memory = home.directory / "shadow.json"
    memory.write_text("{")
    with Desk(home) as desk, pytest.raises(ConfigurationError, match="shadow tracker's memory"):
        desk.catch_up()
    assert memory.read_text() == "{"


# --- the examples ---------------------------------------------------------------------------------------------------


def test_the_example_signalman_speaks_once_for_a_streak(home: Home, installed: Callable[..., None]) -> None:
    installed(DECAY, losing_streak="losing_streak:losing_streak")
    changed = configured(home, signalman='source = "losing_streak"', signalman__losing_streak="losses = 2")
    source = decay_source_of(changed.settings)
    assert source is not None
    outcomes = [TradeOutcome.LOSS, TradeOutcome.LOSS, TradeOutcome.LOSS, TradeOutcome.WIN, TradeOutcome.LOSS]
    said = []
    for number, outcome in enumerate(outcomes):
        payload = autopsy(number, outcome=outcome.value)
        source.observe(Bead("id", payload, SYSTEM, datetime(2026, 3, 2, tzinfo=UTC)))
        said.append([one.score for one in source.readings()])
    assert said == [[], [Decimal(1)], [], [], []]


def test_the_example_autopsy_is_taken_for_one(home: Home, installed: Callable[..., None]) -> None:
    installed(AUTOPSIES, notes="session_notes:examine")
    world = World(autopsist=autopsist_of(configured(home, autopsy='adapter = "notes"').settings))
    world.register()
    position_id = world.enter().position_id
    world.wait(1)
    world.price("1.25800")
    world.wait(1)
    pump_until(world, lambda: position_id not in world.state.autopsies_due)
    (found,) = world.payloads(AutopsyPayload)
    assert found.thesis.endswith("opened in the London morning")
