"""Reading the facts for a step: the account, the quotes an instrument needs, the session, the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from phoenix.application.asking import together
from phoenix.application.gate.facts import Facts
from phoenix.application.gate.pacing import Pacer
from phoenix.domain.instrument import Instrument
from phoenix.ports.answers import Answer
from phoenix.ports.broker import Broker
from phoenix.ports.broker_facts import ContractDetails
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.clock import Clock


class FactsReader:
    """Asks the broker and the calendar just before a step; what stays unanswered is unknown."""

    def __init__(
        self, broker: Broker, calendar: TradingCalendar, clock: Clock, pacer: Pacer,
        instruments: Mapping[str, Instrument], account_currency: str,
    ) -> None:  # fmt: skip
        self._broker = broker
        self._calendar = calendar
        self._clock = clock
        self._pacer = pacer
        self._instruments = instruments
        self._currency = account_currency

    async def read(self, pairs: Iterable[str]) -> Facts:
        """The facts that concern these instruments; pairs that are not configured are left out."""
        known = sorted({pair for pair in pairs if pair in self._instruments})
        quoted = sorted({*known, *(rate for pair in known for rate in self._rates_for(pair))})
        now = self._clock.now()
        account, server_time, *others = await together(
            self._broker, self._broker.account(), self._broker.server_time(), *map(self._broker.quote, quoted),
            *map(self._broker.contract, known),
        )  # fmt: skip
        return Facts(
            account=account,
            quotes=dict(zip(quoted, others, strict=False)),
            session=self._broker.session(),
            server_time=server_time,
            trading={pair: self._calendar.session(pair, now) for pair in known},
            contracts=dict(zip(known, others[len(quoted) :], strict=True)),
            message_room=self._pacer.room(now),
            reset_until=self.reset_until(),
        )

    async def contracts(self) -> Mapping[str, Answer[ContractDetails]]:
        """What the broker says of every configured instrument."""
        pairs = sorted(self._instruments)
        return dict(zip(pairs, await together(self._broker, *map(self._broker.contract, pairs)), strict=True))

    def reset_until(self) -> datetime | None:
        """When the broker's nightly reset is over; None while it is in none."""
        return self._calendar.reset_until(self._clock.now())

    def _rates_for(self, pair: str) -> Iterable[str]:
        """The configured instruments that convert a pair's currency into the account's."""
        currency = self._instruments[pair].currency
        if currency == self._currency:
            return ()
        names = (f"{currency}{self._currency}", f"{self._currency}{currency}")
        return (name for name in names if name in self._instruments and name != pair)
