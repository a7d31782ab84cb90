"""Binds the rules on the one signal format."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("cse_signals.feature")
