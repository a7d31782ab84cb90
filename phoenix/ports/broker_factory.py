"""How a broker adapter comes to be: what it is given, and what it must hand back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from phoenix.domain.instrument import Instrument
from phoenix.domain.policy import AccountPolicy
from phoenix.ports.broker import Broker, EventSink
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class BrokerContext:
    """Everything an adapter builds itself from. `options` is its own table of the configuration, unchecked.

    `folder` is where relative paths of the options begin.

    An adapter refuses options it does not understand with ConfigurationError, naming the key and the remedy.
    """

    options: Mapping[str, object]
    account: AccountPolicy
    instruments: Mapping[str, Instrument]
    clock: Clock
    calendar: TradingCalendar
    office: ClaimOffice
    sink: EventSink
    folder: Path = Path()


BrokerFactory: TypeAlias = Callable[[BrokerContext], Broker]
"""What the entry point of an adapter names, in the group `phoenix.brokers`."""
