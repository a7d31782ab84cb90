"""A client's side of placeOrder, written down for the tests alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CONTRACT = ["12087792", "EUR", "CASH", "", "0.0", "", "", "IDEALPRO", "", "USD", "EUR.USD", "EUR.USD"]


@dataclass(frozen=True)
class Extras:
    """The optional groups of an order."""

    combination_legs: int | None = None
    delta_neutral_order: str = ""
    increment: str = ""
    hedge: str = ""
    delta_neutral_contract: bool = False
    algorithm: str = ""
    parameters: int = 0
    conditions: tuple[int, ...] = ()
    order_type: str = "LMT"
    offset: str = ""
    exchange: str = "IDEALPRO"


@dataclass(frozen=True)
class Told:
    """What is told of the order, by name on the wire."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, _USUAL.get(name, ""))


_USUAL = {
    "action": "BUY", "totalQuantity": "20000.0", "lmtPrice": "1.26005", "tif": "GTC", "account": "DU1",
    "orderRef": "px-1", "transmit": "1", "parentId": "0", "outsideRth": "0", "ocaType": "3", "eTradeOnly": "0",
    "firmQuoteOnly": "0", "whatIf": "0",
}  # fmt: skip
_CONDITION_FIELDS = {
    1: ["a", "1", "1.25", "1", "SMART", "0"],
    3: ["a", "1", "20260302 10:00:00"],
    4: ["o", "0", "30"],
    5: ["a", "CASH", "SMART", "EUR"],
    6: ["a", "1", "100", "1", "SMART"],
    7: ["a", "1", "0.5", "1", "SMART"],
}


def place_order(version: int, extras: Extras = Extras(), told: Told = Told()) -> list[str]:
    """The fields of placeOrder for order 17 as a client of this version sends them."""
    contract = [*CONTRACT]
    contract[2] = "CASH" if extras.combination_legs is None else "BAG"
    contract[7] = extras.exchange
    return [
        "3",
        *(["45"] if version < 145 else []),
        "17",
        *contract,
        *_terms(extras, told),
        *_combination(extras),
        *_attributes(version, extras, told),
        *_groups(extras, told),
        *_conditions(version, extras),
        *_tail(version),
        *_pegs(version, extras),
    ]


def _terms(extras: Extras, told: Told) -> list[str]:
    return [
        "", "", told["action"], told["totalQuantity"], extras.order_type, told["lmtPrice"], told["auxPrice"],
        told["tif"], told["ocaGroup"], told["account"], "", "0", told["orderRef"], told["transmit"], told["parentId"],
        "0", "0", "0", "0", told["outsideRth"], "0",
    ]  # fmt: skip


def _combination(extras: Extras) -> list[str]:
    legs = extras.combination_legs
    if legs is None:
        return []
    leg = ["1", "1", "BUY", "SMART", "0", "0", "", "-1"]
    return [str(legs), *leg * legs, str(legs), *["1.5"] * legs, str(legs), *["tag", "value"] * legs]


def _attributes(version: int, extras: Extras, told: Told) -> list[str]:
    return [
        "", "0.0", "", told["goodTillDate"], "", "", "", *([""] if version < 177 else []),
        *([""] if version >= 103 else []), "0", "", "-1", told["ocaType"], "", "", "0", "", "", told["eTradeOnly"],
        told["firmQuoteOnly"], "", "0", "", "", "", "", "", "0", "", "", extras.delta_neutral_order, "",
        *(["1"] * 8 if extras.delta_neutral_order else []),
    ]  # fmt: skip


def _groups(extras: Extras, told: Told) -> list[str]:
    has_increment = extras.increment not in ("", "0.0", "-1.0", "1.7976931348623157e+308")
    pairs = ["tag", "value"] * extras.parameters
    return [
        "0", "", "", "", "", "", extras.increment, *([""] * 7 if has_increment else []), "", "", "", extras.hedge,
        *(["0.5"] if extras.hedge else []), "0", "", "", "0",
        *(["1", "5", "0.5", "1.2"] if extras.delta_neutral_contract else ["0"]), extras.algorithm,
        *([str(extras.parameters), *pairs] if extras.algorithm else []), "", told["whatIf"], "", "0", "0", "0",
    ]  # fmt: skip


def _conditions(version: int, extras: Extras) -> list[str]:
    if version < 102:
        return []
    benchmark = ["1", "0", "0.1", "0.1", "SMART"] if extras.order_type == "PEG BENCH" else []
    listed = [text for kind in extras.conditions for text in (str(kind), *_CONDITION_FIELDS[kind])]
    flags = ["1", "0"] if extras.conditions else []
    return [*benchmark, str(len(extras.conditions)), *listed, *flags]


def _tail(version: int) -> list[str]:
    steps = {102: 7, 105: 1, 106: 2, 111: 1, 138: 2, 139: 2, 141: 1, 145: 1, 148: 1, 151: 1}
    later = {158: 1, 160: 1, 162: 1, 166: 1, 169: 1}
    return [""] * sum(count for since, count in (steps | later).items() if version >= since)


def _pegs(version: int, extras: Extras) -> list[str]:
    if version < 170:
        return []
    fields = ["100"] if extras.exchange == "IBKRATS" else []
    if extras.order_type == "PEG BEST":
        fields += ["100", extras.offset, *(["0.1", "0.1"] if extras.offset == "Infinite" else [])]
    if extras.order_type == "PEG MID":
        fields += ["0.1", "0.1"]
    return fields
