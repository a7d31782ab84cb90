"""Every chaos vector of the specification: its wave, what is injected, and what is expected."""

from __future__ import annotations

from dataclasses import dataclass

_LINES = """
1 | CV_S32_TOKEN_REPLAY | reuse a used token | REJECTED, audited
1 | CV_S32_TOKEN_EXPIRED | use after 5 min | REJECTED as expired, EXPIRED bead
1 | CV_S32_TOKEN_WRONG_INTENT | use for another intent | REJECTED, intent mismatch
1 | CV_S32_ORDER_WITHOUT_TOKEN | submit with none | REJECTED at the connector
1 | CV_S32_TOKEN_RACE | two claims at once | one wins, the other fails
2 | CV_S32_IBKR_TIMEOUT | 30 s delay | handled, position SUBMITTED; beyond 60 s STALLED, alert
2 | CV_S32_IBKR_REJECTION | insufficient margin | SUBMITTED → REJECTED, alert, no retry
2 | CV_S32_FILL_PARTIAL | 50 % fill | position reflects it, reconciliation tracks it
2 | CV_S32_PARTIAL_DRIFT | 50 % filled, broker says 60 % | drift bead, alert, no correction
3 | CV_S32_RECONCILIATION_DRIFT | broker reports a wrong position | drift, alert, no correction
3 | CV_S32_ORDER_RACE | two orders for one intent at once | one succeeds, one refused
4 | CV_S32_LIFECYCLE_INVALID | PROPOSED → CLOSED | refused
4 | CV_S32_PROMOTION_BYPASS | live trading without a shadow period | REJECTED, checklist incomplete
4 | CV_S32_PROMOTION_PARTIAL | incomplete evidence | REJECTED, missing items listed
4 | CV_S32_PROMOTION_VETO | promotion under a kill flag | REJECTED, flag cited
4 | CV_S32_KILL_ENTRY_ATTEMPT | order under a kill flag | REJECTED before the broker
4 | CV_S32_STALE_APPROVAL | approve, wait 31 min (and 16) | STATE_CONFLICT, temporary kill
5 | CV_CRASH_BEFORE_CLAIM | kill before the claim commits | token unused, nothing sent
5 | CV_CRASH_AFTER_CLAIM | kill after the commit, before the send | STALLED after restart, no resend
5 | CV_CRASH_AFTER_SEND | kill after the send, before the acknowledgement \
| adopted by reference; exactly one broker order
5 | CV_CRASH_BEFORE_FILL_BEAD | kill after a fill arrives, before its bead | applied exactly once after restart
5 | CV_CRASH_MID_RECONCILE | kill in the middle of a reconciliation | re-run is idempotent
5 | CV_CRASH_MID_MIGRATION | kill in the middle of a migration | old or new schema, never between
5 | CV_CRASH_AFTER_KILL | kill after a kill flag was set \
| flag still active after restart, before the first order can pass
5 | CV_WAL_CUT | cut the write-ahead log at any byte | opens as a valid prefix; checkpoint reports what is missing
5 | CV_CRASH_LOOP | hundreds of kill -9 at random points | no acknowledged bead lost, no double send
6 | CV_SECOND_EXECUTOR | second executor on one store | refuses to start, or stands by
6 | CV_MANY_WRITERS | six processes append | no fork, no gap, no lost bead (SQLite and PostgreSQL)
6 | CV_WRONG_ISOLATION | PostgreSQL REPEATABLE READ or SQLite synchronous=NORMAL | start refused
6 | CV_KILL_BETWEEN_CHECK_AND_SEND | kill flag between the check and the send | nothing sent
6 | CV_APPROVE_VS_EXPIRE | approval and expiry at the same instant | one winner
6 | CV_CANCEL_VS_FILL | cancel and fill at once | the fill is kept
6 | CV_RESOLVE_VS_LATE_ACK | human resolves while the acknowledgement arrives | recorded conflict, nothing lost
6 | CV_LOCK_HOLDER_HANGS | the holder of the lock hangs | others fail closed in bounded time
6 | CV_TWO_PROMOTIONS | two promotions at once | one succeeds
7 | CV_1100_MID_SEND | connectivity lost (1100) in the middle of a send | STALLED, entries closed
7 | CV_1101 | connectivity restored, data lost (1101) | resubscribe and reconcile before any entry
7 | CV_1102 | connectivity restored, data kept (1102) | executions pulled all the same
7 | CV_10349 | time-in-force preset notice (10349), which client libraries mark as cancelled | order stays live
7 | CV_10148 | 10148 with status Filled | FILLED, not CANCELLED
7 | CV_103 | duplicate order id (103) | look up by reference, never resend
7 | CV_ORDER_ID_ROLLBACK | nextValidId goes backwards | our own floor holds
7 | CV_TWO_PERM_IDS | two permanent ids for one reference | global kill, human
7 | CV_EXEC_BEFORE_OPEN | execution before the order is known | parked, then applied
7 | CV_DUPLICATE_STATUS | the same status 100 times | one transition
7 | CV_EXEC_CORRECTION | execution corrected (.01 to .02) | replaces
7 | CV_BUST | execution busted | reversal, drift
7 | CV_FILL_AFTER_CANCEL | fill after the cancel was confirmed | booked, CRITICAL
7 | CV_OVERFILL | more executed than ordered | kill
7 | CV_BLANK_ORDER_REF | our reference comes back blank | matched by permanent id or left to the human
7 | CV_EMPTY_EXECUTIONS | empty reply for executions after a crash | unknown, STALLED
7 | CV_PACING_DROP | pacing violation (error 100) and disconnect | back-off, nothing lost
7 | CV_326 | client id in use (326) | refuse to start
7 | CV_UNLISTED_ACCOUNT | account that is not listed | refuse
7 | CV_POSITION_LAG | positions lag 30 s behind | grace, then drift
7 | CV_MANUAL_ORDER | order in the broker's own terminal | EXTERNAL drift
7 | CV_COMMISSION_FIRST | commission before its execution | held, joined
7 | CV_PROTECTION_REJECTED | stop child rejected after the entry filled | CRITICAL unprotected position
7 | CV_DISCONNECT_MID_BRACKET | disconnect in the middle of a bracket | on reconnect the whole group is accounted for
7 | CV_NIGHTLY_RESET | nightly reset of the gateway | no entries in the window, clean recovery after it
7 | CV_SILENT_SOCKET | connection open, no traffic | heartbeat notices, degraded
8 | CV_CLOCK_BACK | clock back 10 min | an expired token stays dead
8 | CV_CLOCK_FORWARD | clock forward 10 min | tokens expire
8 | CV_DST | change to or from summer time | time-to-live unchanged
8 | CV_BROKER_SKEW | the broker's clock is off | entries blocked
8 | CV_MIDNIGHT | midnight while STALLED | human only
8 | CV_SUSPEND | suspend for 6 min after approval | refused
9 | CV_DISK_FULL | disk full at the claim | nothing sent, clear error
9 | CV_FSYNC_ERROR | the disk fails to sync | stop, no retry
9 | CV_BIT_FLIP | one bit flipped in any bead | first bad seq named
9 | CV_TAIL_DELETED | tail of the chain deleted | checkpoint mismatch
9 | CV_OLD_BACKUP | old backup restored | checkpoint blocks entries
9 | CV_PG_DROP_AT_COMMIT | PostgreSQL connection dropped at the commit | outcome looked up, never assumed
10 | CV_ORDER_ALTERED | order altered after approval | hash mismatch, refused
10 | CV_BAD_JSON | NaN, duplicate keys, 2^53+1, 10 MB, deep nesting \
| refused with the field named, nothing stored but the refusal
10 | CV_HTTP_FUZZ | fuzz over every endpoint | no 5xx, no state change without authentication
10 | CV_CROSS_SITE | cross-site approve, bad Host, framed page | refused
10 | CV_TOKEN_GUESSING | token guessing | throttled, recorded
10 | CV_SECRET_IN_LOGS | look for secrets in beads and logs | absent everywhere
10 | CV_SQL_UPDATE | UPDATE or DELETE on beads | refused by the database
10 | CV_ASSISTANT_APPROVES | an MCP client, a forged HTTP request, a scripted terminal try to approve on paper \
| refused, recorded
10 | CV_REPLAYED_ASSERTION | a signed approval is shown again | refused
10 | CV_PASS_AS_APPROVE | a signed pass is shown as an approval | refused
10 | CV_EVIDENCE_MOVED | evidence moved after signing | refused
11 | CV_LIVE_ACCOUNT_IN_PAPER | live account in paper mode | refuse
11 | CV_QTY_X10 | ten times the quantity | limit
11 | CV_PRICE_X10 | ten times the price | collar
11 | CV_STALE_QUOTE | stale quote | refused
11 | CV_MARKET_CLOSED | market closed | refused
11 | CV_KILL_LIFT_NO_REASON | kill flag lifted without a reason | refused
11 | CV_WRONG_ABSENT_ATTESTATION | attested absent, and the order turns up later | kill, drift
11 | CV_PARAM_CHANGE | parameters change while intents are pending | anchors invalid, re-review
"""


@dataclass(frozen=True, slots=True)
class Vector:
    """One thing that goes wrong, and what must come of it."""

    wave: int
    id: str
    inject: str
    expect: str


def _read(line: str) -> Vector:
    wave, id_, inject, expect = line.split(" | ")
    return Vector(int(wave), id_, inject, expect)


CATALOGUE = tuple(map(_read, _LINES.strip().splitlines()))
"""In the order of the specification."""
WAVES = tuple(sorted({vector.wave for vector in CATALOGUE}))
QUOTA = tuple(vector.id for vector in CATALOGUE if vector.wave <= 4)
"""The vectors that must be green before Phoenix may be called finished."""
