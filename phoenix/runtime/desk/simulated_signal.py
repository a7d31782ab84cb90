"""Made-up signals on real terms: a fresh setup around the simulated quote, so that deciding can be tried by hand.

Everything that an approval rests on is right (grid, sides, hashes, instants); what a source would have seen is made up,
and says so wherever it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from phoenix.domain.encoding import Json, content_hash
from phoenix.domain.errors import InvalidValue
from phoenix.domain.instants import instant_text
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text, floor_to_step
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import AccountMode, OrderType, RefusalReason, Regime, Side, SignalSource, TimeInForce
from phoenix.ports.answers import Unknown
from phoenix.ports.broker_facts import Quote
from phoenix.ports.errors import BrokerUnavailable

if TYPE_CHECKING:
    from phoenix.runtime.desk import Desk
    from phoenix.runtime.home import Home

MADE_UP = "made up by Phoenix, to try it out; no advice"
PIPS_MAX = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class SimulatedSetup:
    """What a made-up signal is to be. Distances are pips of the instrument, `risk_percent` a percentage of equity.

    `limit_pips` is how much better than the market a LIMIT entry is; a MARKET entry has none.
    """

    strategy_id: str
    side: Side = Side.LONG
    stop_pips: Decimal = Decimal(30)
    target_pips: Decimal = Decimal(60)
    risk_percent: Decimal = Decimal(1)
    order_type: OrderType = OrderType.MARKET
    limit_pips: Decimal = ZERO
    time_in_force: TimeInForce = TimeInForce.DAY
    regime: Regime = Regime.NORMAL

    def __post_init__(self) -> None:
        for name in ("stop_pips", "target_pips"):
            if not ZERO < getattr(self, name) <= PIPS_MAX:
                raise InvalidValue(name, f"{getattr(self, name)} is not above zero", "Give a distance in pips, as 30")
        if abs(self.limit_pips) > PIPS_MAX:
            raise InvalidValue("limit", f"{self.limit_pips} pips is no distance to trade", "Give a few pips, as 5")
        if self.limit_pips != ZERO and self.order_type is not OrderType.LIMIT:
            raise InvalidValue("limit", f"a {self.order_type} order has no limit", "Ask for order type LIMIT")


def simulated_document(
    setup: SimulatedSetup, instrument: Instrument, quote: Quote, now: datetime, signal_id: str
) -> dict[str, Json]:
    """The canonical signal envelope of a made-up setup. Raises InvalidValue where its prices leave the market."""
    entry, stop, target = _prices(setup, instrument, quote)
    evidence = _evidence(setup, instrument, quote)
    return {
        "cse_version": "1.0",
        "signal_id": signal_id,
        "timestamp": instant_text(now),
        "strategy_id": setup.strategy_id,
        "source": SignalSource.MANUAL.value,
        "pair": instrument.pair,
        "setup_type": "SIMULATED",
        "confidence": "0.5",
        "parameters": {
            "entry": decimal_text(entry),
            "stop": decimal_text(stop),
            "target": decimal_text(target),
            "risk_percent": decimal_text(setup.risk_percent),
            "order_type": setup.order_type.value,
            "time_in_force": setup.time_in_force.value,
        },
        "evidence": evidence,
        "evidence_hash": content_hash(evidence),
        "state_anchor": {
            "captured_at": instant_text(now),
            "regime": setup.regime.value,
            "components": {
                "strategy_params": content_hash({"strategy_id": setup.strategy_id, "parameters": MADE_UP}),
                "market_snapshot": content_hash(_quoted(quote)),
            },
        },
    }


def _prices(setup: SimulatedSetup, instrument: Instrument, quote: Quote) -> tuple[Decimal, Decimal, Decimal]:
    """Entry, stop and target on the tick grid: the entry at the market, or better than it by the limit's pips."""
    direction = 1 if setup.side is Side.LONG else -1
    market = quote.ask if setup.side is Side.LONG else quote.bid
    entry = floor_to_step(market - direction * setup.limit_pips * instrument.pip, instrument.tick)
    stop = entry - direction * _distance(setup.stop_pips, instrument)
    target = entry + direction * _distance(setup.target_pips, instrument)
    for name, price in (("limit", entry), ("stop_pips", stop), ("target_pips", target)):
        if price <= ZERO:
            raise InvalidValue(name, f"the price would be {decimal_text(price)}", "Give fewer pips")
    return entry, stop, target


def _distance(pips: Decimal, instrument: Instrument) -> Decimal:
    """A distance in pips as whole ticks, one at least."""
    return max(floor_to_step(pips * instrument.pip, instrument.tick), instrument.tick)


def _evidence(setup: SimulatedSetup, instrument: Instrument, quote: Quote) -> dict[str, Json]:
    is_long = setup.side is Side.LONG
    spread_pips = (quote.ask - quote.bid) / instrument.pip
    return {
        "note": MADE_UP,
        "quality": {"score": "0.5", "breakdown": {"structure": "0.5", "timing": "0.5"}},
        "htf": {
            "timeframe": "4H",
            "bias": "BULLISH" if is_long else "BEARISH",
            "aligned": True,
            "detail": "made up: taken to point the same way",
        },
        "ltf": {"timeframe": "15M", "setup": "SIMULATED", "detail": "made up: priced from the quote"},
        "red_checks": [
            {"name": "news", "passed": True, "detail": "made up: no calendar was asked"},
            {"name": "spread", "passed": True, "detail": f"{decimal_text(spread_pips)} pips when it was made"},
        ],
    }


def _quoted(quote: Quote) -> dict[str, Json]:
    return {
        "pair": quote.pair,
        "bid": decimal_text(quote.bid),
        "ask": decimal_text(quote.ask),
        "as_of": instant_text(quote.as_of),
    }


def instrument_for_trial(home: Home, pair: str | None) -> Instrument:
    """The named instrument, or else the first that is configured. Raises Refused outside the simulator."""
    mode = home.settings.account.mode
    if mode is not AccountMode.SIMULATOR:
        raise Refused(
            RefusalReason.NOT_ALLOWED, "mode", f"made-up signals belong to the simulator, this home is {mode.value}",
            "Let the signal source hand in signals",
        )  # fmt: skip
    instruments = home.settings.policy().instruments
    chosen = pair if pair is not None else next(iter(instruments), "")
    if chosen not in instruments:
        known = ", ".join(instruments) or "none"
        raise Refused(
            RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"{chosen} is not configured; configured is {known}",
            "Name a configured instrument, or add this one to the configuration",
        )  # fmt: skip
    return instruments[chosen]


def strategy_for_trial(desk: Desk, strategy_id: str | None) -> str:
    """The named strategy, or else the first that is configured or registered. Raises Refused where there is none."""
    if strategy_id is not None:
        return strategy_id
    known = [*desk.home.settings.strategies, *(known.strategy_id for known in desk.read.strategies())]
    if not known:
        raise Refused(
            RefusalReason.STRATEGY_UNKNOWN, "strategy", "none is configured or registered", "Register a strategy"
        )
    return known[0]


def fresh_quote(desk: Desk, pair: str) -> Quote:
    """The simulated quote. Raises BrokerUnavailable where it is not known."""
    answer = desk.quote(pair)
    if isinstance(answer, Unknown):
        raise BrokerUnavailable(
            f"the quote of {pair} is not known: {answer.reason}. Wait a few seconds and try again; "
            "the configuration's broker.chaos_mock.prices must have this instrument"
        )
    return answer.value
