"""The page on the broker's ledger names every kind of record and every key that the engine writes."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from phoenix.adapters.simulation.faults import ForeignHolding, ForeignOrder, Which, bust, correct, never_fill, reject
from phoenix.adapters.simulation.ledger import LedgerKind
from phoenix.adapters.simulation.orders import FOREIGN_CLIENT
from tests.adapters.simulation.bench import CLIENT, PAIR, START, Bench, minute, order, quotes

PAGE = (Path(__file__).parent.parent.parent / "docs/reference/broker-ledger.md").read_text()
GROUPS = {"the order's terms": "An order's terms: ", "the execution": "An execution: "}
"""Keys that several kinds share stand in a sentence of their own."""


def _rows() -> dict[str, str]:
    """What the page states as the keys of each kind."""
    rows = re.findall(r"^\| (`[A-Z].+?) \| .+? \| (.+) \|$", PAGE, re.MULTILINE)
    return {kind: keys for kinds, keys in rows for kind in re.findall(r"`([A-Z_]+)`", kinds)}


def _keys_of(kind: str) -> set[str]:
    stated = _rows()[kind]
    opening = next((GROUPS[group] for group in GROUPS if stated.startswith(group)), None)
    text = stated if opening is None else PAGE.split(opening)[1].split(". ")[0].split("\n\n")[0]
    return set(re.findall(r"`([a-z_]+)`", text))


def _eventful_day() -> list[dict[str, object]]:
    """Records of every kind."""
    bench = Bench(
        quotes((0, "1.2600"), (1, "1.2601"), (2, "1.2602")),
        faults=(
            correct(Which(reference="corrected"), 5, quantity=Decimal(90_000)),
            bust(Which(reference="busted"), 5),
            reject(Which(reference="rejected")),
            never_fill(Which(reference="resting")),
            never_fill(Which(reference="lapsing")),
            ForeignOrder(minute(1), order(reference=None, session_order_id=0, client_id=FOREIGN_CLIENT)),
            ForeignHolding(minute(1), PAIR, Decimal(1_000), Decimal("1.2600")),
        ),
        session_end=lambda _, instant: instant + timedelta(minutes=3),
    )
    for number, name in enumerate(("corrected", "busted", "rejected", "resting"), start=1):
        bench.submit(order(reference=name, session_order_id=number))
    bench.submit(order(reference="lapsing", session_order_id=5, time_in_force="DAY"))
    bench.submit(order(kind="LIMIT", limit_price="1.2500", reference="amended", session_order_id=6))
    bench.engine.amend(order(kind="LIMIT", limit_price="1.2510", reference="amended", session_order_id=6), START)
    bench.cancel(4, at=1)
    bench.run(10)
    bench.engine.disconnect(CLIENT, minute(11))
    return [json.loads(line) for line in bench.engine.ledger.to_json_lines().splitlines()]


def test_every_kind_has_a_row_and_no_row_has_an_unknown_kind() -> None:
    assert set(_rows()) == {kind.value for kind in LedgerKind}


def test_every_record_holds_the_keys_that_the_page_states_for_its_kind() -> None:
    records = _eventful_day()
    assert {record["kind"] for record in records} == {kind.value for kind in LedgerKind}
    for record in records:
        assert set(record) - {"seq", "at", "kind"} == _keys_of(str(record["kind"]))


def test_every_value_is_text_or_null_and_the_numbers_have_no_gap() -> None:
    records = _eventful_day()
    assert [record["seq"] for record in records] == [str(number) for number in range(1, len(records) + 1)]
    assert all(value is None or isinstance(value, str) for record in records for value in record.values())
