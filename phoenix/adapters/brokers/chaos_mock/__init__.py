"""The mock broker, in the process: chaos on demand, in virtual time."""

from __future__ import annotations

from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.settings import ChaosMockSettings
from phoenix.ports.broker import EventSink
from phoenix.ports.claims import ClaimOffice

__all__ = ["ChaosMockBroker", "ChaosMockSettings", "create"]


def create(settings: ChaosMockSettings, office: ClaimOffice, sink: EventSink) -> ChaosMockBroker:
    """The broker that the entry point `chaos_mock` names."""
    return ChaosMockBroker(settings, office, sink)
