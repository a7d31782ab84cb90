"""Binds the rules on executions."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.chances import *  # noqa: F403

scenarios("executions.feature")
