"""Binds the rules on setting and lifting kill flags, and on what they leave alone."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("kill_flags.feature")
