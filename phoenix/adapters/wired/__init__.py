"""An IBKR adapter before a gateway simulator, both in one simulated time: real client library, real sockets.

The adapter is found by its entry point, as a configuration would name it; nothing here imports a client library.
"""

from __future__ import annotations

from phoenix.adapters.wired.broker import WiredBroker
from phoenix.adapters.wired.rig import WireOptions, WireRig

__all__ = ["WireOptions", "WireRig", "WiredBroker"]
