"""Binds the rule of determinism."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.repeats import *  # noqa: F403

scenarios("determinism.feature")
