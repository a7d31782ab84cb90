"""Binds the rules on what a kill flag blocks."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("gate_s32_6_kill_blocks_entry.feature")
