"""The gateway simulator's beginning, as programs are told of it."""

from __future__ import annotations

from typing import Any

from phoenix.adapters.gateway.options import GatewayOptions
from phoenix.adapters.gateway.server import GatewayServer
from phoenix.domain.instants import instant_text


def listening_document(server: GatewayServer, options: GatewayOptions) -> dict[str, Any]:
    """Where it listens, and what it simulates."""
    return {
        "host": options.host, "port": server.port, "control_port": server.control_port, "account": options.account,
        "currency": options.currency, "mode": options.mode.value, "seed": str(options.seed),
        "time": options.time.value, "now": instant_text(server.time.now()),
        "pairs": sorted(server.gateway.engine.world.feeds), "book": None if options.book is None else str(options.book),
    }  # fmt: skip
