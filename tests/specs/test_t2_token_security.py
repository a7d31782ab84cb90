"""Binds the rules on what a T2 token is worth."""

from __future__ import annotations

from pytest_bdd import scenarios

scenarios("gate_s32_2_t2_tokens_secure.feature")
