"""What the tracker remembers between two lives of its process: one small file, replaced as a whole."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import orjson

from phoenix.adapters.shadow.sessions import PairSession
from phoenix.adapters.shadow.trades import ShadowTrade
from phoenix.domain.errors import PhoenixError
from phoenix.domain.numbers import ZERO
from phoenix.domain.typed_json import decode_value, encode_value
from phoenix.ports.errors import ConfigurationError
from phoenix.ports.performance import ShadowClose, ShadowRefusal, ShadowSession

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class StrategyBook:
    """One strategy's realised equity and its session so far. `pairs` are those it has signalled, the first its home."""

    strategy_id: str
    pairs: tuple[str, ...]
    equity: Decimal
    trades: int = 0
    pnl: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class TrackerMemory:
    """Everything a tracker needs to go on."""

    version: str = _VERSION
    place: int | None = None
    lived_until: datetime | None = None
    trades: tuple[ShadowTrade, ...] = ()
    books: tuple[StrategyBook, ...] = ()
    sessions: tuple[PairSession, ...] = ()
    closes: tuple[ShadowClose, ...] = ()
    ended: tuple[ShadowSession, ...] = ()
    refusals: tuple[ShadowRefusal, ...] = ()


class MemoryFile:
    """Keeps a tracker's memory in a file. Losing it loses the open shadow trades, and nothing that is on record."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> TrackerMemory:
        """The memory; an empty one where there is no file. Raises ConfigurationError for one that does not read."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return TrackerMemory()
        except OSError as error:
            raise self._unreadable(str(error)) from error
        try:
            found = orjson.loads(raw)
            memory = decode_value(TrackerMemory, found if isinstance(found, dict) else {"version": ""})
        except (PhoenixError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise self._unreadable(str(error)) from error
        if memory.version != _VERSION:
            raise self._unreadable(f"its version is {memory.version!r}")
        return memory

    def keep(self, memory: TrackerMemory) -> None:
        """Replace the file as a whole."""
        unfinished = self._path.with_name(f".{self._path.name}")
        unfinished.write_bytes(orjson.dumps(encode_value(memory)))
        os.replace(unfinished, self._path)

    def _unreadable(self, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"{self._path}: the shadow tracker's memory cannot be read ({why}); nothing was changed. Move the file "
            "away: the tracker then begins anew, without the shadow trades that are open"
        )
