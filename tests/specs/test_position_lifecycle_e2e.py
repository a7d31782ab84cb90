"""Binds the whole lifecycles of gate 3."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("gate_s32_3_position_lifecycle.feature")
