"""Binds the second wave of chaos: late, rejected and partial orders."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.chances import *  # noqa: F403

scenarios("broker_chaos.feature")
