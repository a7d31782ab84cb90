"""Binds the rules on the journal."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.journal import *  # noqa: F403
from tests.specs.steps.meanwhile import *  # noqa: F403

scenarios("beads.feature")
