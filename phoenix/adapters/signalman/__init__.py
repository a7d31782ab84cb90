"""Watching strategies wear out: a simple Signalman of Phoenix's own."""

from __future__ import annotations

from phoenix.adapters.signalman.rolling import RollingResult

__all__ = ["RollingResult"]
