"""The broker's ledger: its format, and what it adds up to."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from phoenix.adapters.simulation import faults as scripted
from phoenix.adapters.simulation.faults import Which
from phoenix.domain.vocabulary import LegRole
from tests.adapters.simulation.bench import PAIR, Bench, bracket, order, quotes


def lines(bench: Bench) -> list[dict[str, Any]]:
    return [json.loads(line) for line in bench.engine.ledger.to_json_lines().splitlines()]


def test_a_bracket_leaves_these_records() -> None:
    bench = Bench(quotes((0, "1.2600"), (1, "1.2620")))
    bench.submit(*bracket(time_in_force="DAY"))
    bench.run(1)
    assert [record["kind"] for record in lines(bench)] == [
        "CONNECTED", *["ORDER_RECEIVED"] * 3, *["ACKNOWLEDGED"] * 3, "EXECUTION", "EXECUTION", "CANCELLED",
    ]  # fmt: skip
    assert lines(bench)[2] == {
        "seq": "3", "at": "2026-03-02T09:30:00.000000Z", "kind": "ORDER_RECEIVED", "reference": "1-T",
        "client_id": "1", "session_order_id": "2", "permanent_id": "800000002", "account": "SIM0001", "pair": "GBPUSD",
        "action": "SELL", "order_type": "LIMIT", "quantity": "100000", "limit_price": "1.262", "stop_price": None,
        "time_in_force": "GTC", "parent_reference": "1-E", "parent_permanent_id": "800000001", "oca_group": "oca-1",
    }  # fmt: skip
    assert lines(bench)[8] == {
        "seq": "9", "at": "2026-03-02T09:31:00.000000Z", "kind": "EXECUTION", "execution_id": "0000e0d5.00000002.01",
        "reference": "1-T", "permanent_id": "800000002", "account": "SIM0001", "pair": "GBPUSD", "action": "SELL",
        "quantity": "100000", "price": "1.262",
    }  # fmt: skip


def test_places_are_counted_without_gaps() -> None:
    bench = Bench(quotes((0, "1.2600")))
    bench.submit(*bracket())
    bench.cancel(2)
    assert [record["seq"] for record in lines(bench)] == [str(number + 1) for number in range(len(lines(bench)))]


def test_the_ledger_tells_the_truth_whatever_the_client_is_told() -> None:
    lies: list[scripted.Fault] = [
        scripted.claim_fill(Which(role=LegRole.ENTRY), Decimal("0.6")),
        scripted.repeat(Which(role=LegRole.ENTRY), executions=5),
        scripted.HoldingClaimed(pair=PAIR, quantity=Decimal(1)),
        scripted.ExecutionsWithheld(),
    ]
    bench = Bench(quotes((0, "1.2600")), faults=lies)
    bench.submit(*bracket())
    assert [record["quantity"] for record in lines(bench) if record["kind"] == "EXECUTION"] == ["100000"]
    assert bench.engine.ledger.holdings() == {PAIR: Decimal(100_000)}


def test_holdings_follow_corrections_busts_and_what_others_did() -> None:
    faults = [
        scripted.correct(Which(reference="a"), after_s=1, quantity=Decimal(40_000)),
        scripted.bust(Which(reference="b"), after_s=1),
    ]
    bench = Bench(quotes((0, "1.2600")), faults=faults)
    for number, name in enumerate("abc"):
        bench.submit(order("BUY", session_order_id=number + 1, reference=name, quantity="50000"))
    bench.run(1)
    assert bench.engine.ledger.holdings() == {PAIR: Decimal(90_000)} == {PAIR: bench.net}
