"""Binds the rules on protection."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.states import *  # noqa: F403

scenarios("protection.feature")
