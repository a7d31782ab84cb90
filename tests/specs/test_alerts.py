"""Binds the rules on alerts."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.alerts import *  # noqa: F403

scenarios("alerts.feature")
