"""The history check stands apart from the core, and knows the same words."""

from __future__ import annotations

import ast
from dataclasses import fields
from pathlib import Path

import phoenix.history_check
from phoenix.domain.beads.catalogue import PAYLOADS
from phoenix.domain.beads.codec import decode_bead
from phoenix.domain.beads.envelope import BeadType
from phoenix.domain.encoding import Json, canonical_bytes
from phoenix.domain.lifecycle import TRANSITIONS
from phoenix.history_check.lifecycle import MOVES
from phoenix.history_check.records import FIELDS, canonical
from tests.history_check.histories import History, alert, conflict, drift, kill_flag, refusal, resolution
from tests.history_check.promotions import promoted
from tests.history_check.trades import Trade, opened

PACKAGE = Path(phoenix.history_check.__file__).parent


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
    return names


def test_it_imports_nothing_of_phoenix_but_itself() -> None:
    names = {name for path in PACKAGE.glob("*.py") for name in imported(path.read_text())}
    ours = {name for name in names if name.split(".")[0] == "phoenix"}
    assert ours
    assert all(name.startswith("phoenix.history_check") for name in ours)


def test_its_lifecycle_table_and_the_cores_say_the_same() -> None:
    moves = {(state, trigger, target) for state, row in MOVES.items() for trigger, target in row.items()}
    core = {(state.value if state else None, trigger.value, to.value) for (state, trigger), to in TRANSITIONS.items()}
    assert moves == core


def test_it_reads_every_bead_type_by_the_cores_field_names() -> None:
    assert set(FIELDS) == {bead_type.value for bead_type in BeadType}
    for bead_type, payload in PAYLOADS.items():
        assert set(FIELDS[bead_type.value]) <= {field.name for field in fields(payload)}  # type: ignore[arg-type]


def test_the_two_canonical_forms_are_the_same_bytes() -> None:
    value: Json = {"b": ["\u00e9", "\u2028", 'a"b\\c\n\x01\x7f', None, True], "a": {"Z": "", "_": "\U0001f600"}}
    assert canonical(value) == canonical_bytes(value)


def test_the_hand_made_beads_are_beads_to_the_core_too() -> None:
    histories = [opened(), opened(), opened(), promoted(), _odds_and_ends()]
    Trade(histories[0], at=10).closed()
    Trade(histories[1], at=10).exited()
    Trade(histories[2], at=10).stalled()
    for history in histories:
        for bead in history.sealed():
            seq, _ = decode_bead(bead.body)
            assert seq == bead.seq


def _odds_and_ends() -> History:
    history = opened()
    alert(history, 1, "CONNECTION_LOST")
    kill_flag(history, 1, "flag")
    refusal(history, 1, "KILL_FLAG")
    resolution(history, 1, drift(history, 1).bead_id)
    conflict(history, 1, "901")
    return history
