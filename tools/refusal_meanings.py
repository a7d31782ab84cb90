"""What each refusal reason means and what helps, in the words of the reference page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from phoenix.domain.vocabulary import RefusalReason as R

MEANINGS: Mapping[R, tuple[str, str]] = MappingProxyType(
    {
        R.MALFORMED: (
            "A field of the document is unknown, missing, mistyped, repeated or out of range, or loses decimals",
            "Correct the named field and send it again",
        ),
        R.SIGNAL_CONFLICT: (
            "The signal id is known already, with other content",
            "Give new content a new id; the same content again answers the first outcome",
        ),
        R.SIGNAL_FROM_FUTURE: (
            "The signal or its anchor is dated later than now, beyond the allowed clock skew",
            "Set the source's clock right",
        ),
        R.INSTRUMENT_UNKNOWN: ("The instrument is not configured", "Configure it, or correct the name"),
        R.PRICE_INVALID: (
            "A price is off the tick grid, on the wrong side of the entry, equal to it or absurd",
            "Correct the price; Phoenix never rounds one",
        ),
        R.STRATEGY_UNKNOWN: ("The strategy is not registered", "Register it, or correct the name"),
        R.STRATEGY_MODE: (
            "The strategy's mode does not allow this on this account: a SHADOW strategy does not trade a live one",
            "Promote the strategy; the missing items are listed",
        ),
        R.EVIDENCE_MISMATCH: (
            "A hash does not fit what it covers: the signal's evidence, the bundle that was approved, or the order",
            "Review the evidence as it is now and decide again",
        ),
        R.KILL_FLAG: ("An active kill flag forbids entries", "A human lifts it with a reason, or it expires"),
        R.STATE_CONFLICT: (
            "The state anchor no longer stands: too old, or the named components changed",
            "Refresh the proposal, then review and approve the new evidence",
        ),
        R.SIZING: (
            "No quantity can be had: equity or a rate is unknown or stale, or the size is under the minimum",
            "Let the broker answer afresh, risk more, or trade with a nearer stop",
        ),
        R.RISK_LIMIT: ("A risk limit is exceeded, or what it needs to know is unknown", "See the named limit"),
        R.TOKEN: ("There is no T2 token that opens this door", "See the token's reason; approve again where allowed"),
        R.CONNECTION: (
            "The broker session is down, or has not been reconciled since it came back",
            "Restore the session; entries open when recovery is complete",
        ),
        R.ACCOUNT: (
            "The account or its mode is not the configured one, or is not known",
            "Connect to the configured account",
        ),
        R.PACING: ("The broker's message limit leaves no room for an order now", "Submit again in a moment"),
        R.NOT_FOUND: ("No such thing is known", "List what there is, and correct the id"),
        R.WRONG_STATE: (
            "What was asked for does not fit the state in which its subject is",
            "Look at the subject's history for what it can do",
        ),
        R.TRANSITION: ("The lifecycle table has no such move; nothing was changed", "See the lifecycle table"),
        R.STALE_EVIDENCE: (
            "The decision names evidence that was replaced by a later bundle",
            "Review the current evidence and decide on that",
        ),
        R.LAPSED: (
            "The executor reached the decision more than 60 seconds after it was made, or a prepared order too late",
            "Decide again while the executor is running",
        ),
        R.NOT_ALLOWED: ("Whoever signed this may not do it", "Let somebody do it who may"),
        R.PROOF_MISSING: (
            "The decision carries no proof that a human made it, or not one that this account mode accepts",
            "Approve through a surface that proves a human for this mode",
        ),
        R.UNSETTLED: (
            "Something has to be settled first: an earlier exit, or an incomplete read of the broker's books",
            "Settle it, then ask again",
        ),
        R.UNKNOWN_OUTCOME: (
            "Nobody knows what became of an earlier step, so this one would be a guess",
            "Look at the broker, then bind the order or attest that it is absent",
        ),
        R.EVIDENCE_INCOMPLETE: (
            "The promotion checklist is incomplete; the detail lists what is missing, item by item",
            "Keep the strategy in SHADOW until the checklist is complete",
        ),
        R.CONFLICT: ("Somebody else was first", "Read the outcome that stands"),
    }
)
