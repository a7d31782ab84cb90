"""A strategy's way to LIVE on one page: verdict, figures, pictures, checklist, autopsies, sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape

from phoenix.domain.promotion.checklist import Checklist, summary_text
from phoenix.domain.promotion.record import Pattern, SessionRecord
from phoenix.domain.promotion.regimes import RegimeRule
from phoenix.domain.promotion.statistics import DRAWDOWN_CONVENTION, SHARPE_CONVENTION, Figure, Statistics
from phoenix.replay.picture import money
from phoenix.runtime.pages.charts import record_chart
from phoenix.runtime.pages.style import STYLE
from phoenix.runtime.readings.promotions import StrategyRecord
from phoenix.runtime.words.promotion import TITLES, drawdowns, figure_text, regime_rule_text

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_REGIME_KEY = (
    'Market regime of each session: <span class="regime TREND">T</span> trend, '
    '<span class="regime RANGE">R</span> range, <span class="regime UNKNOWN">?</span> unknown, not counted.'
)


def promotion_page(reading: StrategyRecord, rule: RegimeRule) -> str:
    """The HTML text. Whatever it shows is in the reading; nothing is fetched, and no script runs.

    `rule` is how the tracker tells market regimes apart.
    """
    title = escape(f"{reading.strategy_id}: from SHADOW to LIVE")
    body = "\n".join(_body(reading, rule))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _body(reading: StrategyRecord, rule: RegimeRule) -> Iterator[str]:
    yield f"<h1>{escape(reading.strategy_id)}</h1>"
    yield (
        f'<p class="soft">{escape(reading.description)} · mode {reading.mode.value} · '
        f"as of {reading.as_of:%Y-%m-%d %H:%M} UTC</p>"
    )
    yield from _verdict(reading)
    if reading.statistics is not None:
        yield from _tiles(reading.statistics, reading.currency)
        yield '<p class="soft sideways">Pictures and tables scroll sideways.</p>'
        yield _scrolling("Pictures of the record", record_chart(reading.record.sessions, reading.currency))
        yield f'<p class="soft">{_REGIME_KEY} Rule of the tracker: {escape(regime_rule_text(rule))}.</p>'
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
    elif checklist is not None and not reading.books_compared and len(checklist.missing) == 1:
        yield (
            f'<div class="verdict open"><b>{len(checklist.items) - 1} of {len(checklist.items)} items are met.</b>'
            "<p>What is left is not known: nobody was comparing the books. Asking for the promotion has them compared "
            "first. The strategy stays in SHADOW.</p></div>"
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
        ("Worst day", _money_figure(known.worst_day), f"{currency}, on {known.worst_day.note}"),
        ("Sharpe", _figure(known.sharpe), "a year, see the note below"),
    ]
    cells = (
        f'<div class="tile"><div>{escape(name)}</div><b>{escape(value)}</b><small>{escape(note)}</small></div>'
        for name, value, note in tiles
    )
    yield f'<div class="tiles">{"".join(cells)}</div>'


def _figure(figure: Figure, unit: str = "") -> str:
    return figure_text(figure, unit).replace("-", "\N{MINUS SIGN}") if figure.value is not None else figure_text(figure)


def _money_figure(figure: Figure) -> str:
    return f"undefined: {figure.reason}" if figure.value is None else money(figure.value, signed=True)


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
    yield _table(("", "Item", "Found", "Needed"), rows, name="checks")
    for warning in checklist.warnings:
        yield f'<p class="soft">Note: {escape(warning)}.</p>'


def _autopsies(reading: StrategyRecord) -> Iterator[str]:
    summary = reading.record.autopsies
    if summary.all.count == 0:
        return
    yield "<h2>What the autopsies show</h2>"
    yield f"<p>{escape(summary_text(summary))}.</p>"
    rows = [_pattern("left by", one) for one in summary.by_exit] + [_pattern("setup", one) for one in summary.by_setup]
    yield _table(("", "Pattern", "Trades", "Won", "Mean R"), rows, numeric=range(2, 5))


def _pattern(kind: str, pattern: Pattern) -> tuple[str, ...]:
    mean = "unknown" if pattern.r_count == 0 else f"{pattern.r_sum / pattern.r_count:+.2f}"
    cells = (kind, pattern.name, str(pattern.count), f"{pattern.wins} ({100 * pattern.wins // pattern.count} %)", mean)
    return tuple(escape(cell.replace("-", "\N{MINUS SIGN}") if cell is mean else cell) for cell in cells)


def _sessions(sessions: Sequence[SessionRecord], currency: str) -> Iterator[str]:
    yield "<h2>Sessions</h2>"
    if not sessions:
        yield '<p class="soft">Nothing was recorded yet.</p>'
        return
    sources = {one.origin or "not stated" for one in sessions}
    if len(sessions) > 1 and len(sources) == 1:
        yield f'<p class="soft">All of them from {escape(sources.pop())}.</p>'
    header: tuple[str, ...] = (
        "Date", "Regime", "Trades", f"Result, {escape(currency)}", f"Equity, {escape(currency)}", "Drawdown", "Killed",
        "Overrides",
    )  # fmt: skip
    rows = [_session(one, fallen) for one, fallen in zip(sessions, drawdowns(sessions), strict=True)]
    if sources:
        header = (*header, "Source")
        rows = [(*row, escape(one.origin or "not stated")) for row, one in zip(rows, sessions, strict=True)]
    yield _table(header, rows, numeric=range(2, 8))


def _session(one: SessionRecord, fallen: Decimal | None) -> tuple[str, ...]:
    regime = one.market_regime.value
    drawdown = "unknown" if fallen is None else f"{fallen:.2f} %".replace("-", "\N{MINUS SIGN}")
    return (
        f'<span class="nowrap">{one.session_date}</span>', f'<span class="regime {regime}">{regime}</span>',
        str(one.trades), money(one.pnl, signed=True), money(one.equity), drawdown, str(one.would_have_killed),
        str(one.overrides),
    )  # fmt: skip


def _table(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, numeric: Collection[int] = (), name: str = "plain"
) -> str:
    """A table of cells that are HTML already; the columns that are numeric are aligned to the right."""

    def cells(tag: str, row: Sequence[str]) -> str:
        kinds = (' class="n"' if index in numeric else "" for index in range(len(row)))
        return "".join(f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, row, strict=True))

    head = f"<thead><tr>{cells('th', header)}</tr></thead>"
    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return _scrolling("Table", f'<table class="{name}">{head}<tbody>{body}</tbody></table>')


def _scrolling(label: str, content: str) -> str:
    """What may be wider than the screen; the keyboard reaches it too."""
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">{content}</div>'
