"""Binds the gate that a strategy passes on its way to LIVE."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.promotion import *  # noqa: F403

scenarios("gate_s32_5_promotion_checklist.feature")
