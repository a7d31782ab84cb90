"""Binds the rules on the broker's silence."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("position_silence.feature")
