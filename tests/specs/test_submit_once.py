"""Binds the rules on sending an order once."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("submit_once.feature")
