"""Binds the whole lifecycles of gate 3."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.broker import *  # noqa: F403
from tests.specs.steps.exits import *  # noqa: F403
from tests.specs.steps.lifecycle import *  # noqa: F403

scenarios("gate_s32_3_position_lifecycle.feature")
