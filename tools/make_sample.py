"""Makes the bundled sample: three invented trading days of GBPUSD minutes and the signals seen on them.

    python tools/make_sample.py [FOLDER]

The prices are a seeded random walk in half-pips, not a record of any market. Only sums of `random()` and whole numbers
are used, so that every platform writes the same bytes. The signals are breakouts of the two hours before, plus a few
that exist to be refused or to wait for a limit.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

SEED = 57
DAYS = (datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 6, tzinfo=UTC), datetime(2024, 3, 7, tzinfo=UTC))
FIRST_HOUR, MINUTES_PER_DAY = 6, 14 * 60
OPENING_PRICE = 25_400
"""In half-pips of 0.00005: 1.27000."""
CANDLE_MINUTES, LOOK_BACK_CANDLES, PAUSE_CANDLES = 15, 8, 12
STRATEGY = "range-break"
STRATEGY_PARAMS = sha256(b"range-break: 15M candles, look back 8").hexdigest()


class Minute(NamedTuple):
    """Prices in half-pips; the ask is `spread` above the bid all minute long."""

    start: datetime
    open: int
    high: int
    low: int
    close: int
    spread: int


@dataclass(frozen=True)
class Setup:
    """What a signal says; prices in half-pips."""

    name: str
    time: datetime
    entry: int
    stop: int
    target: int
    detail: str
    order_type: str = "MARKET"
    risk_percent: str = "1.0"
    anchor_age: timedelta = timedelta(0)
    tampered: bool = False

    @property
    def is_long(self) -> bool:
        return self.target > self.entry


def make(folder: Path) -> None:
    """Write market/ and signals/ under `folder`, replacing what is there under the same names."""
    minutes = list(make_minutes(Random(SEED)))
    _write(folder / "market" / "gbpusd-m1-bid.csv", side_text(minutes, is_ask=False))
    _write(folder / "market" / "gbpusd-m1-ask.csv", side_text(minutes, is_ask=True))
    for setup in (*breakouts(minutes), *specials(minutes)):
        _write(folder / "signals" / f"{setup.time:%Y%m%dT%H%M}-GBPUSD-{setup.name}.json", signal_text(setup))


def make_minutes(random: Random) -> Iterator[Minute]:
    """A walk whose drift changes every hour or so; between two days the price jumps."""
    price, drift = OPENING_PRICE, 0.0
    for day in DAYS:
        price += round(_bell(random) * 12)
        for number in range(MINUTES_PER_DAY):
            if number % 75 == 0:
                drift = _bell(random) * 0.6
            ticks = [price]
            for _ in range(6):
                ticks.append(ticks[-1] + round(_bell(random) * 2.2 + drift / 3))
            spread = 2 + int(random.random() * 2) + (3 if number < 20 else 0)
            start = day + timedelta(hours=FIRST_HOUR, minutes=number)
            yield Minute(start, ticks[0], max(ticks), min(ticks), ticks[-1], spread)
            price = ticks[-1]


def side_text(minutes: Sequence[Minute], *, is_ask: bool) -> str:
    lines = ["timestamp,open,high,low,close"]
    for minute in minutes:
        shift = minute.spread if is_ask else 0
        prices = (price_text(price + shift) for price in minute[1:5])
        lines.append(f"{minute.start:%Y-%m-%d %H:%M:%S}+00:00,{','.join(prices)}")
    return "\n".join(lines) + "\n"


def breakouts(minutes: Sequence[Minute]) -> Iterator[Setup]:
    """A setup where a candle closes outside the range of the candles before it, and then none for a while."""
    candles = [minutes[at : at + CANDLE_MINUTES] for at in range(0, len(minutes), CANDLE_MINUTES)]
    ready = LOOK_BACK_CANDLES
    for number in range(LOOK_BACK_CANDLES, len(candles)):
        before = [minute for candle in candles[number - LOOK_BACK_CANDLES : number] for minute in candle]
        top, bottom = max(minute.high for minute in before), min(minute.low for minute in before)
        last = candles[number][-1]
        if number < ready or not 8 <= last.start.hour < 18 or bottom <= last.close <= top:
            continue
        ready = number + PAUSE_CANDLES
        yield breakout(last, top, bottom)


def breakout(last: Minute, top: int, bottom: int) -> Setup:
    """Entry at the close's mid price, the stop half-way back into the range, the target twice as far."""
    sign = 1 if last.close > top else -1
    entry = last.close + last.spread // 2
    distance = max(20, (top - bottom) // 3)
    detail = f"closed at {price_text(last.close)}, outside {price_text(bottom)} to {price_text(top)}"
    name = "long" if sign > 0 else "short"
    time = last.start + timedelta(minutes=1)
    return Setup(name, time, entry, entry - sign * distance, entry + sign * 2 * distance, detail)


def specials(minutes: Sequence[Minute]) -> Iterator[Setup]:
    """A limit entry that has to wait, and one setup for each way in which the sample shows a refusal."""

    def at(day: int, hour: int, minute: int = 0) -> tuple[datetime, int]:
        time = DAYS[day] + timedelta(hours=hour, minutes=minute)
        return time, next(one for before, one in pairwise(minutes) if one.start >= time).open

    time, price = at(0, 7, 10)
    yield Setup("limit-long", time, price - 16, price - 46, price + 44, "pullback to the opening range", "LIMIT")
    time, price = at(1, 7, 40)
    yield Setup("stop-on-wrong-side", time, price, price + 20, price + 60, "stop typed above a long entry")
    time, price = at(1, 12, 50)
    yield Setup("too-small", time, price, price - 14_000, price + 14_000, "stop 7,000 pips away", risk_percent="0.5")
    time, price = at(2, 7, 20)
    old = timedelta(minutes=31)
    yield Setup("stale", time, price, price - 30, price + 60, "its context is 31 minutes old", anchor_age=old)
    time, price = at(2, 7, 23)
    yield Setup("after-stale", time, price, price - 30, price + 60, "comes while the strategy is stopped")
    time, price = at(2, 11, 5)
    yield Setup("tampered", time, price, price + 30, price - 60, "evidence changed after it was hashed", tampered=True)


def signal_text(setup: Setup) -> str:
    evidence = evidence_of(setup)
    hashed = {**evidence, "note": "as it was hashed"} if setup.tampered else evidence
    captured_at = setup.time - setup.anchor_age
    document = {
        "cse_version": "1.0",
        "signal_id": _uuid(f"{setup.name} {setup.time.isoformat()}"),
        "timestamp": _instant(setup.time),
        "strategy_id": STRATEGY,
        "source": "HUNT_SURVIVOR",
        "pair": "GBPUSD",
        "setup_type": "RANGE_BREAK",
        "confidence": evidence["quality"]["score"],
        "parameters": {
            "entry": price_text(setup.entry),
            "stop": price_text(setup.stop),
            "target": price_text(setup.target),
            "risk_percent": setup.risk_percent,
            "order_type": setup.order_type,
            "time_in_force": "DAY",
        },
        "evidence": evidence,
        "evidence_hash": _hash(hashed),
        "state_anchor": {
            "captured_at": _instant(captured_at),
            "regime": "NORMAL",
            "components": {
                "strategy_params": STRATEGY_PARAMS,
                "market_snapshot": _hash([price_text(setup.entry), _instant(captured_at)]),
            },
        },
    }
    return json.dumps(document, indent=2) + "\n"


def evidence_of(setup: Setup) -> dict[str, Any]:
    score = f"0.{60 + setup.entry % 35}"
    bias = "BULLISH" if setup.is_long else "BEARISH"
    return {
        "quality": {"score": score, "breakdown": {"range": "0.50", "momentum": score}},
        "htf": {"timeframe": "4H", "bias": bias, "aligned": True, "detail": "with the drift"},
        "ltf": {"timeframe": "15M", "setup": "RANGE_BREAK", "detail": setup.detail},
        "red_checks": [
            {"name": "session", "passed": True, "detail": "London or New York"},
            {"name": "spread", "passed": True, "detail": "under 2 pips"},
        ],
    }  # fmt: skip


def price_text(half_pips: int) -> str:
    """1.27000 for 25,400 half-pips."""
    return f"{half_pips * 5 // 100_000}.{half_pips * 5 % 100_000:05}"


def _bell(random: Random) -> float:
    """About normal, within -2 and 2."""
    return random.random() + random.random() + random.random() + random.random() - 2


def _hash(value: object) -> str:
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _uuid(name: str) -> str:
    return str(UUID(bytes=sha256(name.encode()).digest()[:16], version=4))


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text.encode())


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "examples")
