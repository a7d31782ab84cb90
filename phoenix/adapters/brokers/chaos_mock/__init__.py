"""The mock broker, in the process: chaos on demand, in virtual time."""

from __future__ import annotations

from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.configured import create
from phoenix.adapters.brokers.chaos_mock.settings import ChaosMockSettings

__all__ = ["ChaosMockBroker", "ChaosMockSettings", "create"]
