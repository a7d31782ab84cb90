"""Binds the rules on what is unknown."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.meanwhile import *  # noqa: F403
from tests.specs.steps.states import *  # noqa: F403

scenarios("unknown_outcomes.feature")
