"""Binds the gate on reconciliation, from the difference to its resolution."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.reconciliation import *  # noqa: F403

scenarios("gate_s32_4_reconciliation.feature")
