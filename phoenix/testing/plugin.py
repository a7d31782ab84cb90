"""The pytest plugin: `pytest_plugins = ["phoenix.testing.plugin"]` in a project's outermost conftest.py.

It brings the steps of `phoenix.testing.steps` with their fixture `scene`, explains the failing assertions of the broker
contract, and lets no test connect to anything but this machine, unless the ini option `phoenix_network_guard` is false.
"""

from __future__ import annotations

import pytest

from phoenix.testing import network_guard

_GUARD = "phoenix_network_guard"
_EXPLAINED = ("steps", "scene", "world", "broker_cards", "fault_cards", "broker_harness")

pytest.register_assert_rewrite(*(f"phoenix.testing.{name}" for name in _EXPLAINED))

pytest_plugins = (
    "phoenix.testing.steps.common",
    "phoenix.testing.steps.context",
    "phoenix.testing.steps.lifecycle",
    "phoenix.testing.steps.kills",
    "phoenix.testing.steps.exits",
    "phoenix.testing.steps.broker",
    "phoenix.testing.steps.settling",
)
"""The modules of steps, each a plugin of its own."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declares the ini option that turns the network guard off."""
    parser.addini(_GUARD, "let no test connect to anything but this machine (default: true)", "bool", default=True)


def pytest_configure(config: pytest.Config) -> None:
    """Installs the network guard, for the rest of the process."""
    if config.getini(_GUARD):
        network_guard.install()
