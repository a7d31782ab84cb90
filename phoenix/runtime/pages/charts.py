"""Pictures of a shadow record as SVG: equity, drawdown, daily results and market regimes, session by session."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from phoenix.domain.numbers import ZERO
from phoenix.domain.promotion.record import SessionRecord
from phoenix.domain.vocabulary import MarketRegime
from phoenix.replay.picture import money
from phoenix.replay.scales import Scale, round_ticks

WIDTH, HEIGHT = 960, 600
_LEFT, _RIGHT = 88.0, 944.0
_EQUITY = (34.0, 236.0)
_REGIME = (252.0, 272.0)
_DROP = (318.0, 408.0)
_DAILY = (454.0, 556.0)
_LABELS_MAX = 22
_LETTERS = {MarketRegime.TREND: ("t", "T"), MarketRegime.RANGE: ("r", "R"), MarketRegime.UNKNOWN: ("u", "?")}


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where sessions stand: each in a band of its own."""

    count: int

    @property
    def band(self) -> float:
        return (_RIGHT - _LEFT) / self.count

    def middle(self, index: int) -> float:
        return _LEFT + (index + 0.5) * self.band


def record_chart(sessions: Sequence[SessionRecord], currency: str) -> str:
    """The SVG of at least one session."""
    frame = _Frame(len(sessions))
    parts = [
        *_head(sessions, currency),
        *_equity(sessions, frame, currency),
        *_regimes(sessions, frame),
        *_drawdown(sessions, frame),
        *_daily(sessions, frame, currency),
        *_dates(sessions, frame),
        "</svg>",
    ]
    return "\n".join(parts)


def _head(sessions: Sequence[SessionRecord], currency: str) -> Iterator[str]:
    first, last = sessions[0], sessions[-1]
    said = (
        f"Realised equity from {money(first.starting_equity)} to {money(last.equity)} {currency} over {len(sessions)} "
        f"sessions from {first.session_date} to {last.session_date}; below it the market regime, the drawdown and the "
        "result of every session. The table of sessions holds the same numbers."
    )
    yield (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="chart-title chart-text" '
        'xmlns="http://www.w3.org/2000/svg">'
    )
    yield f'<title id="chart-title">Shadow record</title><desc id="chart-text">{escape(said)}</desc>'


def _equity(sessions: Sequence[SessionRecord], frame: _Frame, currency: str) -> Iterator[str]:
    top, bottom = _EQUITY
    values = [float(sessions[0].starting_equity), *(float(one.equity) for one in sessions)]
    ticks = round_ticks(min(values), max(values), 5)
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    yield _name(top, f"Realised equity, {currency}")
    yield from _axis(scale, ticks)
    start = scale.at(values[0])
    yield _line("start", _LEFT, start, _RIGHT, start)
    points = [(_LEFT, start), *((frame.middle(i), scale.at(value)) for i, value in enumerate(values[1:]))]
    yield f'<path class="equity" d="{_path(points)}"/>'
    for one, (x, y) in zip(sessions, points[1:], strict=True):
        yield f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.4"><title>{escape(_note(one))}</title></circle>'


def _note(one: SessionRecord) -> str:
    return f"{one.session_date}: {money(one.equity)} ({money(one.pnl, signed=True)}), {one.trades} trades"


def _regimes(sessions: Sequence[SessionRecord], frame: _Frame) -> Iterator[str]:
    top, bottom = _REGIME
    yield f'<text class="end" x="{_LEFT - 10:.0f}" y="{(top + bottom) / 2 + 4:.1f}">regime</text>'
    gap = min(2.0, frame.band / 4)
    for index, one in enumerate(sessions):
        kind, letter = _LETTERS[one.market_regime]
        x = frame.middle(index)
        yield (
            f'<rect class="{kind}" x="{x - frame.band / 2 + gap / 2:.1f}" y="{top}" width="{frame.band - gap:.1f}" '
            f'height="{bottom - top}" rx="2"><title>{one.session_date}: {one.market_regime.value}</title></rect>'
        )
        if frame.band >= 12:
            yield f'<text class="middle on on-{kind}" x="{x:.1f}" y="{bottom - 5.5:.1f}">{letter}</text>'


def _drawdown(sessions: Sequence[SessionRecord], frame: _Frame) -> Iterator[str]:
    top, bottom = _DROP
    drops, peak = [0.0], sessions[0].starting_equity
    for one in sessions:
        peak = max(peak, one.equity)
        drops.append(float((one.equity - peak) / peak * 100) if peak > ZERO else 0.0)
    ticks = [tick for tick in round_ticks(min(drops), 0.0, 4) if tick <= 0]
    scale = Scale(ticks[0], 0.0, bottom, top)
    yield _name(top, "Drawdown, % of the highest equity so far")
    yield from _axis(scale, ticks)
    points = [(_LEFT, top), *((frame.middle(i), scale.at(drop)) for i, drop in enumerate(drops[1:]))]
    yield f'<path class="under" d="{_path(points)}V{top:.1f}H{_LEFT:.1f}Z"/>'
    yield f'<path class="drop" d="{_path(points)}"/>'


def _daily(sessions: Sequence[SessionRecord], frame: _Frame, currency: str) -> Iterator[str]:
    top, bottom = _DAILY
    values = [float(one.pnl) for one in sessions]
    ticks = round_ticks(min(0.0, *values), max(0.0, *values), 4)
    scale = Scale(ticks[0], ticks[-1], bottom, top)
    yield _name(top, f"Result of each session, {currency}")
    yield from _axis(scale, ticks)
    zero, width = scale.at(0.0), max(1.0, frame.band * 0.62)
    yield _line("axis", _LEFT, zero, _RIGHT, zero)
    for index, (one, value) in enumerate(zip(sessions, values, strict=True)):
        y = scale.at(value)
        yield (
            f'<rect class="{"gain" if value >= 0 else "loss"}" x="{frame.middle(index) - width / 2:.1f}" '
            f'y="{min(y, zero):.1f}" width="{width:.1f}" height="{max(abs(y - zero), 0.8):.1f}">'
            f"<title>{escape(_note(one))}</title></rect>"
        )


def _dates(sessions: Sequence[SessionRecord], frame: _Frame) -> Iterator[str]:
    every = -(-len(sessions) // _LABELS_MAX)
    month = None
    for index in range(0, len(sessions), every):
        day = sessions[index].session_date
        label = f"{day.day} {day:%b}" if day.month != month else str(day.day)
        month = day.month
        yield f'<text class="middle" x="{frame.middle(index):.1f}" y="{_DAILY[1] + 20:.0f}">{label}</text>'
    first, last = sessions[0].session_date.year, sessions[-1].session_date.year
    years = f"{first}" if first == last else f"{first} to {last}"
    yield f'<text class="end" x="{_RIGHT:.0f}" y="{HEIGHT - 4}">session date, {years}</text>'


def _axis(scale: Scale, ticks: Sequence[float]) -> Iterator[str]:
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    decimals = 0 if float(step).is_integer() else 2
    for tick in ticks:
        y = scale.at(tick)
        text = f"{tick:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
        yield _line("grid", _LEFT, y, _RIGHT, y)
        yield f'<text class="end" x="{_LEFT - 10:.0f}" y="{y + 4:.1f}">{text}</text>'


def _name(top: float, text: str) -> str:
    return f'<text class="name" x="{_LEFT:.0f}" y="{top - 12:.0f}">{escape(text)}</text>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
