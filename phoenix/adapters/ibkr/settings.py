"""What an IBKR adapter is built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from phoenix.adapters.ibkr.line import Endpoint
from phoenix.domain.instrument import Instrument
from phoenix.domain.policy import AccountPolicy
from phoenix.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class IbkrSettings:
    """Where the gateway is, who we are there, and what is traded. `allowed` are the accounts that may be."""

    host: str
    port: int
    client_id: int
    account: AccountPolicy
    instruments: Mapping[str, Instrument]
    clock: Clock
    allowed: frozenset[str]
    zone: ZoneInfo | None = None
    connect_timeout_s: float = 10.0
    query_timeout_s: float = 5.0

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.host, self.port, self.client_id, self.connect_timeout_s, self.zone)
