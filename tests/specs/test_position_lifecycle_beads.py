"""Binds the rules on the journal of a position."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.broker import *  # noqa: F403
from tests.specs.steps.lifecycle import *  # noqa: F403

scenarios("position_beads.feature")
