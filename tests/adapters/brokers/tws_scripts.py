"""What a gateway says on the wire, as plain lists of fields, laid out for a server version."""

from __future__ import annotations

OLD, NEW = 157, 176
"""Both libraries speak the old version; only ib_insync and its successor the new one."""

Fields = list[str]

UNSET_DOUBLE = "1.7976931348623157E308"
UNSET_INTEGER = "2147483647"

CONTRACT = ["12087792", "EUR", "CASH", "", "0.0", "", "", "IDEALPRO", "USD", "EUR.USD", "EUR.USD"]


def next_valid_id(number: int) -> Fields:
    return ["9", "1", str(number)]


def managed_accounts(names: str = "DU1234567") -> Fields:
    return ["15", "1", names]


def error(version: int, request_id: int, code: int, text: str) -> Fields:
    return ["4", "2", str(request_id), str(code), text, *([""] if version >= 166 else [])]


def open_order(version: int, *, price: str = "1.10525", permanent_id: str = "1523412345") -> Fields:
    """A working limit order of 20000 EUR.USD, the child of order 6."""
    return [
        *["5", "7", *CONTRACT, "BUY", "20000.0", "LMT", price, "0.0", "GTC", "", "DU1234567", "", "0", "PHX-1"],
        *["3", permanent_id, "0", "0", "0.0", *[""] * 11, "0", "", "-1", "0"],  # up to the auction strategy
        *[*[""] * 5, "0", "0", "0", "0", "", "3", "0", "0", "", "6", "0"],  # up to the trigger method
        *["", "0", "", "", "0", "0", "", "", "", "", "", "0", "0", "0"],  # up to the routing parameters
        *["", "", "", "", "0", "", "IB", "0", "0", "", "0", "0", "Submitted"],
        *[UNSET_DOUBLE] * 9,
        *["", "", "", "", "", "0", "0", "0", "None", "1.0", UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE, UNSET_DOUBLE],
        *[UNSET_DOUBLE, "0", "", "", "", UNSET_DOUBLE, "0", "0", "0", "0"],
        *([UNSET_INTEGER] if version >= 159 else []),
        *([UNSET_INTEGER] if version >= 160 else []),
        *(["0"] if version >= 162 else []),
        *(["", "", "", "", ""] if version >= 170 else []),
    ]


def completed_order(version: int) -> Fields:
    """A filled market order: neither an order id nor a client id, no reference, and a quantity of zero."""
    return [
        *["101", *CONTRACT, "SELL", "0", "MKT", UNSET_DOUBLE, "0.0", "DAY", "", "DU1234567", "", "0", ""],
        *["1523412346", "0", "0", "0.0", *[""] * 10, "0", "", "-1"],  # up to the exempt code
        *[*[""] * 5, "0", "0", "0", "", "3", "0"],  # up to the trigger method
        *["", "0", "", "", "0", "0", "", "", "", "0", "0", "0"],  # up to the routing parameters
        *["", "", "", "", "", "IB", "0", "0", "", "0", "Filled", "0", "0", "0"],  # up to the conditions
        *["", "", "", "0", "0", "", "20000.0", "0", "0", "", "0", "0", "9223372036854775807"],
        *["20260302-10:00:00", "Filled Size: 20000"],
        *(["", "", "", "", ""] if version >= 170 else []),
    ]


def order_status(*, permanent_id: str = "1523412345", why_held: str = "") -> Fields:
    return [
        *["3", "7", "Submitted", "5000.0", "15000.0", "1.10525", permanent_id, "6", "1.10525", "3", why_held, "0.0"],
    ]


def execution(time: str, *, request_id: int = 21, price: str = "5.0E-5") -> Fields:
    return [
        *["11", str(request_id), "7", *CONTRACT, "0000e0d5.5e5e2d5f.01.01", time, "DU1234567", "IDEALPRO", "BOT"],
        *["5000.0", price, "1523412345", "3", "0", "5000.0", "1.10525", "PHX-1", "", "", "", "2"],
    ]


def commission(amount: str = "2.0", profit: str = UNSET_DOUBLE) -> Fields:
    return ["59", "1", "0000e0d5.5e5e2d5f.01.01", amount, "USD", profit, UNSET_DOUBLE, ""]


def position(quantity: str = "-20000.0", cost: str = "1.10525") -> Fields:
    return ["61", "3", "DU1234567", *CONTRACT, quantity, cost]


def contract_details(version: int) -> Fields:
    fields = [
        *["EUR", "CASH", "", "0.0", "", "IDEALPRO", "USD", "EUR.USD", "EUR.USD", "EUR.USD", "12087792", "5.0E-5"],
        *([] if version >= 164 else ["1"]),
        *["", "LMT,MKT", "IDEALPRO", "1", "0", "European Monetary Union Euro", "", "", "", "", "", "UTC", "", ""],
        *["", "0", "0", "4", "", "", "239", "", ""],
        *(["20000", "1", "1"] if version >= 164 else []),
    ]
    return ["10", *([] if version >= 164 else ["8"]), "31", *fields]


def books(version: int, time: str) -> list[Fields]:
    """One of each message that an adapter asks for."""
    return [
        open_order(version),
        order_status(why_held="child"),
        ["53", "1"],
        completed_order(version),
        ["102"],
        execution(time),
        ["55", "1", "21"],
        commission(),
        position(),
        ["62", "1"],
        ["63", "1", "22", "DU1234567", "NetLiquidation", "100000.50", "USD"],
        ["64", "1", "22"],
        ["94", "23", "12.5", UNSET_DOUBLE, "-0.0"],
        ["1", "6", "24", "1", "1.10525", "1000000", "0"],
        contract_details(version),
        ["52", "1", "31"],
        ["49", "1", "1772445600"],
    ]
