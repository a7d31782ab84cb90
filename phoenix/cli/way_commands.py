"""The command that makes a decision: what a person types to take one of the ways that are open."""

from __future__ import annotations

from phoenix.domain.vocabulary import DecisionKind
from phoenix.runtime.readings.adoptable import Adoptable, AdoptableKind
from phoenix.runtime.readings.ways import Way
from phoenix.runtime.words.ids import short

_COMMANDS = {
    DecisionKind.APPROVE: "phoenix approve {id}",
    DecisionKind.PASS: "phoenix pass {id}",
    DecisionKind.WITHDRAW: "phoenix withdraw {id}",
    DecisionKind.CANCEL: "phoenix positions cancel {id}",
    DecisionKind.CLOSE: "phoenix positions close {id}",
    DecisionKind.PROTECT: "phoenix positions protect {id} --stop PRICE",
    DecisionKind.ATTEST_ABSENT: "phoenix positions settle {id} --absent --reason WHY",
    DecisionKind.BIND: "phoenix positions settle {id} --permanent-id NUMBER --reason WHY",
    DecisionKind.ADOPT: "phoenix positions adopt {id} --stop PRICE --target PRICE",
}
_ADOPTIONS = {
    AdoptableKind.STRAY: "phoenix positions adopt {name} --stop PRICE --target PRICE",
    AdoptableKind.EXECUTION: "phoenix positions adopt {name} --strategy NAME --stop PRICE --target PRICE",
    AdoptableKind.HOLDING: "phoenix positions adopt {name} --strategy NAME --stop PRICE --target PRICE",
    AdoptableKind.ORDER: "phoenix positions adopt {name} --strategy NAME --stop PRICE --target PRICE",
}


def command_of(way: Way) -> str:
    """What to type to take a way."""
    return _COMMANDS[way.decision].format(id=short(way.subject_id))


def command_to_adopt(adoptable: Adoptable) -> str:
    """What to type to adopt something, or to make that possible first."""
    if adoptable.blocked_by is not None and adoptable.position_id is not None:
        return f"phoenix positions show {short(adoptable.position_id)}"
    if adoptable.blocked_by is not None:
        return "phoenix reconcile --now"
    is_long_id = adoptable.kind in (AdoptableKind.STRAY, AdoptableKind.HOLDING)
    command = _ADOPTIONS[adoptable.kind].format(name=short(adoptable.name) if is_long_id else adoptable.name)
    is_priced = adoptable.price is not None or adoptable.kind is AdoptableKind.STRAY
    return command if is_priced else f"{command} --entry PRICE"
