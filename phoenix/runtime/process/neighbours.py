"""The neighbours of an executor: who follows shadow trades, who watches for decay, who examines closed positions."""

from __future__ import annotations

from datetime import datetime, timedelta

from phoenix.adapters.autopsy import Beside, BuiltinAutopsist
from phoenix.adapters.plugins import load_named
from phoenix.adapters.shadow.configured import live_tracker
from phoenix.adapters.signalman.rolling import rolling_result
from phoenix.application.executor import Executor
from phoenix.application.promotion.shadow_watch import ShadowWatch
from phoenix.application.watch.decay_watch import DecayWatch
from phoenix.config import Settings
from phoenix.domain.policy import Policy
from phoenix.domain.state import State
from phoenix.ports.answers import Complete
from phoenix.ports.autopsy import Autopsist
from phoenix.ports.broker import Broker
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.clock import Clock
from phoenix.ports.decay import DecaySource
from phoenix.ports.performance import PerformanceContext, PerformanceSource, QuoteDriven
from phoenix.ports.store import BeadStore
from phoenix.runtime.home import Home

NONE = "none"
AUTOPSIES, PERFORMANCE, DECAY = "phoenix.autopsies", "phoenix.performance_sources", "phoenix.decay_sources"
"""The entry point groups that bring others in place of Phoenix's own."""
_EVERY = timedelta(seconds=1)


def autopsist_of(settings: Settings) -> Autopsist:
    """The configured autopsist; one that a package brings works in a thread of its own. Raises ConfigurationError."""
    name = settings.autopsy.adapter
    if name == "builtin":
        return BuiltinAutopsist()
    return Beside(load_named(AUTOPSIES, "autopsy.adapter", name, "an AutopsyInput and answers an AutopsyPayload"))


def performance_source_of(
    home: Home, policy: Policy, calendar: TradingCalendar, clock: Clock
) -> PerformanceSource | None:
    """The configured source of shadow performance, if any. Raises ConfigurationError."""
    settings = home.settings.shadow
    if settings.source == NONE:
        return None
    factory = live_tracker
    if settings.source != "tracker":
        factory = load_named(PERFORMANCE, "shadow.source", settings.source, "a PerformanceContext")
    return factory(
        PerformanceContext(
            settings.options, policy.instruments, policy.account.currency, calendar, clock, home.directory
        )
    )


def decay_source_of(settings: Settings) -> DecaySource | None:
    """The configured watcher for decay, if any. Raises ConfigurationError."""
    source, options = settings.signalman.source, settings.signalman.options
    if source == NONE:
        return None
    if source == "rolling":
        return rolling_result(options)
    made: DecaySource = load_named(DECAY, "signalman.source", source, "a mapping of options")(options)
    return made


class Neighbours:
    """Gives the neighbours their turns. Quotes are asked for at most once a second."""

    def __init__(
        self, executor: Executor, store: BeadStore[State], broker: Broker, policy: Policy, calendar: TradingCalendar,
        performance: PerformanceSource | None, decay: DecaySource | None,
    ) -> None:  # fmt: skip
        self._broker = broker
        self._pairs = sorted(policy.instruments)
        self._quoted = performance if isinstance(performance, QuoteDriven) else None
        self._shadow = None if performance is None else ShadowWatch(store, performance, executor, calendar)
        self._decay = None if decay is None else DecayWatch(store, decay, executor)
        self._quoted_at: datetime | None = None

    async def start(self) -> None:
        if self._shadow is not None:
            await self._shadow.start()

    async def turn(self, now: datetime) -> None:
        """Show prices and beads to the neighbours, and take in what they say."""
        if self._quoted is not None and (self._quoted_at is None or now - self._quoted_at >= _EVERY):
            self._quoted_at = now
            await self._show_quotes(self._quoted)
        if self._shadow is not None:
            await self._shadow.turn(now)
        if self._decay is not None:
            await self._decay.turn()

    async def _show_quotes(self, source: QuoteDriven) -> None:
        for pair in self._pairs:
            answer = await self._broker.quote(pair)
            if isinstance(answer, Complete):
                source.observe(answer.value)
