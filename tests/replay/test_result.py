"""The document of a replay says what happened in text that loses nothing, and null where nothing happened."""

from __future__ import annotations

import json
from decimal import Decimal

from phoenix.replay.result import Proof
from tests.replay.results import REFUSED, closed, result, still_open

TRADE_KEYS = [
    "signal_id", "state", "side", "quantity", "entry_time", "entry_price", "exit_time", "exit_price", "exit_reason",
    "r_multiple", "pnl",
]  # fmt: skip


def test_a_closed_trade_is_written_in_plain_text() -> None:
    (trade,) = result(closed("a", 5, "-1040.50")).document()["trades"]
    assert trade == {
        "signal_id": "a",
        "state": "CLOSED",
        "side": "LONG",
        "quantity": "10000",
        "entry_time": "2024-03-04T08:00:00.000000Z",
        "entry_price": "1.25",
        "exit_time": "2024-03-04T13:00:00.000000Z",
        "exit_price": "1.26",
        "exit_reason": "STOP_LOSS",
        "r_multiple": "-1",
        "pnl": "-1040.5",
    }


def test_what_has_not_happened_is_null() -> None:
    (trade,) = result(still_open("a")).document()["trades"]
    assert list(trade) == TRADE_KEYS
    assert trade["quantity"] == "10000"
    assert [trade[key] for key in TRADE_KEYS[6:]] == [None] * 5


def test_the_document_survives_json() -> None:
    document = result(closed("a", 1, "5"), still_open("b"), refused=(REFUSED,)).document()
    assert json.loads(json.dumps(document)) == document
    assert {"trades", "refused", "beads", "chain_ok", "history_ok", "open_drift"} <= document.keys()
    assert document["risk_profile"] == "PERMISSIVE"
    assert (document["beads"], document["chain_ok"], document["history_ok"], document["open_drift"]) == (
        42,
        True,
        True,
        0,
    )
    assert document["refused"][0]["signal_id"] == "bad-one"
    assert document["refused"][0]["reason"] == "SIZING"


def test_a_history_problem_is_not_ok() -> None:
    assert not result(proof=Proof(1, True, None, ("INV-T2-GATE-1: an order without a token",), "", ())).document()[
        "history_ok"
    ]


def test_equity_adds_what_closed_in_the_order_it_closed() -> None:
    curve = result(
        closed("late", 9, "-50"), closed("early", 2, "100"), closed("same", 9, "20"), still_open("d")
    ).equity_curve()
    assert [point.equity for point in curve] == [Decimal(100_000), Decimal(100_100), Decimal(100_070)]
    assert [point.instant.hour for point in curve] == [8, 10, 17]


def test_the_realised_profit_is_the_end_of_the_curve() -> None:
    one = result(closed("a", 9, "-50.25"), closed("b", 2, "100"))
    assert one.realised_pnl == Decimal("49.75") == one.equity_curve()[-1].equity - one.starting_equity
