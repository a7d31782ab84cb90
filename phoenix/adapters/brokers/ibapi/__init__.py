"""IBKR through the vendor's own client, ibapi. The library is loaded when it is used."""

from __future__ import annotations

from phoenix.adapters.brokers.ibapi.configured import create
from phoenix.adapters.brokers.ibapi.line import IbapiLine

__all__ = ["IbapiLine", "create"]
