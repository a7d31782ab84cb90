"""IBKR through ib_insync, or through ib_async where that is installed instead; loaded when it is used."""

from __future__ import annotations

from phoenix.adapters.brokers.ib_insync.configured import create
from phoenix.adapters.brokers.ib_insync.line import IbInsyncLine

__all__ = ["IbInsyncLine", "create"]
