"""Binds the rules on what a strategy has to show before it goes LIVE."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.promotion import *  # noqa: F403

scenarios("promotion_checklist.feature")
