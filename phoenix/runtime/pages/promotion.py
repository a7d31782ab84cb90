"""A strategy's way to LIVE on one page: verdict, figures, pictures, checklist, autopsies, sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape

from phoenix.domain.numbers import decimal_text
from phoenix.domain.promotion.checklist import Checklist, summary_text
from phoenix.domain.promotion.record import Pattern, SessionRecord
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION, Figure, Statistics
from phoenix.replay.picture import money
from phoenix.runtime.pages.charts import record_chart
from phoenix.runtime.pages.style import STYLE
from phoenix.runtime.readings.promotions import StrategyRecord
from phoenix.runtime.words.promotion import TITLES

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_HUNDREDTH = Decimal("0.01")


def promotion_page(reading: StrategyRecord) -> str:
    """The HTML text. Whatever it shows is in the reading; nothing is fetched, and no script runs."""
    title = escape(f"{reading.strategy_id}: from SHADOW to LIVE")
    body = "\n".join(_body(reading))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _body(reading: StrategyRecord) -> Iterator[str]:
    yield f"<h1>{escape(reading.strategy_id)}</h1>"
    yield (
        f'<p class="soft">{escape(reading.description)} · mode {reading.mode.value} · '
        f"as of {reading.as_of:%Y-%m-%d %H:%M} UTC</p>"
    )
    yield from _verdict(reading)
    if reading.statistics is not None:
        yield from _tiles(reading.statistics, reading.currency)
        yield f'<div class="scroll">{record_chart(reading.record.sessions, reading.currency)}</div>'
        yield f'<p class="soft">{_regime_key()}</p>'
    if reading.checklist is not None:
        yield from _checklist(reading.checklist)
    yield from _autopsies(reading)
    yield from _sessions(reading.record.sessions, reading.currency)
    yield (
        f"<footer><p>Sharpe: {escape(SHARPE_CONVENTION)}. Drawdown: {escape(DRAWDOWN_CONVENTION)}. Shadow trades are "
        "simulated against recorded or observed prices; nothing here is a promise of profit.</p></footer>"
    )


def _verdict(reading: StrategyRecord) -> Iterator[str]:
    promoted, checklist = reading.promoted, reading.checklist
    if promoted is not None:
        yield (
            f'<div class="verdict good"><b>LIVE since {promoted.promoted_at:%Y-%m-%d %H:%M} UTC.</b>'
            f"<p>Approved by {escape(promoted.approver)}. What is below is the shadow record it was promoted on. "
            f"Evidence <code>{escape(promoted.evidence_hash)}</code></p></div>"
        )
    elif checklist is not None and checklist.is_complete:
        yield (
            '<div class="verdict good"><b>The checklist is complete.</b>'
            "<p>A human may ask for the promotion and approve exactly this evidence.</p></div>"
        )
    elif checklist is not None:
        names = ", ".join(TITLES[item.name] for item in checklist.missing)
        yield (
            f'<div class="verdict bad"><b>{len(checklist.missing)} of {len(checklist.items)} items are missing.</b>'
            f"<p>{escape(names)}. The strategy stays in SHADOW.</p></div>"
        )


def _tiles(known: Statistics, currency: str) -> Iterator[str]:
    span = f"{known.first_date} to {known.last_date}"
    tiles = [
        ("Sessions", str(known.sessions), span),
        (
            "Trades",
            str(known.trades),
            f"{known.overrides} overridden, {known.would_have_killed} would have been killed",
        ),
        ("Result", f"{money(known.pnl, signed=True)}", f"{currency}, from {money(known.starting_equity)}"),
        ("Max drawdown", _figure(known.max_drawdown, " %"), known.max_drawdown.note or "never below its peak"),
        ("Worst day", _money_figure(known.worst_day), known.worst_day.note),
        ("Sharpe", _figure(known.sharpe), "a year, see the note below"),
    ]
    cells = (
        f'<div class="tile"><div>{escape(name)}</div><b>{escape(value)}</b><small>{escape(note)}</small></div>'
        for name, value, note in tiles
    )
    yield f'<div class="tiles">{"".join(cells)}</div>'


def _figure(figure: Figure, unit: str = "") -> str:
    if figure.value is None:
        return f"undefined: {figure.reason}"
    return f"{decimal_text(figure.value.quantize(_HUNDREDTH))}{unit}".replace("-", "\N{MINUS SIGN}")


def _money_figure(figure: Figure) -> str:
    return f"undefined: {figure.reason}" if figure.value is None else money(figure.value, signed=True)


def _regime_key() -> str:
    return (
        'Market regime of each session by its efficiency ratio: <span class="regime TREND">T</span> trend, '
        '<span class="regime RANGE">R</span> range, <span class="regime UNKNOWN">?</span> unknown, not counted.'
    )


def _checklist(checklist: Checklist) -> Iterator[str]:
    yield "<h2>Checklist</h2>"
    rows = [
        (
            '<span class="mark yes">✓ met</span>' if item.passed else '<span class="mark no">✗ missing</span>',
            f"<b>{escape(TITLES[item.name])}</b>",
            escape(item.found),
            f'<span class="soft">{escape(item.needed)}</span>',
        )
        for item in checklist.items
    ]
    yield _table(("", "Item", "Found", "Needed"), rows)
    for warning in checklist.warnings:
        yield f'<p class="soft">Note: {escape(warning)}.</p>'


def _autopsies(reading: StrategyRecord) -> Iterator[str]:
    summary = reading.record.autopsies
    if summary.all.count == 0:
        return
    yield "<h2>What the autopsies show</h2>"
    yield f"<p>{escape(summary_text(summary))}.</p>"
    rows = [_pattern("left by", one) for one in summary.by_exit] + [_pattern("setup", one) for one in summary.by_setup]
    yield _table(("", "Pattern", "Trades", "Won", "Mean R"), rows, numeric_from=2)


def _pattern(kind: str, pattern: Pattern) -> tuple[str, ...]:
    mean = "unknown" if pattern.r_count == 0 else f"{pattern.r_sum / pattern.r_count:+.2f}"
    cells = (kind, pattern.name, str(pattern.count), f"{pattern.wins} ({100 * pattern.wins // pattern.count} %)", mean)
    return tuple(escape(cell.replace("-", "\N{MINUS SIGN}") if cell is mean else cell) for cell in cells)


def _sessions(sessions: Sequence[SessionRecord], currency: str) -> Iterator[str]:
    yield "<h2>Sessions</h2>"
    if not sessions:
        yield '<p class="soft">Nothing was recorded yet.</p>'
        return
    header = (
        "Date", "Regime", "Source", "Trades", f"Result, {escape(currency)}", f"Equity, {escape(currency)}", "Killed",
        "Overrides",
    )  # fmt: skip
    rows = [
        (
            f'<span class="nowrap">{one.session_date}</span>',
            f'<span class="regime {one.market_regime.value}">{one.market_regime.value}</span>',
            escape(one.origin or "not stated"),
            str(one.trades),
            money(one.pnl, signed=True),
            money(one.equity),
            str(one.would_have_killed),
            str(one.overrides),
        )
        for one in sessions
    ]
    yield _table(header, rows, numeric_from=3)


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numeric_from: int = 99) -> str:
    """A table of cells that are HTML already."""

    def cells(tag: str, row: Sequence[str]) -> str:
        kinds = (' class="n"' if index >= numeric_from else "" for index in range(len(row)))
        return "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    head = f"<thead><tr>{cells('th', header)}</tr></thead>"
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f'<div class="scroll"><table>{head}<tbody>{body}</tbody></table></div>'
