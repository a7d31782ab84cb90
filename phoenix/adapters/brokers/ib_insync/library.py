"""The library itself: ib_insync, or its successor ib_async under the same names. Nothing else imports either."""

from __future__ import annotations

try:
    from ib_insync import Client, Contract, ExecutionFilter, Order
    from ib_insync.decoder import Decoder
except ImportError:
    from ib_async import Client, Contract, ExecutionFilter, Order
    from ib_async.decoder import Decoder

__all__ = ["Client", "Contract", "Decoder", "ExecutionFilter", "Order"]
