"""Every invariant of SPEC 6, with its statement and its rule."""

from __future__ import annotations

from collections.abc import Mapping

from phoenix.history_check import (
    books,
    executions,
    exits,
    gate,
    lifecycle,
    operations,
    orders,
    outcomes,
    promotion,
    protection,
    signals,
    stops,
    tokens,
)
from phoenix.history_check.rules import Rule

STATEMENTS: Mapping[str, str] = {
    "INV-T2-TOKEN-1": "tokens are single-use and expire in 5 minutes",
    "INV-T2-GATE-1": "no order submission without a valid T2 token",
    "INV-T2-TOKEN-AUDIT-1": "every token state change emits a T2_TOKEN bead",
    "INV-POSITION-AUDIT-1": "a POSITION bead at every state transition",
    "INV-POSITION-SM-1": "only valid transitions",
    "INV-POSITION-SUBMITTED-TTL-1": "SUBMITTED > 60 s without acknowledgement: STALLED and alert",
    "INV-RECONCILE-ALERT-1": "drift triggers an alert at once (within 60 s)",
    "INV-RECONCILE-READONLY-1": "reconciliation detects, never corrects",
    "INV-RECONCILE-AUDIT-1": "every drift emits RECONCILIATION_DRIFT",
    "INV-RECONCILE-AUDIT-2": "every resolution emits RECONCILIATION_RESOLUTION",
    "INV-PROMOTION-EVIDENCE-1": "promotion requires a complete evidence bundle",
    "INV-PROMOTION-T2-1": "promotion requires a human's token",
    "INV-PROMOTION-SAFE-1": "promotion rejected if a kill flag is active",
    "INV-PROMOTION-SAFE-2": "promotion rejected if unresolved drift exists",
    "INV-IBKR-MOCK-1": "no test touches the real IBKR; proven statically",
    "INV-KILL-BLOCKS-ENTRY-1": "an active kill flag blocks new entries before the broker",
    "INV-STALE-KILL-1": "anchor stale > 15 min: STATE_CONFLICT and temporary kill",
    "INV-CSE-1": "all paths consume the identical signal format",
    "INV-SUBMIT-ONCE-1": "at most one broker order per approved intent, across crashes, races and processes",
    "INV-UNKNOWN-1": "an unknown outcome or query is never treated as rejected, flat, empty or healthy",
    "INV-BEAD-CHAIN-1": "beads are immutable, hash-chained, fork-free; any changed byte is found and named",
    "INV-BEAD-FIRST-1": "the bead is durable before the effect it announces",
    "INV-PROTECT-1": "an open position without exact working protection raises a CRITICAL alert",
    "INV-LATE-FILL-1": "no execution is ever dropped",
    "INV-HUMAN-1": "no program, assistant or forged request can issue an approval on a paper or live account",
    "INV-PAPER-GUARD-1": "live needs explicit enabling and a restart; account and port match the mode "
    "before every order",
    "INV-RECONNECT-1": "3 reconnect attempts, then a human",
    "INV-EXIT-1": "exits are never blocked by kill flags, staleness, drift or limits, and never flip a position",
    "INV-DETERMINISM-1": "same seed, same inputs, same beads",
    "INV-RUNBOOK-1": "every CRITICAL alert type has a runbook",
}

CHAIN, DETERMINISM = "INV-BEAD-CHAIN-1", "INV-DETERMINISM-1"

RULES: tuple[Rule, ...] = (
    tokens.SINGLE_USE, gate.GATE, tokens.AUDITED, lifecycle.AUDITED, lifecycle.VALID, lifecycle.SILENCE,
    books.DRIFT_ALERT, books.READ_ONLY, books.DRIFT_RECORDED, books.RESOLVED, promotion.EVIDENCE, promotion.TOKEN,
    promotion.NO_KILL, promotion.NO_DRIFT, stops.KILL, stops.STALE, signals.CSE, orders.SUBMIT_ONCE, outcomes.UNKNOWN,
    orders.BEAD_FIRST, protection.PROTECT, executions.LATE_FILL, gate.HUMAN, gate.PAPER_GUARD, operations.RECONNECT,
    exits.EXIT, operations.RUNBOOK,
)  # fmt: skip

ELSEWHERE: Mapping[str, str] = {
    "INV-IBKR-MOCK-1": "it is a statement about the source of the tests, which the import contracts prove",
    DETERMINISM: "no second history of the same seed and inputs was given to compare with",
}
"""Invariants that one history can't show, and where else they are shown."""
