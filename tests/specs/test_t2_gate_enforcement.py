"""Binds the rules on who may approve, and what opens the connector."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("t2_gate.feature")
