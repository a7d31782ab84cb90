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
        Meaning.REJECTED: (201,),
        Meaning.INVALID: (
            107, 109, 110, 111, 113, 114, 115, 116, 117, 119, 120, 121, 122, 123, 124, 125, 126, 129, 131, 132, 133,
            140, 141, 144, 145, 146, 147, 148, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 163, 164, 166, 167,
            168, 169, 200, 203, 320, 321, 328, 329, 330, 331, 332, 333, 334, 335, 336, 337, 338, 339, 340, 341, 346,
            347, 348, 349, 350, 351, 352, 353, 355, 356, 357, 358, 359, 360, 361, 362, 363, 364, 367, 368, 369, 370,
            371, 372, 373, 378, 379, 380, 381, 382, 383, 387, 388, 389, 391, 392, 393, 394, 395, 397, 398, 400, 401,
            403, 408, 411, 412, 414, 415, 416, 417, 418, 419, 420, 421, 422, 423, 424, 425, 432, 434, 435, 436, 437,
            439, 440, 441, 442, 443, 446, 447, 448, 460, 461, 462, 463, 10005, 10006, 10007, 10020, 10021, 10022,
            10023, 10027, 10028, 10043, 10268, 10269, 10270,
        ),
        Meaning.CANCELLED: (202,),
        Meaning.REMARK: (399, 404, 2109, 10349),
        Meaning.CONTRADICTION: (103, 104, 105, 134, 135, 136, 161, 10147, 10148),
        Meaning.LINE_LOST: (1100, 2110),
        Meaning.LINE_BACK_DATA_LOST: (1101,),
        Meaning.LINE_BACK_DATA_KEPT: (1102,),
        Meaning.FARM_DOWN: (2103, 2105, 2157),
        Meaning.FARM_UP: (2104, 2106, 2158),
        Meaning.PRICES_ELSEWHERE: (10197,),
        Meaning.PACING: (100,),
        Meaning.NO_ANSWER: (162, 300, 322, 354, 365, 366, 430, 10089, 10090, 10168, 10186, 10187),
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
