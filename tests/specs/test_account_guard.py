"""Binds the rules on which account is traded."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.session import *  # noqa: F403

scenarios("account_guard.feature")
