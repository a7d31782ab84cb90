"""What a surface does about strategies in SHADOW: look, import, follow a recorded market, ask for a promotion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from phoenix.adapters.market.currency_pairs import currency_pair
from phoenix.adapters.performance_files import PerformanceFile, read_performance
from phoenix.adapters.shadow.configured import TrackerTable, tracker_options, tracker_table
from phoenix.adapters.shadow.memory import MemoryFile
from phoenix.adapters.shadow.trades import ShadowTrade
from phoenix.domain.beads.envelope import Signer
from phoenix.domain.decay import ALL_STRATEGIES
from phoenix.domain.encoding import Json
from phoenix.domain.errors import InvalidValue
from phoenix.domain.numbers import decimal_text
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.vocabulary import DecisionKind
from phoenix.replay.shadow import ShadowRun, follow_recorded
from phoenix.replay.signal_files import common_pair, read_folder
from phoenix.runtime.home import Home
from phoenix.runtime.readings.outcomes import Outcome
from phoenix.runtime.readings.promotions import PromotionReadings, StrategyRecord


class Decide(Protocol):
    """As `Desk.decide`."""

    def __call__(
        self, kind: DecisionKind, subject_id: str, *, signer: Signer, evidence_hash: str | None = None,
        reason: str | None = None, detail: Json = None, proof: Json = None,
    ) -> Outcome: ...  # fmt: skip


class PromotionDesk:
    """A desk's part for promotions. Approving one is `Desk.decide(APPROVE, intent, evidence_hash=...)`, as always."""

    def __init__(self, home: Home, decide: Decide, readings: PromotionReadings, now: Callable[[], datetime]) -> None:
        self._home = home
        self._decide = decide
        self.read = readings
        self._now = now

    def strategy(self, strategy_id: str) -> StrategyRecord:
        """A strategy's record with its checklist or promotion. Raises Refused."""
        return self.read.strategy(strategy_id, self._now())

    def promote(self, strategy_id: str, *, signer: Signer, reason: str | None = None) -> Outcome:
        """Ask for a promotion. The outcome holds the intent to approve, or is refused with all that is missing."""
        return self._decide(DecisionKind.PROMOTE, strategy_id, signer=signer, reason=reason)

    def read_file(self, strategy_id: str, file: Path) -> PerformanceFile:
        """What a performance file holds, nothing recorded. Raises InvalidValue naming row, field and remedy."""
        return read_performance(file, strategy_id, self._now().date())

    def import_file(self, strategy_id: str, *files: Path, signer: Signer) -> Outcome:
        """Import performance files, all of them or nothing. Raises InvalidValue where one cannot be read."""
        return self.import_read(strategy_id, *(self.read_file(strategy_id, file) for file in files), signer=signer)

    def import_read(self, strategy_id: str, *read: PerformanceFile, signer: Signer) -> Outcome:
        """As `import_file`, for files that were read already."""
        if not read:
            raise InvalidValue("file", "no file was named", "Name a CSV or JSON file")
        parts = [one.as_import() for one in read]
        detail: dict[str, Json] = {
            "origin": f"IMPORT {', '.join(one.name for one in read)}",
            "sessions": _joined(parts, "sessions"),
            "autopsies": _joined(parts, "autopsies"),
        }
        return self._decide(DecisionKind.IMPORT_PERFORMANCE, strategy_id, signer=signer, detail=detail)

    def regime_rule(self) -> RegimeRule:
        """By which rule the tracker of this home calls a session a trend."""
        table = self._tracker_table()
        return RegimeRule(table.trend_efficiency_min, table.hours_min)

    def _tracker_table(self) -> TrackerTable:
        shadow = self._home.settings.shadow
        return tracker_table(shadow.options if shadow.source == "tracker" else {})

    def follow(self, strategy_id: str, signals: Path, bid: Path, ask: Path, pair: str | None = None) -> ShadowRun:
        """Follow recorded signals over recorded bars, nothing recorded yet. Raises InvalidValue.

        Without a pair, it is the one that most of the signals are for.
        """
        settings = self._home.settings
        pair = pair or common_pair(read_folder(signals))
        instruments = dict(settings.policy().instruments)
        instruments.setdefault(pair, currency_pair(pair))
        options = tracker_options(instruments, settings.account.currency, self._tracker_table())
        return follow_recorded(strategy_id, signals, bid, ask, pair, options)

    def import_run(self, run: ShadowRun, *, signer: Signer) -> Outcome:
        """Put what a followed market came to on record."""
        return self._decide(DecisionKind.IMPORT_PERFORMANCE, run.strategy_id, signer=signer, detail=run.as_import())

    def tell_decay(self, strategy_id: str | None, score: Decimal, detail: str, *, signer: Signer) -> Outcome:
        """Say how far a strategy, or without one all of them, has decayed: 0 is sound, 1 is worn out."""
        return self._decide(
            DecisionKind.DECAY, strategy_id or ALL_STRATEGIES, signer=signer, reason=detail,
            detail={"score": decimal_text(score)},
        )  # fmt: skip

    def open_trades(self) -> list[ShadowTrade]:
        """The shadow trades that are followed at present, as the tracker last wrote them down."""
        settings = self._home.settings.shadow
        if settings.source != "tracker":
            return []
        memory = MemoryFile(self._home.directory / tracker_table(settings.options).memory)
        return list(memory.load().trades)


def _joined(parts: list[dict[str, Json]], name: str) -> list[Json]:
    rows: list[Json] = []
    for part in parts:
        found = part[name]
        rows += found if isinstance(found, list) else []
    return rows
