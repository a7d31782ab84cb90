"""Choosing a broker adapter by its name in the configuration."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from phoenix.adapters.alerts import RecordingCourier
from phoenix.adapters.brokers.chaos_mock import ChaosMockBroker, create
from phoenix.adapters.brokers.loader import GROUP, load_broker_factory
from phoenix.adapters.calendar import AlwaysOpen
from phoenix.adapters.clock import SimulatedClock
from phoenix.adapters.ids import SeededIds
from phoenix.adapters.store.memory import MemoryStore
from phoenix.application.simulation import run_now
from phoenix.config import read_settings
from phoenix.container import build_container
from phoenix.ports.answers import Complete
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.errors import ConfigurationError
from phoenix.rehearsal.instruments import INSTRUMENTS
from phoenix.rehearsal.signals import MONDAY


def point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, GROUP)


def test_the_mock_is_installed_under_its_name() -> None:
    assert load_broker_factory("chaos_mock") is create


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConfigurationError, match=r"no adapter is called 'ibkr'.*chaos_mock"):
        load_broker_factory("ibkr", [point("chaos_mock", "phoenix.adapters.brokers.chaos_mock:create")])


def test_an_adapter_that_does_not_load_says_which_and_why() -> None:
    with pytest.raises(ConfigurationError, match=r"'broken' \(no_such_module:create\) does not load"):
        load_broker_factory("broken", [point("broken", "no_such_module:create")])


def test_an_adapter_without_its_function_says_so() -> None:
    with pytest.raises(ConfigurationError, match="does not load"):
        load_broker_factory("broken", [point("broken", "json:no_such_function")])


def test_an_entry_point_that_is_no_factory_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is no factory"):
        load_broker_factory("odd", [point("odd", "json:__name__")])


def test_two_packages_with_one_name_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="several packages"):
        load_broker_factory("twice", [point("twice", "json:loads"), point("twice", "json:dumps")])


def context(options: dict[str, object]) -> BrokerContext:
    return BrokerContext(
        options, read_settings().policy().account, INSTRUMENTS, SimulatedClock(MONDAY), AlwaysOpen(), ClaimOffice(),
        lambda _: None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"mood": "INSTANT"}, "broker.chaos_mock.mood"),
        ({"mode": "WILD"}, "broker.chaos_mock.mode"),
        ({"mode": "REALISTIC", "reject_prob": 0.9}, "broker.chaos_mock.chaos"),
        ({"prices": {"XAUUSD": {"bid": "1", "spread": "0", "step": "1"}}}, "broker.chaos_mock.prices.XAUUSD"),
        ({"prices": {"GBPUSD": {"bid": "0", "spread": "0", "step": "1"}}}, "broker.chaos_mock.prices.GBPUSD.bid"),
    ],
)
def test_wrong_options_are_refused_with_their_key(options: dict[str, object], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        create(context(options))


def test_the_five_chaos_keys_override_the_mode() -> None:
    broker = create(context({"mode": "ADVERSARIAL", "fill_probability": 0.5, "delay_range_sec": [1, 2]}))
    assert isinstance(broker, ChaosMockBroker)


def test_a_configured_broker_runs_in_the_container() -> None:
    settings = read_settings(
        overrides={
            "broker.chaos_mock.prices.GBPUSD.bid": "1.26",
            "broker.chaos_mock.prices.GBPUSD.spread": "0.0001",
            "broker.chaos_mock.prices.GBPUSD.step": "0.00005",
        }
    )
    container = build_container(
        settings.policy(), SimulatedClock(MONDAY), SeededIds(1), AlwaysOpen(), RecordingCourier(), MemoryStore,
        load_broker_factory(settings.broker.adapter), settings.broker.options,
    )  # fmt: skip
    run_now(container.executor().start(settings.document()))
    assert container.executor().state.session.is_reconciled
    assert isinstance(run_now(container.broker().quote("GBPUSD")), Complete)
