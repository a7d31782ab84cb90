"""Binds the rule that a human reconnects after three attempts."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.session import *  # noqa: F403

scenarios("reconnect.feature")
