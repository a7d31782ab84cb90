"""Binds the rules on what a position can do."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.states import *  # noqa: F403

scenarios("position_states.feature")
