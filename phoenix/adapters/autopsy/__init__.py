"""Examining closed positions: Phoenix's own way, and a way to bring another."""

from __future__ import annotations

from phoenix.adapters.autopsy.beside import Beside
from phoenix.adapters.autopsy.builtin import BuiltinAutopsist

__all__ = ["Beside", "BuiltinAutopsist"]
