"""What the vendor's words mean to Phoenix. A word that is not in a table here has no meaning, and is told as it is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from phoenix.domain.vocabulary import Action, OrderStatus, OrderType, TimeInForce

_STATUSES: Mapping[str, OrderStatus] = MappingProxyType(
    {
        "PendingSubmit": OrderStatus.PENDING,
        "ApiPending": OrderStatus.PENDING,
        "Submitted": OrderStatus.WORKING,
        "PendingCancel": OrderStatus.PENDING_CANCEL,
        "Cancelled": OrderStatus.CANCELLED,
        "ApiCancelled": OrderStatus.CANCELLED,
        "Filled": OrderStatus.FILLED,
    }
)
_ACCEPTED = "PreSubmitted"
_REFUSED_BY_SYSTEM = "rejected"
_WAITS_FOR_PARENT = "child"
_WAITS_FOR_SHARES = "locate"

ACTIONS: Mapping[Action, str] = MappingProxyType({Action.BUY: "BUY", Action.SELL: "SELL"})
ORDER_TYPES: Mapping[OrderType, str] = MappingProxyType(
    {OrderType.MARKET: "MKT", OrderType.LIMIT: "LMT", OrderType.STOP: "STP"}
)
TIMES_IN_FORCE: Mapping[TimeInForce, str] = MappingProxyType({tif: tif.value for tif in TimeInForce})

ACTION_OF: Mapping[str, Action] = MappingProxyType(
    {"BUY": Action.BUY, "SELL": Action.SELL, "SSHORT": Action.SELL, "BOT": Action.BUY, "SLD": Action.SELL}
)
ORDER_TYPE_OF: Mapping[str, OrderType] = MappingProxyType({word: kind for kind, word in ORDER_TYPES.items()})
TIME_IN_FORCE_OF: Mapping[str, TimeInForce] = MappingProxyType({word: tif for tif, word in TIMES_IN_FORCE.items()})


def status_of(word: str, why_held: str | None, order_type: str | None) -> OrderStatus:
    """The status that a word stands for, with why the order is held and of which type it is.

    An accepted order that is not at the exchange yet is at work there all the same where it is a stop, which the broker
    keeps until its price is reached. Any other is held: a child that waits for its parent, a sale that waits for
    shares, an order that waits for the market to open. It is not pending, since the broker has it: it protects nothing
    yet, but should it be heard of after it was said to have ended, it lives after all, and that must not be missed.
    """
    if word != _ACCEPTED:
        return _STATUSES.get(word, OrderStatus.UNKNOWN)
    held = why_held or ""
    is_waiting = _WAITS_FOR_PARENT in held or _WAITS_FOR_SHARES in held
    is_stop = order_type == ORDER_TYPES[OrderType.STOP]
    return OrderStatus.WORKING if is_stop and not is_waiting else OrderStatus.HELD


def ended_status_of(word: str, explanation: str | None) -> OrderStatus:
    """The status of a completed order; a refusal is only told apart from a cancel by its explanation."""
    status = status_of(word, None, None)
    if status is not OrderStatus.FILLED and (explanation or "").lower().startswith(_REFUSED_BY_SYSTEM):
        return OrderStatus.REJECTED
    return status


class Meaning(StrEnum):
    """What a coded message is about."""

    REJECTED = "the order was refused for good"
    INVALID = "the order was refused as it came; one that was at work before may be so still"
    CANCELLED = "the order was cancelled"
    REMARK = "a remark on an order, which lives on"
    CONTRADICTION = "the broker sees the order differently than we do: its books must be read"
    LINE_LOST = "the broker's own line is down"
    LINE_BACK_DATA_LOST = "the line is back, subscriptions are lost"
    LINE_BACK_DATA_KEPT = "the line is back, subscriptions were kept"
    FARM_DOWN = "a data farm cannot be reached"
    FARM_UP = "a data farm can be reached again"
    PRICES_ELSEWHERE = "another session has the market data"
    PACING = "we sent too much"
    NO_ANSWER = "a request was refused"
    HARMLESS = "nothing that anybody has to know"


_CODES_OF: Mapping[Meaning, tuple[int, ...]] = MappingProxyType(
    {
        # Said by the broker's own system after the gateway took the order.
        Meaning.REJECTED: (201,),
        # Said by the gateway, or the broker's checks, of an order whose terms, account or permissions do not do.
        Meaning.INVALID: (
            107, 109, 110, 111, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 129, 132, 133,
            140, 141, 144, 145, 146, 147, 148, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 163, 167, 168, 200,
            203, 311, 320, 321, 328, 332, 333, 334, 335, 336, 337, 338, 339, 340, 341, 342, 343, 346, 347, 348, 349,
            350, 351, 352, 353, 355, 356, 358, 359, 360, 361, 362, 363, 364, 367, 368, 369, 370, 371, 372, 373, 378,
            379, 380, 382, 383, 387, 388, 389, 391, 392, 393, 394, 395, 397, 398, 400, 401, 403, 408, 411, 412, 417,
            418, 419, 434, 435, 436, 437, 439, 441, 442, 443, 446, 447, 448, 460, 10006, 10007, 10015, 10020, 10243,
            10245, 10246, 10247, 10250, 10252, 10268, 10269, 10270, 10318, 10325,
        ),
        # The end of an order that was alive: by our wish, or the broker's.
        Meaning.CANCELLED: (202,),
        # Held until the open or until shares are found, a flag ignored, a preset applied, a route chosen.
        Meaning.REMARK: (399, 404, 2109, 10233, 10311, 10329, 10349),
        # An id in use or unknown, a cancel or change refused, a size changed, data not resolved.
        Meaning.CONTRADICTION: (
            103, 104, 105, 134, 135, 136, 137, 161, 329, 422, 440, 481, 2102, 10147, 10148, 10328,
        ),
        # Between the gateway and the broker. 2110 is followed by one of the two words of return like 1100.
        Meaning.LINE_LOST: (1100, 2110),
        Meaning.LINE_BACK_DATA_LOST: (1101,),
        Meaning.LINE_BACK_DATA_KEPT: (1102,),
        # Prices, history and definitions of securities, each with a farm of its own.
        Meaning.FARM_DOWN: (2103, 2105, 2157),
        Meaning.FARM_UP: (2104, 2106, 2158),
        Meaning.PRICES_ELSEWHERE: (10197,),
        Meaning.PACING: (100,),
        # Of requests only: history, subscriptions that are missing or unknown, processing that failed.
        Meaning.NO_ANSWER: (
            162, 166, 300, 322, 354, 365, 366, 414, 420, 430, 10089, 10090, 10091, 10168, 10186, 10187, 10189,
        ),
        # A farm at rest or being connected; account updates that we do not use; delayed prices, which name their kind.
        Meaning.HARMLESS: (2100, 2107, 2108, 2119, 10167),
    }
)  # fmt: skip

MEANINGS: Mapping[int, Meaning] = MappingProxyType(
    {code: meaning for meaning, codes in _CODES_OF.items() for code in codes}
)
"""By code. What is missing is neither good nor bad news: it is told, and the books are read where it names an order."""

CLIENT_ID_IN_USE = 326
NO_CONNECTION = 502
READ_ONLY = "read-only"
"""A word in the refusals of a gateway that takes no orders."""

LIVE_PRICES = 1
BID_TICK = 1
ASK_TICK = 2
