"""Binds the rules on the journal of a position."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("position_beads.feature")
