"""What the world looks like at the moment of a step, each part known or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import AccountSnapshot, ContractDetails, Quote, Session
from phoenix.ports.calendar import TradingSession


@dataclass(frozen=True, slots=True)
class Facts:
    """Read just before a step. `message_room` says how many messages the broker's limit leaves room for, `reset_until`
    when the broker's nightly reset is over, if it is in one."""

    account: Answer[AccountSnapshot]
    quotes: Mapping[str, Answer[Quote]]
    session: Answer[Session]
    server_time: Answer[datetime]
    trading: Mapping[str, TradingSession]
    contracts: Mapping[str, Answer[ContractDetails]]
    message_room: int
    reset_until: datetime | None = None

    def quote(self, pair: str) -> Answer[Quote]:
        return self.quotes.get(pair, Unknown(f"no quote was asked for {pair}"))

    def contract(self, pair: str) -> Answer[ContractDetails]:
        return self.contracts.get(pair, Unknown(f"the contract of {pair} was not asked for"))
