"""Draws realised equity and drawdown as one self-contained SVG: no script, readable by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from html import escape

from phoenix.domain.numbers import ZERO
from phoenix.replay.result import EquityPoint, ReplayResult
from phoenix.replay.scales import Scale, round_ticks, time_label, time_ticks

WIDTH, HEIGHT = 960, 560
_LEFT, _RIGHT = 92.0, 936.0
_EQUITY_TOP, _EQUITY_BOTTOM = 108.0, 358.0
_DROP_TOP, _DROP_BOTTOM = 406.0, 508.0
_STYLE = (
    "text{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif;font-size:13px;fill:#3c4654}"
    ".title{font-size:19px;font-weight:600;fill:#16202c}.end{text-anchor:end}.middle{text-anchor:middle}"
    ".grid{stroke:#e3e7ec;stroke-width:1}.axis{stroke:#8a94a3;stroke-width:1}"
    ".start{stroke:#8a94a3;stroke-width:1;stroke-dasharray:5 4}"
    ".equity{fill:none;stroke:#1c5d99;stroke-width:2;stroke-linejoin:round}"
    ".drop{fill:none;stroke:#a8412b;stroke-width:1.5;stroke-linejoin:round}.under{fill:#c8553d;fill-opacity:.22}"
    ".win{fill:#1c5d99;stroke:#1c5d99;stroke-width:1.5}.loss{fill:#fff;stroke:#1c5d99;stroke-width:1.5}"
)


@dataclass(frozen=True, slots=True)
class _Step:
    """The curve after one instant; `drop_percent` is below the highest equity so far, zero or negative."""

    instant: datetime
    equity: float
    drop_percent: float


def equity_picture(result: ReplayResult) -> str:
    """The SVG text of a replay's realised equity and its drawdown in per cent of the highest equity before."""
    steps = _steps(result.equity_curve())
    time = Scale(_seconds(result.market.first_minute), _seconds(result.market.last_minute), _LEFT, _RIGHT)
    parts = [
        *_head(result, steps),
        *_time_axis(result, time),
        *_equity_panel(result, steps, time),
        *_drop_panel(steps, time),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _steps(curve: Sequence[EquityPoint]) -> list[_Step]:
    steps, peak = [], ZERO
    for point in curve:
        peak = max(peak, point.equity)
        drop = (point.equity - peak) / peak * 100 if peak > ZERO else ZERO
        steps.append(_Step(point.instant, float(point.equity), float(drop)))
    return steps


def _head(result: ReplayResult, steps: Sequence[_Step]) -> Iterator[str]:
    title = escape(f"{result.market.pair} replay: realised equity and drawdown")
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'role="img" aria-labelledby="picture-title picture-description">'
    )
    yield f'<title id="picture-title">{title}</title>'
    yield f'<desc id="picture-description">{escape(_description(result, steps))}</desc>'
    yield f"<style>{_STYLE}</style>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    yield f'<text class="title" x="24" y="34">{title}</text>'
    yield f'<text x="24" y="56">{escape(_headline(result, steps))}</text>'
    yield _dot(_RIGHT - 154, 51, "win") + f'<text x="{_RIGHT - 145:.0f}" y="56">profit</text>'
    yield _dot(_RIGHT - 88, 51, "loss") + f'<text x="{_RIGHT - 79:.0f}" y="56">loss or even</text>'


def _headline(result: ReplayResult, steps: Sequence[_Step]) -> str:
    worst = min(step.drop_percent for step in steps)
    return (
        f"{len(result.closed)} closed of {len(result.trades)} trades, {len(result.refused)} signals refused · "
        f"{money(result.realised_pnl, signed=True)} {result.currency} · deepest drawdown {abs(worst):.2f} %"
    )


def _description(result: ReplayResult, steps: Sequence[_Step]) -> str:
    market = result.market
    return (
        f"From {market.first_minute:%d %B %Y} to {market.last_minute:%d %B %Y} realised equity went from "
        f"{money(result.starting_equity)} to {steps[-1].equity:,.2f} {result.currency}. {_headline(result, steps)}. "
        "Each dot is the close of one or more trades."
    )


def _time_axis(result: ReplayResult, time: Scale) -> Iterator[str]:
    first, last = result.market.first_minute, result.market.last_minute
    for tick in time_ticks(first, last, 10):
        x = time.at(_seconds(tick))
        for top, bottom in ((_EQUITY_TOP, _EQUITY_BOTTOM), (_DROP_TOP, _DROP_BOTTOM)):
            yield _line("grid", x, top, x, bottom)
        yield f'<text class="middle" x="{x:.1f}" y="{_DROP_BOTTOM + 20:.0f}">{time_label(tick, last - first)}</text>'
    yield f'<text class="end" x="{_RIGHT:.0f}" y="{HEIGHT - 12}">time in UTC</text>'


def _equity_panel(result: ReplayResult, steps: Sequence[_Step], time: Scale) -> Iterator[str]:
    values = [step.equity for step in steps]
    ticks = round_ticks(min(values), max(values), 6)
    scale = Scale(ticks[0], ticks[-1], _EQUITY_BOTTOM, _EQUITY_TOP)
    decimals = 0 if ticks[1] - ticks[0] >= 1 else 2
    yield f'<text x="24" y="{_EQUITY_TOP - 14:.0f}">Equity, {escape(result.currency)}</text>'
    yield from _value_axis(scale, [(tick, _number(tick, decimals)) for tick in ticks])
    start = scale.at(float(result.starting_equity))
    yield _line("start", _LEFT, start, _RIGHT, start)
    points = [(time.at(_seconds(step.instant)), scale.at(step.equity)) for step in steps]
    yield f'<path class="equity" d="{_staircase(points)}"/>'
    before = steps[0].equity
    for step, (x, y) in zip(steps[1:], points[1:], strict=True):
        note = f"{step.instant:%Y-%m-%d %H:%M} UTC: {step.equity:,.2f} ({step.equity - before:+,.2f})"
        yield _dot(x, y, "win" if step.equity > before else "loss", note)
        before = step.equity


def _drop_panel(steps: Sequence[_Step], time: Scale) -> Iterator[str]:
    ticks = round_ticks(min(step.drop_percent for step in steps), 0.0, 4)
    scale = Scale(ticks[0], 0.0, _DROP_BOTTOM, _DROP_TOP)
    decimals = 0 if float(ticks[1] - ticks[0]).is_integer() else 2
    yield f'<text x="24" y="{_DROP_TOP - 14:.0f}">Drawdown, % of the highest equity so far</text>'
    yield from _value_axis(scale, [(tick, _number(tick, decimals)) for tick in ticks if tick <= 0])
    points = [(time.at(_seconds(step.instant)), scale.at(step.drop_percent)) for step in steps]
    path = _staircase(points)
    yield f'<path class="under" d="{path}V{_DROP_TOP:.1f}H{_LEFT:.1f}Z"/>'
    yield f'<path class="drop" d="{path}"/>'


def _value_axis(scale: Scale, ticks: Sequence[tuple[float, str]]) -> Iterator[str]:
    for value, label in ticks:
        y = scale.at(value)
        yield _line("grid", _LEFT, y, _RIGHT, y)
        yield f'<text class="end" x="{_LEFT - 10:.0f}" y="{y + 4.5:.1f}">{label}</text>'
    yield _line("axis", _LEFT, scale.start, _LEFT, scale.end)


def _staircase(points: Sequence[tuple[float, float]]) -> str:
    """Realised equity stands still between closes, to the end of the data."""
    (first_x, first_y), *rest = points
    steps = "".join(f"H{x:.1f}V{y:.1f}" for x, y in rest)
    return f"M{first_x:.1f},{first_y:.1f}{steps}H{_RIGHT:.1f}"


def _dot(x: float, y: float, kind: str, note: str | None = None) -> str:
    title = "" if note is None else f"<title>{escape(note)}</title>"
    return f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.5">{title}</circle>'


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def money(amount: Decimal, *, signed: bool = False) -> str:
    """An amount for people, with two decimals and thousands apart."""
    text = f"{amount:+,.2f}" if signed else f"{amount:,.2f}"
    return text.replace("-", "\N{MINUS SIGN}")


def _number(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def _seconds(instant: datetime) -> float:
    return instant.timestamp()
