"""The words that appear in data, each with the one spelling it has there."""

from __future__ import annotations

from enum import StrEnum


class Side(StrEnum):
    """The direction of a position."""

    LONG = "LONG"
    SHORT = "SHORT"


class Action(StrEnum):
    """The direction of an order or an execution."""

    BUY = "BUY"
    SELL = "SELL"


class OrderType(StrEnum):
    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"


class TimeInForce(StrEnum):
    DAY = "DAY"
    GTC = "GTC"
    IOC = "IOC"


class LegRole(StrEnum):
    """What one order of a group is for."""

    ENTRY = "ENTRY"
    STOP_LOSS = "STOP_LOSS"
    TAKE_PROFIT = "TAKE_PROFIT"
    EXIT = "EXIT"


class AccountMode(StrEnum):
    SIMULATOR = "SIMULATOR"
    PAPER = "PAPER"
    LIVE = "LIVE"


class StrategyMode(StrEnum):
    SHADOW = "SHADOW"
    LIVE = "LIVE"


class SignalSource(StrEnum):
    CSO = "CSO"
    HUNT_SURVIVOR = "HUNT_SURVIVOR"
    MANUAL = "MANUAL"


class Regime(StrEnum):
    """The context in which an anchor was captured; it sets how long the anchor lives."""

    NORMAL = "NORMAL"
    HIGH_VOL = "HIGH_VOL"
    NEWS = "NEWS"


class MarketRegime(StrEnum):
    """What kind of market a trading session was."""

    TREND = "TREND"
    RANGE = "RANGE"
    UNKNOWN = "UNKNOWN"


class IntentKind(StrEnum):
    ENTRY = "ENTRY"
    EXIT = "EXIT"
    PROTECT = "PROTECT"
    PROMOTE = "PROMOTE"


class PositionState(StrEnum):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    SUBMITTED = "SUBMITTED"
    STALLED = "STALLED"
    FILLED = "FILLED"
    MANAGED = "MANAGED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"

    @property
    def is_terminal(self) -> bool:
        return self in _TERMINAL


_TERMINAL = frozenset({PositionState.CLOSED, PositionState.CANCELLED, PositionState.REJECTED, PositionState.EXPIRED})


class Trigger(StrEnum):
    """What moves a position through its lifecycle."""

    INTENT_ACCEPTED = "INTENT_ACCEPTED"
    TOKEN_ISSUED = "TOKEN_ISSUED"
    PASSED = "PASSED"
    SESSION_ENDED = "SESSION_ENDED"
    TOKEN_ENDED = "TOKEN_ENDED"
    WITHDRAWN = "WITHDRAWN"
    ATTEMPT_RECORDED = "ATTEMPT_RECORDED"
    NOT_SENT = "NOT_SENT"
    EXECUTION = "EXECUTION"
    BROKER_ACKNOWLEDGED = "BROKER_ACKNOWLEDGED"
    BROKER_REJECTED = "BROKER_REJECTED"
    BROKER_CANCELLED = "BROKER_CANCELLED"
    SILENCE = "SILENCE"
    RECOVERY_INCONCLUSIVE = "RECOVERY_INCONCLUSIVE"
    ATTESTED_ABSENT = "ATTESTED_ABSENT"
    PROTECTION_EXACT = "PROTECTION_EXACT"
    EXIT_COMPLETED = "EXIT_COMPLETED"
    ORDER_ADOPTED = "ORDER_ADOPTED"
    HOLDING_ADOPTED = "HOLDING_ADOPTED"
    ADJUSTED = "ADJUSTED"


class Protection(StrEnum):
    """The stop quantity that really works at the broker, against the open quantity."""

    NONE = "NONE"
    UNDER = "UNDER"
    EXACT = "EXACT"
    OVER = "OVER"
    UNKNOWN = "UNKNOWN"


class ExitReason(StrEnum):
    STOP_LOSS = "STOP_LOSS"
    TAKE_PROFIT = "TAKE_PROFIT"
    MANUAL = "MANUAL"
    ADJUSTED = "ADJUSTED"
    BUSTED = "BUSTED"


class TokenEvent(StrEnum):
    ISSUED = "ISSUED"
    USED = "USED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"


class TokenReason(StrEnum):
    """Why a token was refused or revoked."""

    ALREADY_USED = "ALREADY_USED"
    EXPIRED = "EXPIRED"
    INTENT_MISMATCH = "INTENT_MISMATCH"
    EVIDENCE_MISMATCH = "EVIDENCE_MISMATCH"
    UNKNOWN_TOKEN = "UNKNOWN_TOKEN"
    BAD_SECRET = "BAD_SECRET"
    REVOKED = "REVOKED"
    STATE_CONFLICT = "STATE_CONFLICT"
    KILL_FLAG = "KILL_FLAG"


class OrderEvent(StrEnum):
    """What an ORDER bead says about one order group or one of its legs."""

    PREPARED = "PREPARED"
    NOT_SENT = "NOT_SENT"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    STATUS = "STATUS"
    CANCEL_REQUESTED = "CANCEL_REQUESTED"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    SILENT = "SILENT"
    BOUND = "BOUND"
    ABSENT = "ABSENT"
    UNMATCHED = "UNMATCHED"


class OrderStatus(StrEnum):
    """The broker's word on an order, translated; what is not in an adapter's table is UNKNOWN.

    HELD is a child that waits for its parent. Only CANCELLED, REJECTED and FILLED end an order, and even after them
    an execution may still arrive.
    """

    PENDING = "PENDING"
    HELD = "HELD"
    WORKING = "WORKING"
    PENDING_CANCEL = "PENDING_CANCEL"
    CANCELLED = "CANCELLED"
    REJECTED = "REJECTED"
    FILLED = "FILLED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_ended(self) -> bool:
        return self in _ENDED


_ENDED = frozenset({OrderStatus.CANCELLED, OrderStatus.REJECTED, OrderStatus.FILLED})


class ExecutionEvent(StrEnum):
    BOOKED = "BOOKED"
    CORRECTED = "CORRECTED"
    BUSTED = "BUSTED"
    PARKED = "PARKED"
    COMMISSION = "COMMISSION"


class KillEvent(StrEnum):
    SET = "SET"
    LIFTED = "LIFTED"
    EXPIRED = "EXPIRED"


class KillSource(StrEnum):
    SIGNALMAN = "SIGNALMAN"
    MANUAL = "MANUAL"
    SYSTEM = "SYSTEM"


class DecisionKind(StrEnum):
    APPROVE = "APPROVE"
    PASS = "PASS"
    WITHDRAW = "WITHDRAW"
    CANCEL = "CANCEL"
    CLOSE = "CLOSE"
    PROTECT = "PROTECT"
    BIND = "BIND"
    ATTEST_ABSENT = "ATTEST_ABSENT"
    ADOPT = "ADOPT"
    RESOLVE = "RESOLVE"
    REFRESH = "REFRESH"
    REPROPOSE = "REPROPOSE"
    KILL_LIFT = "KILL_LIFT"
    PROMOTE = "PROMOTE"
    RECOMMEND = "RECOMMEND"
    RECONCILE = "RECONCILE"
    IMPORT_PERFORMANCE = "IMPORT_PERFORMANCE"
    DECAY = "DECAY"
    ACKNOWLEDGE = "ACKNOWLEDGE"
    TEST_ALERTS = "TEST_ALERTS"
    REGISTER_STRATEGY = "REGISTER_STRATEGY"
    RECONNECT = "RECONNECT"


class SignerKind(StrEnum):
    SYSTEM = "SYSTEM"
    HUMAN = "HUMAN"
    ASSISTANT = "ASSISTANT"


class Severity(StrEnum):
    INFO = "INFO"
    WARNING = "WARNING"
    CRITICAL = "CRITICAL"


class SessionEvent(StrEnum):
    CONNECTED = "CONNECTED"
    DISCONNECTED = "DISCONNECTED"
    AWAITING_RESET = "AWAITING_RESET"
    RECONNECTING = "RECONNECTING"
    RECONNECTED = "RECONNECTED"
    REFUSED = "REFUSED"
    RECONCILED = "RECONCILED"
    RECOVERY_INCOMPLETE = "RECOVERY_INCOMPLETE"
    DATA_STALE = "DATA_STALE"
    DATA_RESTORED = "DATA_RESTORED"


class RefusalReason(StrEnum):
    """Why something was not done. The list is closed: programs may switch on it."""

    MALFORMED = "MALFORMED"
    SIGNAL_CONFLICT = "SIGNAL_CONFLICT"
    SIGNAL_FROM_FUTURE = "SIGNAL_FROM_FUTURE"
    INSTRUMENT_UNKNOWN = "INSTRUMENT_UNKNOWN"
    PRICE_INVALID = "PRICE_INVALID"
    STRATEGY_UNKNOWN = "STRATEGY_UNKNOWN"
    STRATEGY_MODE = "STRATEGY_MODE"
    EVIDENCE_MISMATCH = "EVIDENCE_MISMATCH"
    KILL_FLAG = "KILL_FLAG"
    STATE_CONFLICT = "STATE_CONFLICT"
    SIZING = "SIZING"
    RISK_LIMIT = "RISK_LIMIT"
    TOKEN = "TOKEN"
    CONNECTION = "CONNECTION"
    ACCOUNT = "ACCOUNT"
    PACING = "PACING"
    NOT_FOUND = "NOT_FOUND"
    WRONG_STATE = "WRONG_STATE"
    TRANSITION = "TRANSITION"
    STALE_EVIDENCE = "STALE_EVIDENCE"
    LAPSED = "LAPSED"
    NOT_ALLOWED = "NOT_ALLOWED"
    PROOF_MISSING = "PROOF_MISSING"
    UNSETTLED = "UNSETTLED"
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"
    CONFLICT = "CONFLICT"
    EVIDENCE_INCOMPLETE = "EVIDENCE_INCOMPLETE"


class DriftType(StrEnum):
    POSITION_COUNT = "POSITION_COUNT"
    POSITION_SIZE = "POSITION_SIZE"
    PNL = "PNL"
    ORDER_STATUS = "ORDER_STATUS"


class DriftOrigin(StrEnum):
    PHOENIX = "PHOENIX"
    EXTERNAL = "EXTERNAL"


class Resolution(StrEnum):
    PHOENIX_CORRECTED = "PHOENIX_CORRECTED"
    BROKER_CORRECTED = "BROKER_CORRECTED"
    ACKNOWLEDGED = "ACKNOWLEDGED"


class ReconciliationVerdict(StrEnum):
    """What a comparison of the books came to. SETTLING is neither drift nor healthy, UNKNOWN says nothing of them."""

    HEALTHY = "HEALTHY"
    SETTLING = "SETTLING"
    DRIFT = "DRIFT"
    UNKNOWN = "UNKNOWN"


class ReconciliationTrigger(StrEnum):
    """Why the books are compared; runs that were called for together name all of it, in this order."""

    DEMAND = "DEMAND"
    RECONNECT = "RECONNECT"
    RESOLUTION = "RESOLUTION"
    DRIFT = "DRIFT"
    FILL = "FILL"
    REJECT = "REJECT"
    CANCEL = "CANCEL"
    SETTLING = "SETTLING"
    SCHEDULE = "SCHEDULE"


class AlertEvent(StrEnum):
    RAISED = "RAISED"
    ACKNOWLEDGED = "ACKNOWLEDGED"
    ESCALATED = "ESCALATED"
    DELIVERED = "DELIVERED"
    DELIVERY_FAILED = "DELIVERY_FAILED"


class TradeOutcome(StrEnum):
    WIN = "WIN"
    LOSS = "LOSS"
    BREAKEVEN = "BREAKEVEN"


class PromotionEvent(StrEnum):
    """How an intent to promote a strategy ended."""

    PROMOTED = "PROMOTED"
    PASSED = "PASSED"
    WITHDRAWN = "WITHDRAWN"
    LAPSED = "LAPSED"
