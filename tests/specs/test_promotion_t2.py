"""Binds the rules on the token that a promotion takes."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.promotion import *  # noqa: F403

scenarios("promotion_t2.feature")
