"""Binds the rules on the broker's silence."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.broker import *  # noqa: F403
from tests.specs.steps.lifecycle import *  # noqa: F403

scenarios("position_silence.feature")
