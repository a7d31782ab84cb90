"""The broker's book changed by hand while the executor runs: a decision about it is answered by what stands there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from phoenix.domain.numbers import decimal_text
from phoenix.domain.position import LegState, Position
from phoenix.domain.vocabulary import DecisionKind, PositionState
from phoenix.runtime.desk import Desk
from phoenix.runtime.home import BOOK, Home
from phoenix.runtime.readings.outcomes import Outcome, OutcomeStatus
from tests.runtime.processes import serving
from tests.runtime.trading import TRADER, approve, proposed


def in_book(home: Home, statement: str, *values: str) -> None:
    """Change a row or more of the book."""
    with closing(sqlite3.connect(home.directory / BOOK, isolation_level=None, timeout=5)) as shell:
        assert shell.execute(statement, values).rowcount > 0


@contextmanager
def stalled(home: Home, fault: str) -> Iterator[tuple[Desk, Position]]:
    """A limit order of which the broker says nothing, beside a running executor."""
    configuration = home.directory / "phoenix.toml"
    configuration.write_text(configuration.read_text() + "\n[timing]\nacknowledgement_limit_s = 1\n")
    hasty = Home.open(home.directory)
    with serving(hasty), Desk(hasty) as desk:
        in_book(home, 'INSERT INTO faults (kind, detail) VALUES (?, \'{"role": "ENTRY"}\')', fault)
        entry = proposed(desk, order_type="LIMIT", entry="1.26500", stop="1.26200", target="1.27100")
        assert entry.intent_id is not None
        assert entry.position_id is not None
        approve(desk, entry.intent_id)
        position = desk.read.position(entry.position_id)
        assert position.state is PositionState.STALLED
        yield desk, position


def order_of(position: Position) -> LegState:
    assert position.entry_leg is not None
    return position.entry_leg


def attest(desk: Desk, position: Position) -> Outcome:
    return desk.decide(DecisionKind.ATTEST_ABSENT, position.position_id, signer=TRADER)


def insert_order(home: Home, reference: str | None, order: LegState, permanent_id: str) -> None:
    columns = "reference, client_id, permanent_id, pair, action, order_type, quantity, limit_price"
    in_book(
        home, f"INSERT INTO orders ({columns}) VALUES (?, 1, ?, 'GBPUSD', 'BUY', 'LIMIT', ?, '1.265')",
        reference or "", permanent_id, decimal_text(order.leg.quantity),
    )  # fmt: skip


def test_an_order_that_was_taken_out_of_the_book_is_absent(home: Home) -> None:
    with stalled(home, "unheard") as (desk, position):
        in_book(home, "DELETE FROM orders")
        done = attest(desk, position)
        assert done.status is OutcomeStatus.DONE, done
        assert desk.read.position(position.position_id).state is PositionState.CANCELLED


def test_an_order_that_was_put_into_the_book_is_found_before_it_is_called_absent(home: Home) -> None:
    with stalled(home, "lose") as (desk, position):
        insert_order(home, order_of(position).leg.reference, order_of(position), "900001")
        refused = attest(desk, position)
        assert refused.status is OutcomeStatus.REFUSED, refused
        found = desk.read.position(position.position_id)
        assert found.state is PositionState.SUBMITTED
        assert order_of(found).permanent_id == "900001"


def test_an_execution_that_was_put_into_the_book_is_read_before_its_order_is_bound(home: Home) -> None:
    with stalled(home, "lose") as (desk, position):
        order = order_of(position)
        insert_order(home, None, order, "900002")
        in_book(
            home, "INSERT INTO executions (permanent_id, pair, action, quantity, price) "
            "VALUES ('900002', 'GBPUSD', 'BUY', ?, '1.265')",
            decimal_text(order.leg.quantity),
        )  # fmt: skip
        bound = desk.decide(
            DecisionKind.BIND, position.position_id, signer=TRADER, detail={"permanent_id": "900002"}
        )  # fmt: skip
        assert bound.status is OutcomeStatus.DONE, bound
        assert desk.read.position(position.position_id).open_quantity == order.leg.quantity


def test_an_execution_that_was_put_into_the_book_is_there_to_be_adopted(home: Home) -> None:
    with serving(home), Desk(home) as desk:
        in_book(
            home, "INSERT INTO executions (execution_id, permanent_id, pair, action, quantity, price) "
            "VALUES ('hand.01', '900003', 'GBPUSD', 'BUY', '3000', '1.27')",
        )  # fmt: skip
        detail = {"what": "HOLDING", "strategy_id": "manual", "stop_price": "1.265", "target_price": "1.28"}
        adopted = desk.decide(DecisionKind.ADOPT, "hand.01", signer=TRADER, detail=detail)
        assert adopted.status is OutcomeStatus.DONE, adopted
        assert adopted.position_id is not None
        assert desk.read.position(adopted.position_id).open_quantity == 3000
