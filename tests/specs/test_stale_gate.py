"""Binds the rules on the context that a proposal stands on."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("gate_s32_8_stale_gate.feature")
