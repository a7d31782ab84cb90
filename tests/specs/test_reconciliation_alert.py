"""Binds the rule that drift is told at once."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.reconciliation import *  # noqa: F403

scenarios("reconciliation_alert.feature")
