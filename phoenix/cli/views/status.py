"""The status as lines of text. No tables: what draws them takes longer to import than the whole command."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from phoenix.cli.plain import plain
from phoenix.cli.views.status_workers import heartbeat_texts, worker_texts
from phoenix.cli.views.times import distance
from phoenix.domain.errors import DomainError
from phoenix.domain.instants import parse_instant
from phoenix.runtime.status.file import Status
from phoenix.runtime.status.glance import Glance
from phoenix.runtime.status.workers import late_workers, shown_heartbeat, shown_workers

_LABEL_WIDTH = 11
_ALERTS_MAX = 3
_FLAG_ID = 13
_NOTHING = "none"


def status_lines(glance: Glance, now: datetime) -> list[str]:
    """A headline, then a line for each thing that a glance should tell, then what to do next."""
    health, reason = glance.health(now)
    lines = [f"{health.value.replace('_', ' ')}: {plain(reason)}", ""]
    lines += [_line("executor", _executor(glance, now))]
    lines += [_line("as of", text) for text in _as_of(glance, now)]
    if glance.status is not None:
        lines += _shown_lines(glance, glance.status, now)
    if glance.is_served:
        lines += _several("heartbeat", list(heartbeat_texts(shown_heartbeat(glance.status), now)))
        lines += _several("workers", list(worker_texts(shown_workers(glance.status), now)))
    lines += _several("kill flags", [_flag(flag, now) for flag in glance.kill_flags])
    lines += _several("alerts", [_alert(bead, now) for bead in glance.alerts[:_ALERTS_MAX]])
    steps = list(next_steps(glance, now))
    lines += _several("next", steps) if steps else []
    return lines


def next_steps(glance: Glance, now: datetime) -> Iterator[str]:
    """What a person would do about what is shown, as commands."""
    flags = glance.kill_flags
    if flags:
        yield "phoenix kill list, and when the reason is gone: phoenix kill lift FLAG --reason WHY"
    if glance.executor is None:
        yield "phoenix serve, to let orders and timers be followed; commands act by themselves until then"
    elif not glance.is_current(now) or not glance.count("connected") or late_workers(glance.status, now):
        yield "phoenix doctor"
    if glance.count("pending"):
        yield "phoenix pending"
    states = {} if glance.status is None else glance.status.positions
    if "STALLED" in states or any(glance.count(name) for name in ("unprotected", "strays", "parked")):
        yield "phoenix positions list"
    if glance.count("drifts"):
        yield "phoenix drift list"
    if glance.count("open_alerts"):
        yield "phoenix alerts list --open, then phoenix alerts ack ID"
    if glance.status is not None and glance.status.document.get("failing_channels"):
        yield "phoenix alerts test"


def _executor(glance: Glance, now: datetime) -> str:
    holder = glance.executor
    if holder is None:
        return "none is at work"
    who = f"{holder.command} (process {holder.pid} of {holder.user} on {holder.host})"
    return plain(f"{who} since {_clock(holder.since)}, {distance(holder.since, now)}")


def _as_of(glance: Glance, now: datetime) -> Iterator[str]:
    status, head = glance.status, glance.head_seq
    if head is None:
        yield "the store cannot be read at this moment: phoenix doctor says why"
    if status is None:
        yield f"bead {head}; no executor has shown anything yet" if head is not None else "nothing was ever shown"
        return
    as_of = status.instant("as_of") or now
    is_old = "" if glance.is_current(now) else "OLD, last shown "
    yield f"bead {status.head_seq}, {is_old}{_clock(as_of)}, {distance(as_of, now)}{_unshown(glance)}"


def _unshown(glance: Glance) -> str:
    unshown = glance.unshown_beads
    if not unshown:
        return ""
    if unshown < 0:
        return f". It speaks of {-unshown} beads that the chain does not hold: phoenix doctor"
    return f"; {unshown} {'bead is' if unshown == 1 else 'beads are'} newer"


def _shown_lines(glance: Glance, status: Status, now: datetime) -> Iterator[str]:
    shown = status.document
    equity = shown.get("equity")
    money = "" if equity is None else f", equity {equity} {shown.get('currency')}{_age(shown.get('equity_as_of'), now)}"
    yield _line("account", f"{shown.get('account')} ({shown.get('mode')}){money}")
    yield _line("session", f"{shown.get('adapter')}, {_session(shown)}")
    yield _line("positions", ", ".join(f"{count} {state}" for state, count in status.positions.items()) or _NOTHING)
    yield _line("waiting", ", ".join(_waiting(glance)) or _NOTHING)
    differences = [f"{count} {name}" for name in ("drifts", "strays", "parked") if (count := glance.count(name))]
    yield _line("drift", ", ".join(differences).replace("parked", "executions of nobody's") or _NOTHING)
    yield _line("telling", ", ".join(_telling(glance, status)) or "every alert went out, none is open")
    yield from _several("quotes", [_quote(pair, quote, now) for pair, quote in status.quotes.items()])


def _session(shown: dict[str, Any]) -> str:
    connected = "connected" if shown.get("connected") else "not connected"
    books = "reconciled" if shown.get("reconciled") else "not reconciled"
    return f"{connected}, {books}: {shown.get('session')}"


def _waiting(glance: Glance) -> Iterator[str]:
    words = {
        "pending": "for a decision", "unanswered": "for the executor", "unprotected": "UNPROTECTED",
        "unknown_orders": "orders of unknown fate",
    }  # fmt: skip
    return (f"{count} {text}" for name, text in words.items() if (count := glance.count(name)))


def _telling(glance: Glance, status: Status) -> Iterator[str]:
    """Alerts that are open, on their way, or do not get out."""
    failing = status.document.get("failing_channels")
    if failing:
        yield f"{', '.join(map(str, failing))} FAILING"
    words = {"open_alerts": "OPEN", "waiting_alerts": "on their way"}
    yield from (f"{count} {text}" for name, text in words.items() if (count := glance.count(name)))


def _flag(flag: dict[str, Any], now: datetime) -> str:
    scope = "GLOBAL" if flag.get("strategy_id") is None else f"strategy {flag['strategy_id']}"
    ends = "" if flag.get("expires_at") is None else f", until {flag['expires_at']}"
    return (
        f"{scope} {str(flag.get('flag_id'))[:_FLAG_ID]} by {flag.get('source')}: {flag.get('reason')}"
        f"{_age(flag.get('set_at'), now)}{ends}"
    )


def _alert(bead: dict[str, Any], now: datetime) -> str:
    alert = bead["payload"]
    runbook = "" if alert.get("runbook") is None else f" [{alert['runbook']}]"
    age = _age(bead.get("timestamp"), now)
    return f"{alert.get('severity')} {alert.get('kind')}: {alert.get('message')}{runbook}{age}"


def _quote(pair: str, quote: dict[str, str], now: datetime) -> str:
    if "unknown" in quote:
        return f"{pair} unknown: {quote['unknown']}"
    return f"{pair} {quote.get('bid')} / {quote.get('ask')}{_age(quote.get('as_of'), now)}"


def _age(text: object, now: datetime) -> str:
    try:
        return f", {distance(parse_instant(str(text)), now)}"
    except DomainError:
        return ""


def _clock(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def _several(label: str, texts: list[str]) -> list[str]:
    return [_line(label if number == 0 else "", text) for number, text in enumerate(texts or [_NOTHING])]


def _line(label: str, text: str) -> str:
    return f"{label:<{_LABEL_WIDTH}}{plain(text)}"
