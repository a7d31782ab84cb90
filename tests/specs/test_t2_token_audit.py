"""Binds the rules on what the beads tell of a token."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("t2_token_audit.feature")
