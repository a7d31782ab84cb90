"""Rules of the running of it: reconnecting, and runbooks."""

from __future__ import annotations

from phoenix.history_check.records import Bead
from phoenix.history_check.rules import Context, Promise, Rule, Said

ATTEMPTS_MAX = 3


def _three_attempts(context: Context, bead: Bead) -> Said:
    """In `after`: the attempts count this bead already."""
    session, limits = context.facts.session, context.limits
    if session.attempts > ATTEMPTS_MAX:
        yield f"reconnect attempt {session.attempts} in a row, and no human in between"
    if session.attempts != ATTEMPTS_MAX:
        return
    alerts, since = context.facts.alerts, bead.timestamp - limits.tolerance
    yield Promise(
        kept=lambda until: any(alert.critical and since <= alert.at <= until for alert in reversed(alerts)),
        otherwise="three reconnect attempts failed, and no CRITICAL alert followed",
        due=context.after(bead.timestamp, limits.reconnect_alert_s),
        grace_s=limits.reconnect_alert_s,
        off=lambda: session.attempts == 0,
    )


RECONNECT = Rule("INV-RECONNECT-1", after={"BROKER_SESSION:RECONNECTING": _three_attempts})


def _names_runbook(context: Context, bead: Bead) -> Said:
    payload = bead.payload
    if payload["severity"] != "CRITICAL":
        return
    runbook = payload["runbook"]
    if not (runbook or "").strip():
        yield f"the CRITICAL alert {payload['kind']} names no runbook"
    elif context.runbooks is not None and runbook not in context.runbooks:
        yield f"the CRITICAL alert {payload['kind']} names runbook {runbook}, which does not exist"


RUNBOOK = Rule("INV-RUNBOOK-1", before={"ALERT:RAISED": _names_runbook})
