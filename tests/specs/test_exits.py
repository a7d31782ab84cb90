"""Binds the rules on exits."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.meanwhile import *  # noqa: F403

scenarios("exits.feature")
